"""What the lines of a document hold, and how little of it one keystroke changes.

`read_lines` looks at every line.  `read_again` looks at the one item or section that changed and
moves the rest, where it can see that nothing else can have changed: the lines that did are inside
one item (or one section of free text), what stands there now is still exactly that, and nothing is
left open behind it.  In every other case it gives up, and all is read again.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress, count
from operator import itemgetter, ne
from types import MappingProxyType
from typing import NamedTuple

from podium.document.document import Node, node_of
from podium.document.entries import (
    MAX_ITEM_CHARACTERS,
    Entry,
    read_question,
    read_requirement,
    read_scope_item,
    read_task,
)
from podium.document.outline import Outline, Section, last_text
from podium.document.scanner import Kind, Scanner
from podium.document.sections import SectionKey

_READERS: MappingProxyType[SectionKey, Callable[[str], Entry]] = MappingProxyType(
    {
        SectionKey.TASKS: read_task,
        SectionKey.REQUIREMENTS: read_requirement,
        SectionKey.QUESTIONS: read_question,
        SectionKey.MUST: read_scope_item,
        SectionKey.MUST_NOT: read_scope_item,
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The structure of a document and its items, read."""

    lines: list[str]
    outline: Outline
    items: dict[SectionKey, list[Node]]
    """The items of each section that has any; never changed, so that readings can share them."""


def read_lines(lines: list[str], outline: Outline) -> Reading:
    """Read every item of every section."""
    items: dict[SectionKey, list[Node]] = {}
    for key in _READERS:
        section = outline.section(key)
        if section is not None:
            items[key] = [_read_item(lines, key, *it) for it in section.items]
    return Reading(lines, outline, items)


def read_again(previous: Reading, lines: list[str]) -> Reading | None:
    """Return the reading of ``lines``, from that of an earlier text, if only one item changed."""
    change = _change(previous.lines, lines)
    if change is None:
        return previous
    region = None if previous.outline.unclosed is not None else _region(previous, change)
    if region is None or not _is_closed(lines, region, change.delta):
        return None
    outline = _moved_outline(previous.outline, lines, region, change.delta)
    items = dict(previous.items)
    for key, placed in previous.items.items():
        section = outline.section(key)
        is_here = region.item is not None and section is not None and region.section.key is key
        if is_here and section is not None and not region.section.is_repeated:
            items[key] = _moved(placed, region.last, change.delta)
            number = region.item or 0
            items[key][number] = _read_item(lines, key, *section.items[number])
        elif change.delta:
            items[key] = _moved(placed, region.last, change.delta)
    return Reading(lines, outline, items)


class _Change(NamedTuple):
    """The old lines ``first:last`` were replaced by ``delta`` more lines than they were."""

    first: int
    last: int
    delta: int


class _Region(NamedTuple):
    """The old lines of the item or section that holds a change."""

    first: int
    last: int
    section: Section
    item: int | None


def _change(old: list[str], new: list[str]) -> _Change | None:
    shared = min(len(old), len(new))
    first = next(compress(count(), map(ne, old, new)), shared)
    if first == len(old) == len(new):
        return None
    backwards = map(ne, reversed(old), reversed(new))
    n_after = min(next(compress(count(), backwards), shared), shared - first)
    return _Change(first, len(old) - n_after, len(new) - len(old))


def _region(previous: Reading, change: _Change) -> _Region | None:
    for section in reversed(previous.outline.sections):
        if not section.first_line <= change.first <= change.last <= section.last_line:
            continue
        if section.key is SectionKey.SCOPE:
            return None
        if not section.is_list:
            return _Region(section.first_line, section.last_line, section, None)
        number = bisect_right(section.items, change.first, key=itemgetter(0)) - 1
        ends = [first for first, _ in section.items[number + 1 : number + 2]]
        last = ends[0] if ends else section.last_line
        if number < 0 or change.last > last:
            return None
        return _Region(section.items[number][0], last, section, number)
    return None


def _is_closed(lines: list[str], region: _Region, delta: int) -> bool:
    """Whether the region still holds one item, or text, and can reach nothing behind itself."""
    end = region.last + delta
    if lines[end : end + 1] and lines[end][:1] not in {"#", "-", "*", "+"}:
        return False  # Indented, what comes next could become part of the region.
    inside = lines[region.first : end]
    scanner = Scanner(inside)
    found = list(scanner.scan())
    if scanner.closer:
        return False
    if region.item is not None:
        if found[:1] != [(0, Kind.BULLET)] or inside[0][0] == " ":
            return False
        del found[0]
        return not any(kind in {Kind.BULLET, Kind.HEADING} for _, kind in found)
    return not any(kind is Kind.HEADING for _, kind in found)


def _moved_outline(old: Outline, lines: list[str], region: _Region, delta: int) -> Outline:
    sections: list[Section] = []
    for section in old.sections:
        if section is region.section:
            sections.append(_changed_section(lines, region, delta))
        elif not delta or section.last_line < region.last:
            sections.append(section)
        elif section.first_line <= region.first:  # Scope, around the part that changed.
            sections.append(replace(section, last_line=section.last_line + delta))
        else:
            sections.append(_moved_section(section, delta))
    stray = [it if it < region.first else it + delta for it in old.stray]
    return Outline(old.front_matter, old.title, sections, stray)


def _changed_section(lines: list[str], region: _Region, delta: int) -> Section:
    items = list(region.section.items)
    if region.item is not None:
        after = region.item + 1
        items[after:] = [(first + delta, last + delta) for first, last in items[after:]]
        items[region.item] = (region.first, last_text(lines, region.first, region.last + delta))
    return replace(region.section, last_line=region.section.last_line + delta, items=items)


def _moved_section(section: Section, delta: int) -> Section:
    return replace(
        section,
        heading=section.heading.shifted(delta),
        first_line=section.first_line + delta,
        last_line=section.last_line + delta,
        items=[(first + delta, last + delta) for first, last in section.items],
    )


def _moved(items: list[Node], last: int, delta: int) -> list[Node]:
    """Return a copy in which the items from the old line ``last`` on have moved."""
    if not delta:
        return list(items)
    return [
        it if it.first_line < last else node_of(it.entry, it.first_line + delta, is_cut=it.is_cut)
        for it in items
    ]


def _read_item(lines: Sequence[str], key: SectionKey, first: int, last: int) -> Node:
    chunk = "\n".join(lines[first:last])
    if len(chunk) > MAX_ITEM_CHARACTERS:
        return node_of(_READERS[key](lines[first][:MAX_ITEM_CHARACTERS]), first, is_cut=True)
    return node_of(_READERS[key](chunk), first)
