"""Find a reviewer's quote in a file, so that no finding rests on code that is not there."""

import re

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
    for candidate in dict.fromkeys((quote, _without(_NUMBER, quote), _without(_MARK, quote))):
        bare = "".join(candidate.split())
        if len(bare) >= MIN_CHARACTERS and (found := _places(text, bare)):
            return min(found, key=lambda it: abs(it[0] - near))
    return None


def _without(prefix: re.Pattern[str], quote: str) -> str:
    """Return ``quote`` without the prefix, if every line of it that says something has it."""
    lines = [it for it in split_lines(quote) if it.strip()]
    if not all(prefix.match(it) for it in lines):
        return quote
    return "\n".join(prefix.sub("", it, count=1) for it in lines)


def _places(text: str, bare: str) -> list[tuple[int, int]]:
    squeezed = ["".join(it.split()) for it in split_lines(text)]
    line_of = [number for number, it in enumerate(squeezed, 1) for _ in it]
    whole = "".join(squeezed)
    places: list[tuple[int, int]] = []
    at = whole.find(bare)
    while at >= 0:
        places.append((line_of[at], line_of[at + len(bare) - 1]))
        at = whole.find(bare, at + len(bare))
    return places
