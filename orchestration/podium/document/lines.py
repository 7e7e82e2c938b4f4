r"""Lines and positions: the one place that decides where a line ends.

A line ends at ``\n``, ``\r\n`` or ``\r``, as LSP 3.17 says ("Text Documents"), and nowhere else:
`str.splitlines` also splits at form feeds, NEL and U+2028, after which every position an editor
sends lands on the wrong line.  Lines and columns count from 0, columns in code points.
"""

import re
from bisect import bisect_right
from functools import cached_property

_NEWLINE = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """Return the lines of ``text`` without their ends; the empty text has one empty line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def newline_of(text: str) -> str:
    r"""Return how the first line of ``text`` ends, or ``\n`` when there is only one line."""
    found = _NEWLINE.search(text)
    return found.group() if found else "\n"


class LineIndex:
    """Converts between offsets in a text and positions in its lines, both in code points."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """Every line, without its end."""
        return split_lines(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line's first code point."""
        return [0, *(found.end() for found in _NEWLINE.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position; one beyond its line or the text is moved into it."""
        if line >= len(self.lines):
            return len(self.text)
        return self.starts[line] + min(column, len(self.lines[line]))

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of an offset in ``0..len(text)``; inside a line's end, its end."""
        line = bisect_right(self.starts, offset) - 1
        return line, min(offset - self.starts[line], len(self.lines[line]))
