import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from engine.engine_home import until
from podium.errors import UserError
from podium.protocol.wire import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    MAX_FRAME_BYTES,
    PARSE_ERROR,
    REFUSED,
    Disconnected,
    Params,
    Peer,
    WireError,
)


class SmallServer:
    """A server whose methods are enough to try the protocol."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.peers: list[Peer] = []

    async def answer(self, method: str, params: Params) -> object:
        self.heard.append(f"{method} {json.dumps(params)}")
        match method:
            case "add":
                return {"sum": params["a"] + params["b"]}
            case "refuse":
                message = "the cupboard is bare; buy a bone"
                raise UserError(message)
            case "fail":
                raise ZeroDivisionError
            case "hang":
                await asyncio.sleep(3600)
            case "ask back":
                return await self.peers[-1].call("add", {"a": 20, "b": 2})
            case "large":
                return {"text": "x" * params["n"]}
            case _:
                pass
        return None


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[SmallServer]:
    answers = SmallServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers.peers.append(Peer(reader, writer, answers.answer))
        await answers.peers[-1].run()

    listening = await asyncio.start_unix_server(serve, tmp_path / "s", limit=MAX_FRAME_BYTES)
    yield answers
    listening.close()
    for it in answers.peers:
        await it.aclose()


@pytest.fixture
async def client(tmp_path: Path, server: SmallServer) -> AsyncIterator[Peer]:
    peer = await connect(tmp_path, SmallServer())
    running = asyncio.create_task(peer.run())
    yield peer
    await peer.aclose()
    await running
    del server


async def connect(tmp_path: Path, answers: SmallServer) -> Peer:
    streams = await asyncio.open_unix_connection(tmp_path / "s", limit=MAX_FRAME_BYTES)
    return Peer(*streams, answers.answer)


async def test_requests_go_both_ways(client: Peer) -> None:
    assert await client.call("add", {"a": 1, "b": 2}) == {"sum": 3}
    assert await client.call("ask back") == {"sum": 22}


async def test_many_requests_at_once_get_their_own_answers(client: Peer) -> None:
    calls = (client.call("add", {"a": number, "b": 1}) for number in range(500))
    assert [it["sum"] for it in await asyncio.gather(*calls)] == list(range(1, 501))


async def test_notifications_arrive_in_order(client: Peer, server: SmallServer) -> None:
    for number in range(100):
        await client.notify("note", {"n": number})
    await client.call("add", {"a": 0, "b": 0})
    assert server.heard[:100] == [f'note {{"n": {number}}}' for number in range(100)]


@pytest.mark.parametrize(
    ("method", "code", "message"),
    [
        ("refuse", REFUSED, "the cupboard is bare; buy a bone"),
        ("fail", INTERNAL_ERROR, "Podium failed inside at 'fail'; its log says where"),
    ],
)
async def test_errors_reach_the_caller(
    client: Peer, method: str, code: int, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WireError) as caught:
        await client.call(method)
    assert (caught.value.code, str(caught.value)) == (code, message)
    assert ("ZeroDivisionError" in caplog.text) == (method == "fail")


async def test_an_answer_too_large_for_a_frame_is_refused(client: Peer) -> None:
    size = MAX_FRAME_BYTES - 1000
    assert len((await client.call("large", {"n": size}))["text"]) == size
    with pytest.raises(WireError, match="too large for the engine's socket"):
        await client.call("large", {"n": MAX_FRAME_BYTES})
    assert await client.call("add", {"a": 1, "b": 1}) == {"sum": 2}


async def test_who_waits_learns_that_the_other_side_went_away(
    client: Peer, server: SmallServer
) -> None:
    waiting = asyncio.create_task(client.call("hang"))
    await until(lambda: "hang {}" in server.heard)
    await server.peers[0].aclose()
    with pytest.raises(Disconnected):
        await waiting
    with pytest.raises(Disconnected):
        await client.call("add", {"a": 1, "b": 1})


HOSTILE = {
    "no JSON": (b"hello\n", PARSE_ERROR),
    "not UTF-8": (b'{"id": 1, "method": "\xff\xfe"}\n', PARSE_ERROR),
    "a blank line": (b"\n", PARSE_ERROR),
    "NaN": (b'{"id": 1, "method": "add", "params": {"a": NaN}}\n', PARSE_ERROR),
    "too deep": (b"[" * 200_000 + b"\n", PARSE_ERROR),
    "a huge number": (b'{"id": ' + b"9" * 10_000 + b"}\n", PARSE_ERROR),
    "too long": (b"x" * (MAX_FRAME_BYTES + 1), PARSE_ERROR),
    "a batch": (b'[{"jsonrpc": "2.0", "id": 1, "method": "add"}]\n', INVALID_REQUEST),
    "a method that is no name": (b'{"id": 1, "method": {}}\n', INVALID_REQUEST),
    "parameters by position": (b'{"id": 1, "method": "add", "params": [1]}\n', INVALID_REQUEST),
    "an id that is no id": (b'{"id": [1], "method": "add"}\n', INVALID_REQUEST),
}


@pytest.mark.parametrize(("sent", "code"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_is_no_message_is_answered_and_ends_only_that_connection(
    tmp_path: Path, client: Peer, sent: bytes, code: int
) -> None:
    reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
    writer.write(sent)
    answer = json.loads(await reader.readline())
    assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert await reader.read() == b""
    writer.close()
    assert await client.call("add", {"a": 1, "b": 2}) == {"sum": 3}


@pytest.mark.parametrize(
    "sent",
    [
        b'{"id": 77, "result": 1}\n',
        b'{"id": "x", "error": {"code": "y"}}\n',
        b'{"result": null}\n',
        b'{"method": "fail"}\n',
        b'{"id": 1, "method": "\\ud800"}\n',
        b'{"id": null, "method": "add", "params": {}}\n',
    ],
    ids=["unasked answer", "odd error", "no id", "failing notification", "surrogate", "null id"],
)
async def test_odd_messages_do_not_end_the_connection(tmp_path: Path, sent: bytes) -> None:
    async with AsyncExitStack() as stack:
        answers = SmallServer()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await Peer(reader, writer, answers.answer).run()

        server = await asyncio.start_unix_server(serve, tmp_path / "t")
        stack.callback(server.close)
        reader, writer = await asyncio.open_unix_connection(tmp_path / "t")
        writer.write(sent + b'{"id": 5, "method": "add", "params": {"a": 2, "b": 2}}\n')
        answer: dict[str, Any] = {}
        while answer.get("id") != 5:
            answer = json.loads(await reader.readline())
        assert answer == {"jsonrpc": "2.0", "id": 5, "result": {"sum": 4}}
        writer.close()
        await writer.wait_closed()


async def test_a_client_that_dies_while_it_is_answered_harms_nobody(
    tmp_path: Path, client: Peer
) -> None:
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as dying:
            dying.connect(os.fspath(tmp_path / "s"))
            dying.send(b'{"id": 1, "method": "large", "params": {"n": 4000000}}\n')
    assert await client.call("add", {"a": 1, "b": 2}) == {"sum": 3}
