"""pygls' protocol, with what an editor's server must not leave to chance.

Documents, commands and the end of the process are ours, so pygls' handlers for them are removed;
a message that cannot be understood is answered instead of leaving the client waiting.
"""

import json
import logging
from collections.abc import Callable, Generator
from typing import Any, cast

from lsprotocol import converters, types
from pygls.exceptions import JsonRpcException
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)

log = logging.getLogger(__name__)

OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.EXIT,
)


def converter() -> Any:  # noqa: ANN401  # cattrs' converter, which pygls leaves untyped.
    """Return lsprotocol's converter; messages it does not know keep their plain JSON."""
    converter = converters.get_converter()
    for message in (JsonRPCRequestMessage, JsonRPCNotification):
        converter.register_structure_hook(message, lambda obj, cls: cls(**{"params": None, **obj}))
    answer = JsonRPCResponseMessage
    converter.register_structure_hook(answer, lambda obj, cls: cls(**{"result": None, **obj}))
    return converter


class PodiumProtocol(LanguageServerProtocol):
    """Speaks LSP with one client."""

    def __init__(self, server: Any, converter: Any) -> None:  # noqa: ANN401  # pygls' own types.
        super().__init__(server, converter)
        for method in OURS:
            del cast("dict[str, object]", self.fm.builtin_features)[method]
        self.on_initialize: Callable[[types.InitializeParams, types.InitializeResult], None]

    @property
    def is_shut_down(self) -> bool:
        """Whether the client has asked to shut down."""
        return self._shutdown

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Answer with what this client and this server can both do."""
        result = yield from super().lsp_initialize(params)
        self.on_initialize(params, result)
        return result

    def _handle_response(
        self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        """Take an answer; one that nobody waits for any more must not end the server."""
        waiting = self._request_futures.get(msg_id)
        if waiting is not None and waiting.cancelled():
            del self._request_futures[msg_id]
        else:
            super()._handle_response(msg_id, result, error)

    def receive(self, body: bytes) -> None:
        """Handle one message; one that makes no sense is answered with an error."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            self.refuse(None, types.ErrorCodes.ParseError, f"not JSON: {error}")
            return
        if not isinstance(message, dict):
            self.refuse(None, types.ErrorCodes.InvalidRequest, "a message is one JSON object")
            return
        fields = cast("dict[str, Any]", message)
        asked = fields.get("id") if "method" in fields else None
        try:
            self.handle_message(cast("Any", self.structure_message(fields)))
        except (JsonRpcException, AttributeError, TypeError, RecursionError) as error:
            log.exception("message.refused")
            self.refuse(asked, types.ErrorCodes.InvalidParams, f"not as LSP has it: {error}")

    def refuse(self, message_id: object, code: types.ErrorCodes, reason: str) -> None:
        """Answer with an error; ``message_id`` is None when nobody knows what was asked."""
        answer = {"code": int(code), "message": reason}
        self._send_data({"jsonrpc": "2.0", "id": message_id, "error": answer})
