"""Finds what a person would take for a task but the grammar does not.

Whoever approves a plan sees an indented, numbered or quoted ``[ ] T2: …`` as a task.  No agent
would ever carry it out, so it must not pass for a part of what was approved.  Below an item, a
checkbox without an id is a step of that item, which its worker is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from podium.document.markdown import block_tokens
from podium.document.outline import Outline
from podium.document.problem import Fix, Problem, error
from podium.document.scanner import Kind, Scanner
from podium.document.sections import SectionKey
from podium.document.spans import Edit, Span

_NUMBER = r"(?:[0-9]{1,9}|[A-Za-z]{1,4})[.)]"
_MARKER = rf"(?P<marker>[^\w\[\n\\]*(?:{_NUMBER}[^\w\[\n\\]*)?)"
_BOX = r"(?P<box>\[[ \t]?[xX✓✔✗-]?[ \t]?\](?![(\[:]))"
_ID = r"[Tt][0-9]{1,6}[a-z]?\b"
_ANYWHERE = re.compile(rf"{_MARKER}{_BOX}[ \t]*(?={_ID})")
"""What looks like a task wherever it stands."""
_IN_TASKS = re.compile(rf"{_MARKER}(?:{_BOX}[ \t]*|(?={_ID}[ \t]*[:.)]))")
"""What looks like a task in their section."""
_LIST_MARKER = re.compile(rf"[ \t]*(?:[-*+•]|{_NUMBER})?[ \t]*")
_MESSAGE = (
    "this looks like a task, but no agent reads it as one; "
    "write '- [ ] T1: title' at the start of a line of the section '## Tasks', or reword it"
)


def unread_tasks(
    lines: Sequence[str], outline: Outline, items: Mapping[SectionKey, Iterable[tuple[int, int]]]
) -> Iterator[Problem]:
    """Yield the lines outside of items, in any section but the request, that look like tasks.

    Args:
        lines: The document's.
        outline: Its structure.
        items: The lines of each section's items, as half-open ranges in order.
    """
    found = list(_candidates(lines, outline, items))
    if not found:
        return
    scanned = Scanner(lines).scan()
    hidden = {number for number, kind in scanned if kind in {Kind.CODE, Kind.COMMENT}}
    for number, match in found:
        if number not in hidden:
            is_in_tasks = match.re is _IN_TASKS
            yield _problem(number, match, _outdented(lines, number, match) if is_in_tasks else ())


def unread_subtasks(lines: Sequence[str], end: int) -> Iterator[Problem]:
    """Yield the lines of an item below its first one, up to ``end``, that look like tasks."""
    found = [(it, match) for it in range(1, end) if (match := _ANYWHERE.match(lines[it]))]
    if not found:
        return
    hidden = {
        number
        for token in block_tokens("\n".join(lines))
        if token.type in {"fence", "html_block"} and token.map
        for number in range(*token.map)
    }
    for number, match in found:
        if number not in hidden:
            yield _problem(number, match)


def looks_like_task(text: str) -> bool:
    """Return whether the text of an item, which is none by the grammar, looks like a task."""
    return _IN_TASKS.match(text) is not None


def unread_task(span: Span, *fixes: Fix) -> Problem:
    """Return the problem of a line that looks like a task."""
    return error("unread-task", span, _MESSAGE, *fixes)


def unread_field(span: Span, numbers: Iterable[int], missing: int) -> Problem:
    """Return the problem of a field that is part of no item.

    Args:
        span: Where it stands.
        numbers: Its lines.
        missing: How many columns it should be indented more to be part of the item above.
    """
    edits = tuple(Edit(Span.at(it, 0), " " * missing) for it in numbers)
    message = "this field belongs to no item, so no agent reads it; indent it below its item"
    return error("unread-field", span, message, Fix("Indent it", edits))


def _candidates(
    lines: Sequence[str], outline: Outline, items: Mapping[SectionKey, Iterable[tuple[int, int]]]
) -> Iterator[tuple[int, re.Match[str]]]:
    first = outline.front_matter[1] if outline.front_matter else 0
    starts = [(first, None), *((it.first_line, it.key) for it in outline.sections)]
    ends = [*(first for first, _ in starts[1:]), len(lines)]
    for (start, key), end in zip(starts, ends, strict=True):
        if key is SectionKey.REQUEST:
            continue
        pattern = _IN_TASKS if key is SectionKey.TASKS else _ANYWHERE
        taken = [it for it in items.get(key, ()) if it[0] >= start] if key else []
        for (_, last), (following, _) in pairwise([(start, start), *taken, (end, end)]):
            for number in range(last, following):
                if match := pattern.match(lines[number]):
                    yield number, match


def _problem(number: int, match: re.Match[str], edits: tuple[Edit, ...] = ()) -> Problem:
    line = match.string
    span = Span.on_line(number, len(line) - len(line.lstrip(" \t")), len(line.rstrip(" \t")))
    return unread_task(span, *((Fix("Make it a task", edits),) if edits else ()))


def _outdented(lines: Sequence[str], number: int, match: re.Match[str]) -> tuple[Edit, ...]:
    """Return the edits that put a line, with what is indented below it, where tasks stand."""
    if not _LIST_MARKER.fullmatch(match["marker"]):
        return ()
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    is_done = bool(match["box"]) and match["box"].strip("[] \t-✗") != ""
    edits = [Edit(Span.on_line(number, 0, match.end()), f"- [{'x' if is_done else ' '}] ")]
    for below in range(number + 1, len(lines)):
        text = lines[below]
        if not text.strip(" \t"):
            continue
        if not text.startswith((indent + " ", indent + "\t")):
            break
        edits.append(Edit(Span.on_line(below, 0, len(indent)), ""))
    return tuple(edits)
