"""Ranges of a document, and edits that replace them."""

from collections.abc import Iterable
from typing import NamedTuple

from podium.document.lines import LineIndex


class Span(NamedTuple):
    """A range: lines and columns from 0, columns in code points, the end exclusive."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int

    @classmethod
    def on_line(cls, line: int, first_column: int, last_column: int) -> "Span":
        """Return a range inside one line."""
        return cls(line, first_column, line, last_column)

    @classmethod
    def at(cls, line: int, column: int) -> "Span":
        """Return the empty range at a position, where text can be inserted."""
        return cls(line, column, line, column)

    def shifted(self, lines: int) -> "Span":
        """Return this range moved down by ``lines``."""
        return Span(
            self.first_line + lines, self.first_column, self.last_line + lines, self.last_column
        )


class Edit(NamedTuple):
    """Put ``new_text`` where ``span`` is."""

    span: Span
    new_text: str

    def shifted(self, lines: int) -> "Edit":
        """Return this edit moved down by ``lines``."""
        return Edit(self.span.shifted(lines), self.new_text)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with all ``edits`` made at once; what they do not touch keeps its bytes.

    Edits at one position are inserted in the order given.

    Raises:
        ValueError: Two edits overlap.
    """
    index = LineIndex(text)
    ranges = sorted(
        (
            (index.offset(*edit.span[:2]), index.offset(*edit.span[2:]), edit.new_text)
            for edit in edits
        ),
        key=lambda it: it[:2],
    )
    pieces: list[str] = []
    done = 0
    for first, last, new_text in ranges:
        if first < done:
            message = f"edits overlap at offset {first}"
            raise ValueError(message)
        pieces += (text[done:first], new_text)
        done = last
    return "".join((*pieces, text[done:]))
