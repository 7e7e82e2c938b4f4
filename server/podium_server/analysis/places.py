"""Where a claim about the run's tree stands in the user's file."""

from collections.abc import Sequence
from typing import NamedTuple

from podium.document.lines import split_lines
from podium.document.spans import Span
from podium.domain.verdict import Place

_COMPARED = 20
"""Lines of evidence; more would not find a better place."""


def line_span(lines: Sequence[str], first: int, last: int | None = None) -> Span:
    """Return the text of whole lines, moved back into the document, without outer white space."""
    if not lines:
        return Span.at(0, 0)
    # What follows the last newline is a line to LSP and none to Neovim, which fails on it.
    end_line = max(len(lines) - (1 if lines[-1] else 2), 0)
    first = min(max(first, 0), end_line)
    last = min(max(first, first if last is None else last), end_line)
    indent = len(lines[first]) - len(lines[first].lstrip())
    end = len(lines[last].rstrip())
    if first == last and indent > end:
        return Span.on_line(first, 0, len(lines[first]))
    return Span(first, indent, last, end)


class Located(NamedTuple):
    """Where a claim stands in the user's file."""

    span: Span
    is_there: bool
    """Whether the file has what the claim is about, as far as can be told."""


def locate(lines: Sequence[str], place: Place, evidence: str = "") -> Located:
    """Return where ``evidence`` stands in ``lines``: as near to ``place`` as it is found.

    ``place`` counts the lines of the run's tree, which the user's file may differ from; without
    its evidence the claim stands at the same line numbers.
    """
    quoted = [line.strip() for line in split_lines(evidence) if line.strip()][:_COMPARED]
    if quoted:
        stripped = [line.strip() for line in lines]
        wholes = [it for it, line in enumerate(stripped) if line == quoted[0]]
        parts = [it for it, line in enumerate(stripped) if quoted[0] in line]
        ends = {it: _end(stripped, it, quoted) for it in wholes}
        complete = [it for it in wholes if ends[it] is not None]
        for candidates in (complete, wholes, parts):
            if candidates:
                first = min(candidates, key=lambda it: abs(it - place.first_line + 1))
                is_whole = candidates is complete or quoted == quoted[:1]
                return Located(line_span(lines, first, ends.get(first)), is_whole)
    span = line_span(lines, place.first_line - 1, place.last_line - 1)
    return Located(span, is_there=not quoted and place.first_line <= len(lines))


def only_in_run(place: Place) -> str:
    """Return what is said of code that the user's tree does not have."""
    return f"not in your tree yet: see line {place.first_line} in the run's diff"


def _end(stripped: Sequence[str], first: int, quoted: Sequence[str]) -> int | None:
    """Return the line on which ``quoted`` ends when it begins at ``first``, blank lines aside."""
    at = first
    for wanted in quoted[1:]:
        at += 1
        while at < len(stripped) and not stripped[at]:
            at += 1
        if at >= len(stripped) or stripped[at] != wanted:
            return None
    return at
