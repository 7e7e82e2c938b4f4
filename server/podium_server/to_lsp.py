"""Every conversion between `podium_server.shown` and LSP's types; nobody else builds those."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

from lsprotocol import types

from podium.document.spans import Edit, Span
from podium_server.client import Client
from podium_server.positions import to_column, to_units
from podium_server.shown import (
    Action,
    Completion,
    Diagnostic,
    EditorCommand,
    Hint,
    Hover,
    Lens,
    Link,
    Related,
    ShownSeverity,
    Symbol,
    SymbolKind,
    Target,
)

_SEVERITY = {
    ShownSeverity.ERROR: types.DiagnosticSeverity.Error,
    ShownSeverity.WARNING: types.DiagnosticSeverity.Warning,
    ShownSeverity.INFORMATION: types.DiagnosticSeverity.Information,
    ShownSeverity.HINT: types.DiagnosticSeverity.Hint,
}
_SYMBOL = {
    SymbolKind.SECTION: types.SymbolKind.Namespace,
    SymbolKind.REQUIREMENT: types.SymbolKind.Property,
    SymbolKind.QUESTION: types.SymbolKind.Event,
    SymbolKind.TASK: types.SymbolKind.Method,
}


@dataclass(frozen=True, slots=True)
class LspConverter:
    """Converts for one client and one version of one document."""

    client: Client
    root: Path
    uri: str
    version: int | None
    lines: Sequence[str]

    def position(self, line: int, column: int) -> types.Position:
        """Return a position; one beyond the document is moved back into it."""
        if not self.lines:
            return types.Position(0, 0)
        line = min(line, len(self.lines) - 1)
        return types.Position(line, to_units(self.lines[line], column, self.client.encoding))

    def range(self, span: Span) -> types.Range:
        """Return the range of a span."""
        return types.Range(self.position(*span[:2]), self.position(*span[2:]))

    def point(self, position: types.Position) -> tuple[int, int]:
        """Return line and column of what the client means by a position."""
        if position.line >= len(self.lines):
            return position.line, 0
        line = self.lines[position.line]
        return position.line, to_column(line, position.character, self.client.encoding)

    def span(self, it: types.Range) -> Span:
        """Return the span of what the client means by a range."""
        return Span(*self.point(it.start), *self.point(it.end))

    def diagnostic(self, it: Diagnostic) -> types.Diagnostic:
        """Return a diagnostic, with its other places if the client shows them."""
        related = [place for near in it.related if (place := self._related(near)) is not None]
        return types.Diagnostic(
            range=self.range(it.span),
            message=it.message,
            severity=_SEVERITY[it.severity],
            code=it.code,
            source="podium",
            related_information=related if related and self.client.shows_related else None,
            data=dict(it.data) or None,
        )

    def lenses(self, found: Iterable[Lens]) -> list[types.CodeLens]:
        """Return lenses, of which those above one line keep their order.

        Neovim sorts them by where they begin, and shuffles those that begin at the same place.
        """
        n_above: Counter[int] = Counter()
        made: list[types.CodeLens] = []
        for it in found:
            line, column = it.span[:2]
            start = self.position(line, column + n_above[line])
            n_above[line] += 1
            where = types.Range(start, max(start, self.range(it.span).end))
            made.append(types.CodeLens(where, command=command(it.command, it.title)))
        return made

    def action(self, it: Action) -> types.CodeAction | types.Command | None:
        """Return an action; ``None`` if this client cannot be given it."""
        if not self.client.knows_action_literals:
            return command(it.command, it.title) if it.command else None
        found = types.CodeAction(
            title=it.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostic(it.fixes)] if it.fixes else None,
            is_preferred=it.is_preferred or None,
            command=command(it.command, it.title) if it.command else None,
        )
        if it.edits and self.client.resolves_edits:
            found.data = {"uri": self.uri, "line": it.span.first_line}
        elif it.edits:
            found.edit = self.workspace_edit(it.edits)
        return found

    def workspace_edit(self, edits: Sequence[Edit], label: str = "") -> types.WorkspaceEdit:
        """Return edits of this version of the document, with ``label`` if the client shows it."""
        annotated = bool(label) and self.client.annotates_edits
        if not self.client.versions_edits:
            plain = [types.TextEdit(self.range(it.span), it.new_text) for it in edits]
            return types.WorkspaceEdit(changes={self.uri: plain})
        made: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = [
            types.AnnotatedTextEdit("podium", self.range(it.span), it.new_text)
            if annotated
            else types.TextEdit(self.range(it.span), it.new_text)
            for it in edits
        ]
        document = types.OptionalVersionedTextDocumentIdentifier(self.uri, self.version)
        return types.WorkspaceEdit(
            document_changes=[types.TextDocumentEdit(document, made)],
            change_annotations={"podium": types.ChangeAnnotation(label)} if annotated else None,
        )

    def hint(self, it: Hint) -> types.InlayHint:
        """Return an inlay hint."""
        return types.InlayHint(
            self.position(it.line, it.column),
            it.label,
            tooltip=it.tooltip or None,
            padding_left=True,
        )

    def hover(self, it: Hover) -> types.Hover:
        """Return a hover."""
        markdown, text = types.MarkupKind.Markdown, types.MarkupKind.PlainText
        kind = markdown if self.client.shows_markdown else text
        return types.Hover(types.MarkupContent(kind, it.markdown), self.range(it.span))

    def symbol(self, it: Symbol) -> types.DocumentSymbol:
        """Return an entry of the outline, with those below it."""
        return types.DocumentSymbol(
            name=it.name,
            kind=_SYMBOL[it.kind],
            range=self.range(it.span),
            selection_range=self.range(it.selection),
            detail=it.detail or None,
            children=[self.symbol(child) for child in it.children] or None,
        )

    def flat_symbols(self, found: Sequence[Symbol]) -> list[types.SymbolInformation]:
        """Return the outline for a client that knows no nesting."""
        flat: list[types.SymbolInformation] = []
        for it in found:
            where = types.Location(self.uri, self.range(it.span))
            flat.append(types.SymbolInformation(where, it.name, _SYMBOL[it.kind]))
            flat += self.flat_symbols(it.children)
        return flat

    def location(self, it: Target) -> types.Location | None:
        """Return a place in this document or in another file of the workspace."""
        if not it.path:
            return types.Location(self.uri, self.range(it.span))
        uri = uri_of(self.root, it.path)
        return types.Location(uri, whole_line(it.span.first_line)) if uri else None

    def link(self, it: Link) -> types.DocumentLink | None:
        """Return a link; editors open ``#L3`` at that line."""
        uri = uri_of(self.root, it.path)
        if uri is None:
            return None
        target = f"{uri}#L{it.line + 1}" if it.line else uri
        return types.DocumentLink(self.range(it.span), target=target, tooltip=it.tooltip or None)

    def completion(self, it: Completion) -> types.CompletionItem:
        """Return a proposal, inserted exactly where it belongs."""
        return types.CompletionItem(
            label=it.label,
            detail=it.detail or None,
            filter_text=it.label,
            text_edit=types.TextEdit(self.range(it.span), it.label),
        )

    def _related(self, it: Related) -> types.DiagnosticRelatedInformation | None:
        uri = uri_of(self.root, it.path)
        if uri is None:
            return None
        return types.DiagnosticRelatedInformation(
            types.Location(uri, whole_line(it.line)), it.message
        )


def command(it: EditorCommand, title: str) -> types.Command:
    """Return a command with its one argument; its third positional field would be a tooltip."""
    return types.Command(title=title, command=it.name, arguments=[dict(it.arguments)])


def arguments_of(given: Sequence[object] | None) -> Mapping[str, object]:
    """Return the one argument object of a command, or an empty one."""
    first = given[0] if given else None
    return cast("Mapping[str, object]", first) if isinstance(first, Mapping) else {}


def uri_of(root: Path, path: str) -> str | None:
    """Return the URI of a file of the workspace, or ``None`` for a path that leads out of it."""
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts or "\0" in path:
        return None
    return (root / path).as_uri()


def whole_line(line: int) -> types.Range:
    """Return the start of a line: what is known of a file that is not open."""
    return types.Range(types.Position(line, 0), types.Position(line, 0))
