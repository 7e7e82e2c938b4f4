"""What Podium relies on in pygls without a promise that it stays.

The language server does so in `podium_server/protocol.py` alone, the client of language servers in
`podium/languages/protocol.py`.
"""

import inspect
from operator import attrgetter
from typing import cast

import pytest
from pygls.client import JsonRPCClient
from pygls.lsp.server import LanguageServer
from pygls.protocol import JsonRPCProtocol, LanguageServerProtocol

import podium_server.protocol
from contracts import Contract, Relied
from podium.languages.protocol import ClientProtocol

PYGLS = Contract(
    "pygls",
    ("podium_server/protocol.py", "podium/languages/protocol.py"),
    {
        "pygls.protocol:lsp_method": Relied("that `initialize` offers what this client can do"),
        "pygls.protocol:LanguageServerProtocol.lsp_initialize": Relied(
            "that `initialize` offers what this client can do", "params"
        ),
        "pygls.protocol:JsonRPCProtocol._handle_response": Relied(
            "that an answer which nobody waits for does not end the server", "msg_id result error"
        ),
        "pygls.protocol:JsonRPCProtocol._send_data": Relied(
            "that what is no message is answered, too", "data"
        ),
        "pygls.protocol:JsonRPCProtocol.structure_message": Relied("how messages are read", "data"),
        "pygls.protocol:JsonRPCProtocol.handle_message": Relied("how messages are read", "message"),
        "pygls.protocol:JsonRPCProtocol.get_message_type": Relied(
            "what a language server is sent", "method"
        ),
        "pygls.protocol:JsonRPCProtocol.set_writer": Relied("where messages go", "writer"),
        "pygls.protocol:JsonRPCProtocol.send_request_async": Relied(
            "that a request is forgotten by its id", "method params msg_id"
        ),
        "pygls.feature_manager:FeatureManager.add_builtin_feature": Relied(
            "what a language server may ask for", "feature_name func"
        ),
        "pygls.lsp.server:LanguageServer.report_server_error": Relied(
            "that what goes wrong is logged, and told to the editor once", "error source"
        ),
        "pygls.io_:run_async": Relied("that messages are bounded", "stop_event reader protocol"),
    },
)


@pytest.mark.parametrize("place", PYGLS.relied)
def test_pygls_still_has(place: str) -> None:
    PYGLS.check(place)


@pytest.fixture
def server() -> LanguageServerProtocol:
    return LanguageServer("contract", "1").protocol


@pytest.fixture
async def client() -> JsonRPCProtocol:
    return JsonRPCClient(protocol_cls=ClientProtocol).protocol


@pytest.mark.parametrize("method", podium_server.protocol.OURS)
def test_a_handler_of_pygls_can_be_taken_away(server: LanguageServerProtocol, method: str) -> None:
    handlers: dict[str, object] = attrgetter("fm.builtin_features")(server)
    assert method in handlers, (
        f"pygls no longer handles {method} itself: take it off OURS; {PYGLS.see}"
    )
    del handlers[method]
    left: dict[str, object] = attrgetter("fm.builtin_features")(server)
    assert method not in left, f"it is a copy that is changed: {PYGLS.see}"


def test_initialize_is_answered_by_a_generator() -> None:
    is_one = inspect.isgeneratorfunction(LanguageServerProtocol.lsp_initialize)
    assert is_one, f"its result can no longer be changed before it is sent: {PYGLS.see}"


def test_shutting_down_is_noted(server: LanguageServerProtocol) -> None:
    assert attrgetter("_shutdown")(server) is False, f"the exit status relies on it: {PYGLS.see}"
    for _ in attrgetter("lsp_shutdown")(server)():
        pass
    assert attrgetter("_shutdown")(server) is True, f"the exit status relies on it: {PYGLS.see}"


async def test_what_is_asked_is_kept_by_its_id_until_it_is_answered(
    client: JsonRPCProtocol,
) -> None:
    told: list[bytes] = []
    client.set_writer(Told(told))
    client.send_request_async("shutdown", None, "a")
    for name in ("_request_futures", "_result_types"):
        kept: dict[str, object] = attrgetter(name)(client)
        assert list(kept) == ["a"], f"what nobody waits for is forgotten in {name}: {PYGLS.see}"
    cast("ClientProtocol", client).forget("a")
    assert attrgetter("_request_futures")(client) == {}


async def test_a_plain_answer_is_sent_as_it_is(client: JsonRPCProtocol) -> None:
    told: list[bytes] = []
    client.set_writer(Told(told))
    attrgetter("_send_data")(client)({"jsonrpc": "2.0", "id": None, "error": {"code": 1}})
    assert told[0].endswith(b'{"jsonrpc": "2.0", "id": null, "error": {"code": 1}}'), PYGLS.see


class Told:
    """Where a protocol writes."""

    def __init__(self, told: list[bytes]) -> None:
        self._told = told

    def write(self, data: bytes) -> None:
        self._told.append(data)

    def close(self) -> None:
        pass


def test_nobody_else_looks_into_pygls() -> None:
    names = "request_futures|result_types|handle_response|send_data|stop_event|shutdown"
    pattern = rf"\b(self|protocol|client)\._({names})\b|builtin_feature"
    assert PYGLS.strangers(pattern) == []
