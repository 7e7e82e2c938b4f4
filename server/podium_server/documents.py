"""The open documents: immutable snapshots, edited by lines that end where LSP says.

Not pygls' workspace: it splits at form feeds, NEL and U+2028 too, and every edit after one lands on
the wrong line.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from lsprotocol import types

from podium.document.lines import LineIndex
from podium_server.positions import Encoding, to_column


class TextDocument:
    """One version of an open document."""

    def __init__(self, uri: str, path: Path | None, version: int, text: str) -> None:
        self.uri, self.path, self.version, self.text = uri, path, version, text

    @cached_property
    def index(self) -> LineIndex:
        """Its lines and their offsets."""
        return LineIndex(self.text)

    @property
    def lines(self) -> Sequence[str]:
        """Its lines, without their ends."""
        return self.index.lines

    def changed(
        self,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        version: int,
        encoding: Encoding,
    ) -> "TextDocument":
        """Return the document after ``changes``, each made on the result of the one before."""
        text, index = self.text, self.index
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                first = _offset(index, change.range.start, encoding)
                last = max(first, _offset(index, change.range.end, encoding))
                text = text[:first] + change.text + text[last:]
            else:
                text = change.text
            index = LineIndex(text)
        return TextDocument(self.uri, self.path, version, text)


def _offset(index: LineIndex, position: types.Position, encoding: Encoding) -> int:
    """Return the offset of a position; one beyond the line or the text is moved back into it."""
    lines, line = index.lines, position.line
    if line >= len(lines):
        return len(index.text)
    column = to_column(lines[line], position.character, encoding)
    if "\r" in index.text:
        return index.offset(line, column)
    # Where every line ends in one character, adding lengths beats finding all ends.
    return sum(map(len, lines[:line])) + line + column
