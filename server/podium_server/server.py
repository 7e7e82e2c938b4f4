"""The server object: light until the client is answered, then the owner of one `EditorSession`."""

import asyncio
import logging
import os
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from podium_server.client import Client, client_of
from podium_server.protocol import PodiumProtocol, converter
from podium_server.transport import FrameError, open_stdio, read_frame

if TYPE_CHECKING:
    from lsprotocol.types import InitializeParams, InitializeResult
    from pygls.server import ServerErrors

    from podium_server.positions import Encoding
    from podium_server.session import EditorSession

log = logging.getLogger(__name__)
_PARENT_POLL_S = 2.0
_FLUSH_S = 2.0


class PodiumServer(LanguageServer):
    """Answers one editor."""

    protocol: PodiumProtocol  # pyright: ignore[reportIncompatibleVariableOverride]  # Set once.

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # pygls' untyped ``*args``.
            "podium",
            version("podium"),
            types.TextDocumentSyncKind.Incremental,
            protocol_cls=PodiumProtocol,
            converter_factory=converter,
        )
        self.protocol.on_initialize = self._complete
        self.client = Client()
        self.commands: Mapping[str, str] = {}
        self.is_leaving = False
        self._parent: int | None = None
        self._session: EditorSession | None = None
        self._input: asyncio.StreamReader | None = None

    @property
    def session(self) -> "EditorSession":
        """Everything that is not needed to answer ``initialize``, made on first use."""
        if self._session is None:
            from podium_server.session import EditorSession  # noqa: PLC0415  # Imports pydantic.

            self._session = EditorSession(self, self.client)
        return self._session

    def _complete(self, params: "InitializeParams", result: "InitializeResult") -> None:
        """Note what the client can do, and offer it no more than that."""
        here = result.capabilities
        # An editor in another process namespace names a process that cannot be seen from here.
        if params.process_id is not None and _is_alive(params.process_id):
            self._parent = params.process_id
        self.client = client_of(params, cast("Encoding", str(here.position_encoding)))
        here.execute_command_provider = types.ExecuteCommandOptions(commands=list(self.commands))
        if not self.client.pulls_diagnostics:
            here.diagnostic_provider = None

    def leave(self) -> None:
        """Stop reading, and with that end the process."""
        self.is_leaving = True
        if self._input is not None:
            self._input.feed_eof()

    async def serve(self) -> int:
        """Answer the editor on standard input and output until it leaves; return the exit status.

        Raises:
            FrameError: Standard input and output are not an editor's.
        """
        self._input, output = await open_stdio()
        output.on_lost = self.leave
        self.protocol.set_writer(output)
        try:
            while not self.is_leaving and (body := await read_frame(self._input)) is not None:
                self.protocol.receive(body)
        except FrameError as error:
            self.protocol.refuse(None, types.ErrorCodes.ParseError, str(error))
        if self._session is not None:
            await self._session.close()
        await output.flush(_FLUSH_S)
        return 0 if self.protocol.is_shut_down else 1

    async def watch_parent(self) -> None:
        """Leave when the editor's process is gone, even if something keeps its pipe open."""
        parent = self._parent
        if parent is None:
            return
        while _is_alive(parent):  # noqa: ASYNC110  # Nobody tells when a process ends.
            await asyncio.sleep(_PARENT_POLL_S)
        log.warning("editor.gone pid=%d", parent)
        self.leave()

    def report_server_error(self, error: Exception, source: "ServerErrors") -> None:
        """Log what went wrong; the editor hears of it unless its request was answered with it."""
        log.error("server.error source=%s", source.__name__, exc_info=error)
        if source is not FeatureRequestError:
            params = types.LogMessageParams(types.MessageType.Error, str(error))
            self.window_log_message(params)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
