"""``podium lsp``: what an editor can ask, as one table.

Each entry names a module of `podium_server.handlers`, which is imported when it is first asked
for: ``initialize`` is answered before pydantic, the domain and the plan's parser are loaded.
``_sync`` handlers only read memory; ``_async`` ones wait for the engine or for the client.
"""

import asyncio
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from lsprotocol import types

from podium_server.command_names import COMMANDS
from podium_server.server import PodiumServer
from podium_server.transport import FrameError


def _sync(module: str) -> Callable[..., Any]:
    def handler(ls: PodiumServer, params: Any) -> Any:  # noqa: ANN401  # Each handler has its own.
        return import_module(f"podium_server.handlers.{module}").handle(ls, params)

    return handler


def _async(module: str) -> Callable[..., Any]:
    async def handler(ls: PodiumServer, params: Any) -> Any:  # noqa: ANN401  # As above.
        return await import_module(f"podium_server.handlers.{module}").handle(ls, params)

    return handler


HANDLERS: dict[str, tuple[Callable[..., Any], Any]] = {
    types.INITIALIZED: (_async("initialized"), None),
    types.EXIT: (_sync("exit"), None),
    types.TEXT_DOCUMENT_DID_OPEN: (_sync("did_open"), None),
    types.TEXT_DOCUMENT_DID_CHANGE: (_sync("did_change"), None),
    types.TEXT_DOCUMENT_DID_SAVE: (_sync("did_save"), types.SaveOptions(include_text=False)),
    types.TEXT_DOCUMENT_DID_CLOSE: (_sync("did_close"), None),
    types.TEXT_DOCUMENT_DIAGNOSTIC: (
        _sync("diagnostic"),
        types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=False, identifier="podium"
        ),
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        _sync("code_action"),
        types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix],
            resolve_provider=True,
        ),
    ),
    types.CODE_ACTION_RESOLVE: (_sync("code_action_resolve"), None),
    types.TEXT_DOCUMENT_CODE_LENS: (_sync("code_lens"), None),
    types.TEXT_DOCUMENT_HOVER: (_sync("hover"), None),
    types.TEXT_DOCUMENT_INLAY_HINT: (_sync("inlay_hint"), None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (_sync("document_symbol"), None),
    types.TEXT_DOCUMENT_DEFINITION: (_sync("definition"), None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: (_sync("document_link"), None),
    types.TEXT_DOCUMENT_COMPLETION: (
        _sync("completion"),
        types.CompletionOptions(trigger_characters=[":", ",", "/", "`"]),
    ),
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: (_async("work_done_progress_cancel"), None),
    types.WORKSPACE_EXECUTE_COMMAND: (_async("execute_command"), None),
}


def create_server() -> PodiumServer:
    """Return a server with everything in the table registered."""
    server = PodiumServer()
    server.commands = COMMANDS
    for method, (handler, options) in HANDLERS.items():
        server.feature(method, options)(handler)
    return server


def main() -> int:
    """Serve one editor; return the exit status."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    try:
        return asyncio.run(create_server().serve())
    except FrameError as error:
        print(f"podium lsp: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
