"""LSP on the client's side, with a server that is not trusted.

pygls' own `LanguageServerProtocol` is made for servers: as a client it would obey an
`exit` notification of the server with `sys.exit`, and let `$/cancelRequest` cancel our
requests.  So this protocol knows LSP's messages and handles none by itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.protocol import JsonRPCProtocol

from podium.languages.process import Output

Handler = Callable[[Any], object]
"""Takes a method's parameters and returns the answer at once."""
MAX_FRAME_BYTES = 16_000_000


class FrameTooLarge(ValueError):
    """A message that is longer than anything a server has to say."""


class BoundedOutput:
    """A server's output, of which no message may be larger than `MAX_FRAME_BYTES`."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def readline(self) -> Awaitable[bytes]:
        """Return a header line; the stream's own limit bounds it."""
        return self._output.readline()

    def readexactly(self, n: int) -> Awaitable[bytes]:
        """Return a message's body.

        Raises:
            FrameTooLarge: The header announced too much.
        """
        if n > MAX_FRAME_BYTES:
            message = f"it announced a message of {n:,} bytes"
            raise FrameTooLarge(message)
        return self._output.readexactly(n)


class ClientProtocol(JsonRPCProtocol):
    """JSON-RPC with LSP's types, and no handler but those that are added."""

    def get_message_type(self, method: str) -> type[Any] | None:
        """Return LSP's type of a request or notification."""
        known = types.METHOD_TO_TYPES.get(method)
        return None if known is None else known[0]

    def get_result_type(self, method: str) -> type[Any] | None:
        """Return LSP's type of the answer to a request."""
        known = types.METHOD_TO_TYPES.get(method)
        return None if known is None else known[1]

    def structure_message(self, data: dict[str, Any]) -> object:
        """Return the message in ``data``; an answer that is not LSP fails its request."""
        if "method" in data:
            data.setdefault("params", None)
        try:
            return cast("object", super().structure_message(data))
        except JsonRpcException:
            waiting = self._request_futures.pop(data.get("id", ""), None)
            if "method" not in data and waiting is not None and not waiting.done():
                waiting.set_exception(JsonRpcInternalError("its answer is not valid LSP"))
            raise

    def answer_with(self, handlers: Mapping[str, Handler]) -> None:
        """Have each method handled; the features of pygls are for servers and not used."""
        for method, handler in handlers.items():
            cast("Any", self.fm).add_builtin_feature(method, handler)

    def forget(self, msg_id: str) -> None:
        """Expect no answer to the request any more."""
        self._request_futures.pop(msg_id, None)

    def _handle_cancel_notification(self, msg_id: str | int) -> None:
        """Ignore it: our handlers answer at once, and our own requests are not the server's."""
