"""Tells structure from text, line by line.

Sections and items are found by lines, so that one keystroke costs one chunk: a Markdown parser
reads a whole document or nothing.  Only what can hide structure from a reader of lines is
followed here: fenced code and HTML comments.  Whatever is indented under a list item belongs to
that item and cannot hide anything, because a line that stands further left ends it (CommonMark
0.31, 5.2), fences and comments included.
"""

import re
from enum import Enum, auto

_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_BULLETS = "-*+"
COMMENT_END = "-->"


class Kind(Enum):
    """What a line is to the document's structure."""

    BLANK = auto()
    INSIDE = auto()  # Indented: it belongs to the item above, or is indented code.
    CODE = auto()  # In fenced code, the fences included.
    COMMENT = auto()
    HEADING = auto()
    BULLET = auto()
    TEXT = auto()


class Scanner:
    """Follows fences, comments and list items down a text; feed it every line in order."""

    def __init__(self) -> None:
        self.closer = ""
        """What would end the open fence or comment; empty when none is open."""
        self._in_item = False
        self._after_blank = True

    def kind(self, line: str) -> Kind:
        """Return what ``line`` is, given the lines before it."""
        if self.closer:
            return self._inside_hidden(line)
        if not line or not line.strip(" \t"):
            self._after_blank = True
            return Kind.BLANK
        if line.startswith(("  ", "\t", " \t")) and (self._in_item or _indent(line) > 3):  # noqa: PLR2004  # CommonMark's limit.
            self._after_blank = False
            return Kind.INSIDE
        kind = self._structure(line.lstrip(" "))
        self._after_blank = False
        return kind

    def _structure(self, stripped: str) -> Kind:
        first = stripped[0]
        if first == "#" and heading_level(stripped):
            self._in_item = False
            return Kind.HEADING
        if first in "`~" and (fence := _FENCE.match(stripped)):
            self.closer = fence.group(1) or fence.group(2)
            self._in_item = False
            return Kind.CODE
        if first == "<" and stripped.startswith("<!--"):
            self.closer = "" if COMMENT_END in stripped else COMMENT_END
            return Kind.COMMENT
        if _ITEM.match(stripped):
            self._in_item = True
            return Kind.BULLET if first in _BULLETS else Kind.TEXT
        if self._after_blank:  # Otherwise it continues the item's paragraph.
            self._in_item = False
        return Kind.TEXT

    def _inside_hidden(self, line: str) -> Kind:
        if self.closer == COMMENT_END:
            if COMMENT_END in line:
                self.closer = ""
            return Kind.COMMENT
        if closes_fence(line, self.closer):
            self.closer = ""
        return Kind.CODE


def closes_fence(line: str, opener: str) -> bool:
    """Whether ``line`` ends fenced code that began with the backticks or tildes of ``opener``."""
    stripped = line.strip(" \t")
    return (
        len(stripped) >= len(opener)
        and stripped == opener[0] * len(stripped)
        and _indent(line) <= 3  # noqa: PLR2004  # CommonMark's limit.
    )


def heading_level(line: str) -> int:
    """Return 1..6 for a heading (``# …``), 0 for anything else."""
    level = len(line) - len(line.lstrip("#"))
    return level if 1 <= level <= 6 and line[level : level + 1] in {"", " ", "\t"} else 0  # noqa: PLR2004  # h6.


def _indent(line: str) -> int:
    """Return the columns of white space before the text, a tab being four (only ≤ 3 matters)."""
    white = line[: len(line) - len(line.lstrip(" \t"))]
    return len(white.replace("\t", "    "))
