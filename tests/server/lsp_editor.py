"""An editor at the other end of ``podium lsp``, over real pipes."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

COMMAND = (sys.executable, "-m", "podium", "lsp")
WAIT_S = 30.0


class Editor:
    """A client with a workspace, and what a test wants to know of it."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def open(self, path: str, text: str) -> None:
        item = types.TextDocumentItem(self.uri(path), "markdown", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path: str, version: int, *changes: tuple[types.Range | None, str]) -> None:
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, self.uri(path)),
                [
                    types.TextDocumentContentChangePartial(range=where, text=text)
                    if where
                    else types.TextDocumentContentChangeWholeDocument(text=text)
                    for where, text in changes
                ],
            )
        )

    async def run(self, command: str, **arguments: str) -> Any:  # noqa: ANN401  # JSON.
        params = types.ExecuteCommandParams(command, [arguments])
        return await self.client.workspace_execute_command_async(params)

    def codes(self, path: str) -> list[str]:
        return [str(it.code) for it in self.client.diagnostics.get(self.uri(path), ())]

    @property
    def messages(self) -> list[str]:
        return [it.message for it in self.client.messages]


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(WAIT_S):
        while not holds():  # noqa: ASYNC110  # What is waited for happens in another process.
            await asyncio.sleep(0.01)


@asynccontextmanager
async def editor(
    root: Path,
    capabilities: types.ClientCapabilities,
    env: Mapping[str, str],
    handlers: Mapping[str, Callable[..., Any]] | None = None,
) -> AsyncGenerator[Editor]:
    """Start ``podium lsp`` in a workspace; leave it politely in the end."""
    client = make_test_lsp_client()
    for method, handler in (handlers or {}).items():
        client.feature(method)(handler)
    await client.start_io(*COMMAND, env=dict(env), cwd=root)  # pyright: ignore[reportUnknownMemberType]  # pygls' ``*args``.
    folder = types.WorkspaceFolder(root.as_uri(), root.name)
    params = types.InitializeParams(capabilities, workspace_folders=[folder])
    try:
        await client.initialize_session(params)
        yield Editor(client, root)
    finally:
        await client.shutdown_session()
        await client.stop()
