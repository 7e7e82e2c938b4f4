"""The demo's editor in a test's hands: any editor's capabilities, and it can be kept busy."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import client as pytest_client

from podium.demo.editor import Editor, connected, converter
from podium.document.lines import LineIndex

WAIT_S = 30.0
_PYTEST_LSPS = (
    types.WINDOW_WORK_DONE_PROGRESS_CREATE,
    types.PROGRESS,
    types.WORKSPACE_CONFIGURATION,
    types.WORKSPACE_DIAGNOSTIC_REFRESH,
)
"""What the demo's editor leaves unanswered and pytest-lsp's client answers, and checks."""


class LspEditor(Editor):
    """A client with a workspace, and what a test wants to do and to know."""

    def __init__(self, client: pytest_client.LanguageClient, root: Path) -> None:
        super().__init__(client, root)
        self.progress = client.progress_reports
        self.n_offered = 0
        """How often it was asked to apply an edit."""
        self.is_free = asyncio.Event()
        """Cleared while it asks its user something, and so applies no edit."""
        self.is_free.set()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def close(self, path: str) -> None:
        """Close a document without saving it."""
        del self.buffers[self.uri(path)]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(path)))

    def type(self, path: str, old: str, new: str) -> None:
        """Write ``new`` where ``old`` stands."""
        text = self.text(path)
        assert text.count(old) == 1
        first, index = text.index(old), LineIndex(text)
        ends = (types.Position(*index.position(it)) for it in (first, first + len(old)))
        self.edit(self.uri(path), [types.TextEdit(types.Range(*ends), new)])

    async def run(self, command: str, **arguments: str) -> None:
        await self.do(types.Command("", command, arguments=[arguments]))

    def codes(self, path: str) -> list[str]:
        return [str(it.code) for it in self.diagnostics.get(self.uri(path), ())]

    async def apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        self.n_offered += 1
        await self.is_free.wait()
        for uri, edits in (params.edit.changes or {}).items():
            self.edit(uri, edits)
        return await super().apply(params)


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
    folders: Sequence[Path] = (),
) -> AsyncGenerator[LspEditor]:
    """Start ``podium lsp`` in a workspace, or in several folders; leave it politely in the end."""
    client = pytest_client.LanguageClient(converter_factory=converter)
    client.capabilities = capabilities  # What the server sends is held against them.
    it = LspEditor(client, root)
    features = {it: pytest_client.DEFAULT_CLIENT_FEATURES[it] for it in _PYTEST_LSPS}
    pytest_client.register_lsp_features(client, features)
    client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)(_agree)
    for method, handler in (handlers or {}).items():
        client.feature(method)(handler)
    async with connected(it, capabilities, folders or (root,), env):
        try:
            yield it
        finally:
            it.is_free.set()


def _agree(_params: None) -> None:
    """Answer a request to ask again; tests ask when they want to know."""
