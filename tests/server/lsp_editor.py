"""An editor at the other end of ``podium lsp``, over real pipes."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp.client import LanguageClient, register_lsp_features

from podium_server.documents import TextDocument

COMMAND = (sys.executable, "-m", "podium", "lsp")
WAIT_S = 30.0


class Editor:
    """A client with a workspace, and what a test wants to know of it."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.buffers: dict[str, TextDocument] = {}
        self.n_offered = 0
        """How often it was asked to apply an edit."""
        self.is_free = asyncio.Event()
        """Cleared while it asks its user something, and so applies no edit."""
        self.is_free.set()

        async def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.n_offered += 1
            await self.is_free.wait()
            return self._apply(params)  # pygls marks what it registers; a method takes no marks.

        client.feature(types.WORKSPACE_APPLY_EDIT)(apply)

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def open(self, path: str, text: str) -> None:
        self.buffers[self.uri(path)] = TextDocument(self.uri(path), None, 1, text)
        item = types.TextDocumentItem(self.uri(path), "markdown", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def close(self, path: str) -> None:
        """Close a document without saving it."""
        del self.buffers[self.uri(path)]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(path)))

    async def run(self, command: str, **arguments: str) -> Any:  # noqa: ANN401  # JSON.
        params = types.ExecuteCommandParams(command, [arguments])
        return await self.client.workspace_execute_command_async(params)

    def text(self, path: str) -> str:
        return self.buffers[self.uri(path)].text

    def type(self, path: str, old: str, new: str) -> None:
        """Write ``new`` where ``old`` stands."""
        buffer = self.buffers[self.uri(path)]
        assert buffer.text.count(old) == 1
        first = buffer.index.position(buffer.text.index(old))
        last = buffer.index.position(buffer.text.index(old) + len(old))
        self._edit(buffer, [types.TextEdit(_range(first, last), new)])

    async def lenses(self, path: str) -> dict[str, types.Command]:
        params = types.CodeLensParams(self.document(path))
        found = await self.client.text_document_code_lens_async(params) or ()
        return {it.command.title: it.command for it in found if it.command}

    async def actions(self, path: str, line: int) -> dict[str, types.Command]:
        """Return the actions of a line that are commands."""
        where = types.Range(types.Position(line, 0), types.Position(line, 0))
        params = types.CodeActionParams(self.document(path), where, types.CodeActionContext([]))
        found = await self.client.text_document_code_action_async(params) or ()
        actions = [it for it in found if isinstance(it, types.CodeAction)]
        return {it.title: it.command for it in actions if it.command}

    async def do(self, command: types.Command) -> None:
        params = types.ExecuteCommandParams(command.command, command.arguments)
        await self.client.workspace_execute_command_async(params)

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        for change in params.edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            buffer = self.buffers.get(change.text_document.uri)
            if buffer is None or change.text_document.version != buffer.version:
                return types.ApplyWorkspaceEditResult(applied=False)
            edits = [it for it in change.edits if not isinstance(it, types.SnippetTextEdit)]
            self._edit(buffer, edits)
        for uri, edits in (params.edit.changes or {}).items():
            self._edit(self.buffers[uri], edits)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _edit(
        self, buffer: TextDocument, edits: Sequence[types.TextEdit | types.AnnotatedTextEdit]
    ) -> None:
        # From the end, so that no edit moves the place of another.
        changes: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangePartial(range=it.range, text=it.new_text)
            for it in sorted(edits, key=lambda it: _start(it.range), reverse=True)
        ]
        version = buffer.version + 1
        self.buffers[buffer.uri] = buffer.changed(changes, version, "utf-16")
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, buffer.uri), changes
            )
        )

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
    folders: Sequence[Path] = (),
) -> AsyncGenerator[Editor]:
    """Start ``podium lsp`` in a workspace, or in several folders; leave it politely in the end."""
    client = LanguageClient(converter_factory=_converter)
    register_lsp_features(client)
    for method in (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH):
        client.feature(method)(_agree)
    it = Editor(client, root)
    for method, handler in (handlers or {}).items():
        client.feature(method)(handler)
    await client.start_io(*COMMAND, env=dict(env), cwd=root)  # pyright: ignore[reportUnknownMemberType]  # pygls' ``*args``.
    opened = [types.WorkspaceFolder(path.as_uri(), path.name) for path in folders or (root,)]
    params = types.InitializeParams(capabilities, workspace_folders=opened)
    try:
        await client.initialize_session(params)
        yield it
    finally:
        it.is_free.set()
        await client.shutdown_session()
        await client.stop()


def _agree(params: None) -> None:
    """Answer a request to ask again; tests ask when they want to know."""


def _converter() -> Any:  # noqa: ANN401  # cattrs' converter.
    """Return pygls' converter; lsprotocol takes a code action with a command for a command."""
    converter = default_converter()

    def structure(answer: dict[str, Any], _: type) -> types.CodeActionResponse:
        found = [converter.structure(it, types.CodeAction) for it in answer["result"] or ()]
        return types.CodeActionResponse(answer["id"], found)

    converter.register_structure_hook(types.CodeActionResponse, structure)
    return converter


def _start(it: types.Range) -> tuple[int, int]:
    return it.start.line, it.start.character


def _range(first: tuple[int, int], last: tuple[int, int]) -> types.Range:
    return types.Range(types.Position(*first), types.Position(*last))
