"""A small editor without a screen: a real LSP client that starts ``podium lsp``.

It holds open documents, applies the edits that the server asks for, keeps the latest diagnostics
and takes lenses and code actions by their titles, as a person would.
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from podium.document.spans import Edit, Span, apply_edits
from podium.errors import UserError

COMMAND = (sys.executable, "-P", "-m", "podium", "lsp")
PATIENCE_S = 60.0
"""For anything that the engine has to do; longer means that something is wrong."""


class DemoFailed(UserError):
    """The demo could not go on; the message says where it stood."""


class Buffer(NamedTuple):
    """An open document."""

    version: int
    text: str


class Editor:
    """What a person sees and does; columns are taken for code points."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.root = root
        self.buffers: dict[str, Buffer] = {}
        self.diagnostics: dict[str, tuple[types.Diagnostic, ...]] = {}
        self.shown: list[Path] = []
        self.messages: list[str] = []
        self.client = client
        self._changed = asyncio.Event()
        self._register()

    def open(self, path: str, text: str, language: str = "markdown") -> None:
        """Open a document with ``text``, whether it is saved or not."""
        uri = self.uri(path)
        self.buffers[uri] = Buffer(1, text)
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def save(self, path: str) -> None:
        """Write an open document to the disk."""
        uri = self.uri(path)
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.buffers[uri].text)
        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        self.client.text_document_did_save(saved)

    def text(self, path: str) -> str:
        """Return an open document's text."""
        return self.buffers[self.uri(path)].text

    def uri(self, path: str) -> str:
        """Return a file's URI."""
        return (self.root / path).as_uri()

    def said(self, path: str, code: str) -> types.Diagnostic | None:
        """Return the file's first diagnostic of that code."""
        found = self.diagnostics.get(self.uri(path), ())
        return next((it for it in found if it.code == code), None)

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds; ``what`` says what is waited for.

        Raises:
            DemoFailed: It did not come in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            said = f"; the server said: {self.messages[-1]}" if self.messages else ""
            message = f"waited {PATIENCE_S:.0f} s in vain for {what}{said}"
            raise DemoFailed(message) from None

    async def lenses(self, path: str) -> dict[str, types.Command]:
        """Return what the lenses of a document do, by their titles."""
        params = types.CodeLensParams(types.TextDocumentIdentifier(self.uri(path)))
        found = await self.client.text_document_code_lens_async(params) or ()
        return {it.command.title: it.command for it in found if it.command}

    async def actions(self, path: str, line: int) -> dict[str, types.Command]:
        """Return the code actions of a line, counted from 0, that are commands."""
        where = types.Range(types.Position(line, 0), types.Position(line, 0))
        document = types.TextDocumentIdentifier(self.uri(path))
        params = types.CodeActionParams(document, where, types.CodeActionContext([]))
        found = await self.client.text_document_code_action_async(params) or ()
        actions = (it for it in found if isinstance(it, types.CodeAction))
        return {it.title: it.command for it in actions if it.command}

    async def do(self, command: types.Command) -> None:
        """Have the server carry out a command; what it says of that is in ``messages``."""
        params = types.ExecuteCommandParams(command.command, command.arguments)
        await self.client.workspace_execute_command_async(params)

    async def take_lens(self, path: str, title: str) -> None:
        """Click the lens whose title begins so.

        Raises:
            DemoFailed: There is none.
        """
        await self._take(title, await self.lenses(path))

    async def take_action(self, path: str, title: str, line: int = 0) -> None:
        """Take the code action whose title begins so.

        Raises:
            DemoFailed: There is none.
        """
        await self._take(title, await self.actions(path, line))

    async def apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Make the server's edits of open documents, unless these have changed since."""
        for change in params.edit.document_changes or ():
            if not isinstance(change, types.TextDocumentEdit):
                return types.ApplyWorkspaceEditResult(applied=False)
            document = change.text_document
            buffer = self.buffers.get(document.uri)
            if buffer is None or document.version != buffer.version:
                return types.ApplyWorkspaceEditResult(applied=False)
            edits = [it for it in change.edits if not isinstance(it, types.SnippetTextEdit)]
            self.edit(document.uri, edits)
        return types.ApplyWorkspaceEditResult(applied=True)

    def edit(self, uri: str, edits: Sequence[types.TextEdit | types.AnnotatedTextEdit]) -> None:
        """Change an open document, and tell the server how."""
        version, text = self.buffers[uri]
        made = [Edit(_span(it.range), it.new_text) for it in edits]
        self.buffers[uri] = Buffer(version + 1, apply_edits(text, made))
        in_order = sorted(edits, key=lambda it: _span(it.range))
        # From the end, so that no change moves the place of another.
        changes: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangePartial(range=it.range, text=it.new_text)
            for it in reversed(in_order)
        ]
        document = types.VersionedTextDocumentIdentifier(version + 1, uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))
        self._changed.set()

    async def _take(self, title: str, known: Mapping[str, types.Command]) -> None:
        wanted = next((it for name, it in known.items() if name.startswith(title)), None)
        if wanted is None:
            message = f"the editor was offered no {title!r}; offered: {', '.join(known) or 'none'}"
            raise DemoFailed(message)
        before = len(self.messages)
        await self.do(wanted)
        for it in self.messages[before:]:
            if it.startswith("error: "):
                message = f"{title!r} was refused: {it.removeprefix('error: ')}"
                raise DemoFailed(message)

    def _register(self) -> None:
        handlers: dict[str, Callable[[Any], object]] = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: self._take_diagnostics,
            types.WORKSPACE_APPLY_EDIT: self.apply,
            types.WINDOW_SHOW_DOCUMENT: self._show_document,
            types.WINDOW_SHOW_MESSAGE: self._show_message,
            types.WINDOW_LOG_MESSAGE: _ignore,
            types.WORKSPACE_CODE_LENS_REFRESH: _ignore,
        }
        for method, handler in handlers.items():
            # pygls marks the function that it registers; a bound method takes no marks.
            self.client.feature(method)(partial(handler))

    def _take_diagnostics(self, params: types.PublishDiagnosticsParams) -> None:
        self.diagnostics[params.uri] = tuple(params.diagnostics)
        self._changed.set()

    def _show_document(self, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        self.shown.append(Path(unquote(urlsplit(params.uri).path)))
        self._changed.set()
        return types.ShowDocumentResult(success=True)

    def _show_message(self, params: types.ShowMessageParams) -> None:
        error = "error: " if params.type == types.MessageType.Error else ""
        self.messages.append(error + params.message)
        self._changed.set()


@asynccontextmanager
async def editor(root: Path) -> AsyncGenerator[Editor]:
    """Start ``podium lsp`` for a workspace and give an editor on it; leave politely in the end."""
    # An answer that comes after Ctrl-C is nobody's concern; without a handler it is on stderr.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    it = Editor(LanguageClient("podium-demo", "1", converter_factory=converter), root)
    async with connected(it, _capabilities(), (root,)):
        yield it


@asynccontextmanager
async def connected(
    it: Editor,
    capabilities: types.ClientCapabilities,
    folders: Sequence[Path],
    env: Mapping[str, str] | None = None,
) -> AsyncGenerator[None]:
    """Have an editor talk to a ``podium lsp`` of its own, which has these folders open."""
    client = it.client
    await client.start_io(*COMMAND, env=env and dict(env), cwd=it.root)  # pyright: ignore[reportUnknownMemberType]  # pygls' ``*args``.
    opened = [types.WorkspaceFolder(path.as_uri(), path.name) for path in folders]
    params = types.InitializeParams(capabilities, os.getpid(), workspace_folders=opened)
    try:
        await client.initialize_async(params)
        client.initialized(types.InitializedParams())
        yield
    finally:
        await asyncio.shield(_leave(client))


async def _leave(client: LanguageClient) -> None:
    try:
        async with asyncio.timeout(5):
            await client.shutdown_async(None)
            client.exit(None)
    except (TimeoutError, RuntimeError, OSError):
        pass  # It is gone already, as after Ctrl-C.
    await client.stop()


def _capabilities() -> types.ClientCapabilities:
    kinds = types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
    literals = types.ClientCodeActionLiteralOptions(kinds)
    return types.ClientCapabilities(
        # Positions then count code points, as our own edits do.
        general=types.GeneralClientCapabilities(position_encodings=["utf-32", "utf-16"]),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(code_action_literal_support=literals),
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(),
        ),
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        ),
        window=types.WindowClientCapabilities(
            show_document=types.ShowDocumentClientCapabilities(support=True)
        ),
    )


def converter() -> Any:  # noqa: ANN401  # cattrs' converter, which pygls leaves untyped.
    """Return pygls' converter; lsprotocol takes a code action with a command for a command."""
    made = default_converter()

    def structure(answer: dict[str, Any], _: type) -> types.CodeActionResponse:
        found = [made.structure(it, types.CodeAction) for it in answer["result"] or ()]
        return types.CodeActionResponse(answer["id"], found)

    made.register_structure_hook(types.CodeActionResponse, structure)
    return made


def _ignore(_params: object) -> None:
    """Answer a request that asks for nothing."""


def _span(it: types.Range) -> Span:
    return Span(it.start.line, it.start.character, it.end.line, it.end.character)
