"""Which errors are new: not there before, on whatever line it was.

An error is old if the tree before had one with the same words from the same server

1. on the line that the unchanged line came from,
2. or on a line with the same text, elsewhere in the file: it was moved,
3. or on one of the lines that an edit replaced with the one it is on,
4. or on a line with the same text in a file that is gone, if this file is new: renamed.

Each old error excuses one.  Counting per message instead would let an agent pay for a
new error by removing another; comparing line texts alone would blame it for an error
that was on a line before it touched that line.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from podium.languages import CodeDiagnostic

MAX_LINES = 10_000
"""A longer file is not aligned line by line; its errors are compared by their lines' texts."""
Words = tuple[str, str, str]
"""What an error says: its source, code and message, without the numbers of lines.

Nor does it name its tree: servers' words come with paths relative to it.
"""
_PLACES = re.compile(
    r"(?P<word>\b(?:lines?|ln|columns?|col)\b)\W{0,2}\d+"
    r"(?:(?:\s?[-\u2013,:]\s?|\s(?:to|and|through)\s)\d+)*"
    r"|(?P<file>[./][\w-]+)(?:(?::\d+){1,2}(?:-\d+(?::\d+)?)?|\(\d+(?:,\s?\d+)?\)|#L\d+(?:-L?\d+)?)",
    re.IGNORECASE,
)
"""Numbers that say where something else is, which moves as the error itself does."""
Lines = Mapping[str, Sequence[str]]
"""The lines of files by path; a file that is not there has none."""


def lines_of(text: str) -> tuple[str, ...]:
    """Return a text's lines as LSP counts them."""
    return tuple(re.split(r"\r\n|\n|\r", text))


def new_errors(
    before: Sequence[CodeDiagnostic], after: Sequence[CodeDiagnostic], old: Lines, new: Lines
) -> tuple[CodeDiagnostic, ...]:
    """Return the errors of ``after`` that are new.

    Args:
        before: What was said of the tree before.
        after: What is said now.
        old: The lines of the files before that ``before`` or ``after`` speak of.
        new: The lines of these files now.
    """
    earlier = _by_path(before)
    found: list[CodeDiagnostic] = []
    for path, errors in _by_path(after).items():
        if path in old and path in new:
            left, earlier[path] = _unexcused(errors, earlier.get(path, []), old[path], new[path])
            found += left
        else:
            found += errors
    gone = [it for path, errors in earlier.items() if path not in new for it in errors]
    return tuple(_not_moved(found, gone, old, new))


def _by_path(diagnostics: Sequence[CodeDiagnostic]) -> dict[str, list[CodeDiagnostic]]:
    errors = sorted((it for it in diagnostics if it.is_error), key=lambda it: (it.path, it.line))
    return {path: list(group) for path, group in groupby(errors, key=lambda it: it.path)}


def _unexcused(
    after: list[CodeDiagnostic],
    before: list[CodeDiagnostic],
    old: Sequence[str],
    new: Sequence[str],
) -> tuple[list[CodeDiagnostic], list[CodeDiagnostic]]:
    """Return what is left of one file's errors, after and before, by the rules 1 to 3."""
    same, replaced = _alignment(old, new) if before and after else ({}, {})
    rules: tuple[tuple[_Key, _Key], ...] = (
        (lambda it: it.line, lambda it: same.get(it.line)),
        (lambda it: _text(old, it), lambda it: _text(new, it)),
        (lambda it: replaced.get(-it.line), lambda it: replaced.get(it.line)),
    )
    for of_before, of_after in rules:
        after, before = _cancelled(after, before, of_after, of_before)
    return after, before


_Key = Callable[[CodeDiagnostic], object]


def _cancelled(
    after: Sequence[CodeDiagnostic],
    before: Sequence[CodeDiagnostic],
    of_after: _Key,
    of_before: _Key,
) -> tuple[list[CodeDiagnostic], list[CodeDiagnostic]]:
    """Return both without the pairs that say the same and have the same key, if they have one."""
    excuses = Counter((_words(it), of_before(it)) for it in before)
    left: list[CodeDiagnostic] = []
    for it in after:
        key = (_words(it), of_after(it))
        if key[1] is not None and excuses[key] > 0:
            excuses[key] -= 1
        else:
            left.append(it)
    unused: list[CodeDiagnostic] = []
    for it in before:
        key = (_words(it), of_before(it))
        if excuses[key] > 0:
            excuses[key] -= 1
            unused.append(it)
    return left, unused


def _not_moved(
    after: list[CodeDiagnostic], gone: list[CodeDiagnostic], old: Lines, new: Lines
) -> list[CodeDiagnostic]:
    """Return what is left of ``after`` by rule 4."""
    left, _ = _cancelled(
        after,
        gone,
        lambda it: _text(new.get(it.path, ()), it) if it.path not in old else None,
        lambda it: _text(old.get(it.path, ()), it),
    )
    return left


def _alignment(
    old: Sequence[str], new: Sequence[str]
) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """Return which old line each unchanged line was, and the edit of each replaced line.

    Lines count from 1; an old line of an edit is named by its negative.
    """
    if max(len(old), len(new)) > MAX_LINES:
        return {}, {}
    same: dict[int, int] = {}
    replaced: dict[int, tuple[int, int]] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            same |= {j1 + at + 1: i1 + at + 1 for at in range(i2 - i1)}
        elif tag == "replace":
            replaced |= {-at: (i1, j1) for at in range(i1 + 1, i2 + 1)}
            replaced |= dict.fromkeys(range(j1 + 1, j2 + 1), (i1, j1))
    return same, replaced


def _text(lines: Sequence[str], diagnostic: CodeDiagnostic) -> str:
    return lines[diagnostic.line - 1].strip() if diagnostic.line <= len(lines) else ""


def _words(diagnostic: CodeDiagnostic) -> Words:
    message = _PLACES.sub(lambda found: found["word"] or found["file"], diagnostic.message)
    return diagnostic.source, diagnostic.code, message
