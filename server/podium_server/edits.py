"""Changing a document that somebody may be typing in: small edits, and never over their words."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from podium.document.lines import LineIndex
from podium.document.spans import Edit, Span

_MAX_COMPARED = 4_000
"""Lines of a changed region; beyond that comparing costs more than one large edit."""


class Change(NamedTuple):
    """Put ``new_text`` in place of ``text[first:last]``."""

    first: int
    last: int
    new_text: str


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Return the changes, in order and apart from each other, that make ``old`` into ``new``."""
    before, after = _whole_lines(old), _whole_lines(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail]
    wanted = after[head : len(after) - tail]
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    return tuple(
        _trimmed(old, Change(starts[head + first], starts[head + last], "".join(wanted[a:b])))
        for first, last, a, b in _differences(middle, wanted)
    )


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Return `changes` as edits with positions in ``old``."""
    index = LineIndex(old)
    return tuple(
        Edit(Span(*index.position(it.first), *index.position(it.last)), it.new_text)
        for it in changes(old, new)
    )


def _whole_lines(text: str) -> list[str]:
    """Return the lines of a text with their ends."""
    starts = LineIndex(text).starts
    return [text[a:b] for a, b in zip(starts, (*starts[1:], len(text)), strict=True)]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    number = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        number += 1
    return number


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    if max(len(old), len(new)) > _MAX_COMPARED:
        yield 0, len(old), 0, len(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, a, b in matcher.get_opcodes():
        if tag != "equal":
            yield first, last, a, b


def _trimmed(old: str, it: Change) -> Change:
    """Leave out what is the same at both ends, but never half of a line's end."""
    text, new = old[it.first : it.last], it.new_text
    head = _common(text, new)
    if head and (text[head - 1] == "\r" or new[head - 1 : head] == "\r"):
        head -= 1
    tail = _common(text[head:][::-1], new[head:][::-1])
    if tail and text[len(text) - tail] == "\n":
        tail -= 1
    return Change(it.first + head, it.last - tail, new[head : len(new) - tail])
