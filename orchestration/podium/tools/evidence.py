"""Find a reviewer's quote in a file, so that no finding rests on code that is not there."""

import re
from bisect import bisect_right
from itertools import accumulate

from podium.document.lines import split_lines

MIN_CHARACTERS = 3
"""A quote with fewer characters than this, white space apart, proves nothing."""

_NUMBER = re.compile(r"^\s*\d+\t")
_MARK = re.compile(r"^[+ ]")


def find_evidence(text: str, quote: str, *, near: int = 1) -> tuple[int, int] | None:
    """Return the first and last line of ``quote`` in ``text``, counted from 1.

    White space does not count; neither do the line numbers of `read_file` or the marks of a
    diff in front of every line of the quote. Of several places the one nearest to line
    ``near`` is taken.
    """
    squeezed = ["".join(it.split()) for it in split_lines(text)]
    for candidate in dict.fromkeys((quote, _without(_NUMBER, quote), _without(_MARK, quote))):
        bare = "".join(candidate.split())
        if len(bare) >= MIN_CHARACTERS and (found := _places(squeezed, bare)):
            return min(found, key=lambda it: abs(it[0] - near))
    return None


def _without(prefix: re.Pattern[str], quote: str) -> str:
    """Return ``quote`` without the prefix, if every line of it that says something has it."""
    lines = [it for it in split_lines(quote) if it.strip()]
    if not all(prefix.match(it) for it in lines):
        return quote
    return "\n".join(prefix.sub("", it, count=1) for it in lines)


def _places(squeezed: list[str], bare: str) -> list[tuple[int, int]]:
    """Return the first and last lines of each place of ``bare`` in lines without white space."""
    whole = "".join(squeezed)
    starts = list(accumulate(map(len, squeezed), initial=0))
    places: list[tuple[int, int]] = []
    at = whole.find(bare)
    while at >= 0:
        end = at + len(bare)
        places.append((bisect_right(starts, at), bisect_right(starts, end - 1)))
        at = whole.find(bare, end)
    return places
