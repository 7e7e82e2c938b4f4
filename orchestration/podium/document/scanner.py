"""Tells structure from text, line by line.

Sections and items are found by lines, so that one keystroke costs one chunk: a Markdown parser
reads a whole document or nothing.  Only what can hide structure from a reader of lines is
followed here: fenced code and HTML comments.  Whatever is indented under a list item belongs to
that item and cannot hide anything, because a line that stands further left ends it (CommonMark
0.31, 5.2), fences and comments included.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum, auto

_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_NUMBERED = re.compile(r"[0-9]{1,9}[.)](?:[ \t]|$)")
_MAX_INDENT = 3
"""CommonMark's: what is indented more is code."""
COMMENT_END = "-->"


class Kind(Enum):
    """What a line is to the document's structure."""

    HEADING = auto()
    BULLET = auto()
    TEXT = auto()
    CODE = auto()  # Fenced, the fences included.
    COMMENT = auto()


class Scanner:
    """Follows fences, comments and list items down the lines of a text."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.closer = ""
        """What would end the fence or comment that is open; empty when none is."""
        self.opened = 0
        """The line that opened it."""

    def scan(self, first: int = 0) -> Iterator[tuple[int, Kind]]:
        """Yield each line's number and what it is; not the blank lines and indented ones."""
        lines = self._lines
        # What is indented below an item is passed over without a look: most lines of a plan are.
        outdented = [it for it, line in enumerate(lines) if line and line[:2] != "  "]
        following = bisect_left(outdented, first)
        in_item = False
        number = first
        while number < len(lines):
            if in_item and not self.closer:
                while following < len(outdented) and outdented[following] < number:
                    following += 1
                if following == len(outdented):
                    return
                number = outdented[following]
            line = lines[number]
            if self.closer:
                yield number, self._hidden(line)
            elif line and (line[0] not in " \t" or _stands_out(line, in_item=in_item)):
                stripped = line.lstrip(" ")
                kind = self._kind(number, stripped)
                in_item = kind is Kind.BULLET or self._stays(
                    number, stripped, kind, in_item=in_item
                )
                yield number, kind
            number += 1

    def _stays(self, number: int, stripped: str, kind: Kind, *, in_item: bool) -> bool:
        """Whether a line that is no bullet leaves the lines below it in an item."""
        if kind is Kind.COMMENT:
            return in_item
        if kind is not Kind.TEXT:
            return False
        goes_on = number > 0 and bool(self._lines[number - 1].strip(" \t"))
        return _NUMBERED.match(stripped) is not None or (in_item and goes_on)

    def _kind(self, number: int, stripped: str) -> Kind:
        first = stripped[0]
        if first in "-*+" and stripped[1:2] in " \t":  # Or the line ends: "" is in any text.
            return Kind.BULLET
        if first == "#" and heading_level(stripped):
            return Kind.HEADING
        if first in "`~" and (fence := _FENCE.match(stripped)):
            self.closer, self.opened = fence.group(1) or fence.group(2), number
            return Kind.CODE
        if stripped.startswith("<!--"):
            if COMMENT_END not in stripped:
                self.closer, self.opened = COMMENT_END, number
            return Kind.COMMENT
        return Kind.TEXT

    def _hidden(self, line: str) -> Kind:
        if self.closer == COMMENT_END:
            if COMMENT_END in line:
                self.closer = ""
            return Kind.COMMENT
        if closes_fence(line, self.closer):
            self.closer = ""
        return Kind.CODE


def _stands_out(line: str, *, in_item: bool) -> bool:
    """Whether an indented line is more than the inside of an item, indented code or blank."""
    return _indent(line) <= (1 if in_item else _MAX_INDENT) and bool(line.strip(" \t"))


def closes_fence(line: str, opener: str) -> bool:
    """Whether ``line`` ends fenced code that began with the backticks or tildes of ``opener``."""
    stripped = line.strip(" \t")
    return (
        len(stripped) >= len(opener)
        and stripped == opener[0] * len(stripped)
        and _indent(line) <= _MAX_INDENT
    )


def heading_level(line: str) -> int:
    """Return 1..6 for a heading (``# …``), 0 for anything else."""
    level = len(line) - len(line.lstrip("#"))
    return level if 1 <= level <= 6 and line[level : level + 1] in {"", " ", "\t"} else 0  # noqa: PLR2004  # h6.


def _indent(line: str) -> int:
    """Return the columns of white space before the text, a tab being four."""
    white = line[: len(line) - len(line.lstrip(" \t"))]
    return len(white.replace("\t", "    "))
