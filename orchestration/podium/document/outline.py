"""Where the sections and items of a plan document stand: one pass over its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from podium.document.scanner import Kind, Scanner, heading_level
from podium.document.sections import LISTS, SectionKey, section_key
from podium.document.spans import Span

_SCOPE_PART_LEVEL = 3
_RULE = re.compile(r"[-*_ \t]{3,}")


@dataclass(slots=True)
class Section:
    """A heading and the lines below it, as half-open ranges of line numbers from 0."""

    key: SectionKey | None
    name: str
    level: int
    heading: Span
    first_line: int
    """The line below the heading."""
    last_line: int
    """Exclusive; for Scope it comes after its parts."""
    items: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Each top-level list item with everything up to the next one, less blank lines at its end."""
    is_repeated: bool = False
    is_list: bool = False
    """Whether it is made of items; asked at every item, where a set of keys would be slow."""


@dataclass(slots=True)
class Outline:
    """The structure of a document."""

    front_matter: tuple[int, int] | None
    """Its lines with both ``---``, or ``None``."""
    title: Span | None = None
    sections: list[Section] = field(default_factory=list[Section])
    stray: list[int] = field(default_factory=list[int])
    """Lines with text where the grammar has a place for none."""
    unclosed: int | None = None
    """The line that opens a fence or comment which nothing closes."""
    closer: str = ""
    """What would close it."""

    def section(self, key: SectionKey) -> Section | None:
        """Return the section, the first one if it is repeated."""
        return next((it for it in self.sections if it.key is key and not it.is_repeated), None)


def outline_of(lines: Sequence[str]) -> Outline:
    """Return the structure of a document, whatever its lines hold."""
    walk = _Walk(lines)
    walk.run()
    return walk.outline


class _Walk:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.outline = Outline(front_matter=_front_matter(lines))
        self._section: Section | None = None
        self._scope: Section | None = None
        self._item: int | None = None

    def run(self) -> None:
        scanner = Scanner(self._lines)
        first = self.outline.front_matter[1] if self.outline.front_matter else 0
        for number, kind in scanner.scan(first):
            if kind is Kind.BULLET and self._section is not None and self._section.is_list:
                self._end_item(number)
                self._item = number
            elif kind is Kind.HEADING:
                self._heading(number, self._lines[number])
            elif kind is not Kind.COMMENT:
                self._text(number)
        self._end_section(len(self._lines))
        self._end_scope(len(self._lines))
        if scanner.closer:
            self.outline.unclosed, self.outline.closer = scanner.opened, scanner.closer

    def _heading(self, number: int, line: str) -> None:
        stripped = line.strip(" \t")
        level = heading_level(stripped)
        name = stripped[level:].strip(" \t")
        key = section_key(name.rstrip("#").rstrip(" \t:"), level, in_scope=self._scope is not None)
        if level > _SCOPE_PART_LEVEL or (level == _SCOPE_PART_LEVEL and self._scope is None):
            self._end_item(number)  # It groups items for the reader.
            return
        column = line.index("#")
        span = Span.on_line(number, column, column + len(stripped))
        self._end_section(number)
        if level == 1 and self.outline.title is None and not self.outline.sections:
            first = column + len(stripped) - len(name)
            self.outline.title = Span.on_line(number, first, first + len(name))
            return
        if level < _SCOPE_PART_LEVEL:
            self._end_scope(number)
        repeated = key is not None and self.outline.section(key) is not None
        section = Section(
            key=key,
            name=name,
            level=level,
            heading=span,
            first_line=number + 1,
            last_line=number + 1,
            is_repeated=repeated,
            is_list=key in LISTS,
        )
        self.outline.sections.append(section)
        self._section = section
        if key is SectionKey.SCOPE:
            self._scope = section

    def _text(self, number: int) -> None:
        """Note text that stands before the first section, or before the first item of a list."""
        if _RULE.fullmatch(self._lines[number]):
            return
        is_list = self._section is not None and (
            self._section.is_list or self._section.key is SectionKey.SCOPE
        )
        if self._item is None and (self._section is None or is_list):
            self.outline.stray.append(number)

    def _end_item(self, number: int) -> None:
        if self._item is not None and self._section is not None:
            self._section.items.append((self._item, last_text(self._lines, self._item, number)))
        self._item = None

    def _end_section(self, number: int) -> None:
        self._end_item(number)
        if self._section is not None:
            self._section.last_line = number
        self._section = None

    def _end_scope(self, number: int) -> None:
        if self._scope is not None:
            self._scope.last_line = number
        self._scope = None


def last_text(lines: Sequence[str], first: int, end: int) -> int:
    """Return ``end`` moved up over blank lines, to ``first + 1`` at most."""
    while end > first + 1 and not lines[end - 1].strip(" \t"):
        end -= 1
    return max(end, first + 1)


def _front_matter(lines: Sequence[str]) -> tuple[int, int] | None:
    if lines[0].lstrip("\ufeff").rstrip(" \t") != "---":
        return None
    for number in range(1, len(lines)):
        if lines[number].rstrip(" \t") == "---":
            return 0, number + 1
    return None
