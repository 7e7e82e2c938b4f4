"""LSP on the client's side, with a server that is not trusted.

pygls' own `LanguageServerProtocol` is made for servers: as a client it would obey an
`exit` notification of the server with `sys.exit`, and let `$/cancelRequest` cancel our
requests.  So this protocol handles nothing by itself.  What is sent has lsprotocol's
types; why what comes in has not, `incoming` says.
"""

from asyncio import StreamReader
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidRequest
from pygls.protocol import JsonRPCProtocol
from pygls.protocol.json_rpc import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    RPCMessage,
)

Handler = Callable[[Any], object]
"""Takes a method's parameters and returns the answer at once."""
MAX_FRAME_BYTES = 16_000_000


class FrameTooLarge(ValueError):
    """A message that is longer than any legitimate one."""


class BoundedOutput:
    """A server's output, of which no message may be larger than `MAX_FRAME_BYTES`."""

    def __init__(self, output: StreamReader) -> None:
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
    """JSON-RPC with only the handlers that are added, and messages as plain JSON."""

    def get_message_type(self, method: str) -> type[Any] | None:
        """Return LSP's type of a request or notification that is sent."""
        known = types.METHOD_TO_TYPES.get(method)
        return None if known is None else known[0]

    def structure_message(self, data: dict[str, Any]) -> object:
        """Return the message in ``data``, or ``data`` when it is a part of one.

        Raises:
            JsonRpcInvalidRequest: It is not a message.
        """
        if "jsonrpc" not in data:
            return data
        match data:
            case {"method": str(method), "id": str() | int() as msg_id}:
                return JsonRPCRequestMessage(msg_id, method, self.VERSION, data.get("params"))
            case {"method": str(method)}:
                return JsonRPCNotification(method, self.VERSION, data.get("params"))
            case {"id": str() | int() as msg_id, "error": {"code": int(code), **rest}}:
                error = types.ResponseError(code=code, message=str(rest.get("message", "")))
                return types.ResponseErrorMessage(id=msg_id, error=error)
            case {"id": str() | int() as msg_id}:
                return JsonRPCResponseMessage(msg_id, self.VERSION, data.get("result"))
            case _:
                raise JsonRpcInvalidRequest

    def handle_message(self, message: RPCMessage) -> None:
        """Handle a message, but for cancellations: our own requests are not the server's."""
        if getattr(message, "method", "") != types.CANCEL_REQUEST:
            super().handle_message(message)

    def answer_with(self, handlers: Mapping[str, Handler]) -> None:
        """Have each method handled; the features of pygls are for servers and not used."""
        for method, handler in handlers.items():
            cast("Any", self.fm).add_builtin_feature(method, handler)

    def forget(self, msg_id: str) -> None:
        """Stop waiting for the request's answer."""
        self._request_futures.pop(msg_id, None)
        self._result_types.pop(msg_id, None)
