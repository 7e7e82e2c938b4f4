"""Files that tasks name: they exist or are marked new, and their line ranges are valid."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from sys import maxsize
from typing import NamedTuple

from podium.document.document import TaskNode
from podium.document.entries import MAX_ITEMS, Entry, FileValue
from podium.document.problem import Fix, Problem, error, warning
from podium.document.rules.case import Case, add_after, change_to
from podium.document.spans import Edit
from podium.domain.paths import directory_of, expands, path_trouble, plain_path

_MISSING = -1
"""Lines of a file that does not exist."""
_NEVER = (0, _MISSING - 1)
"""A claim that nothing fulfils."""


class _Claim(NamedTuple):
    """What a file reference claims: how many lines a file has, `_MISSING` if it does not exist."""

    path: str
    """Tidied; empty when it cannot name a file of the workspace."""
    least: int
    most: int
    number: int
    """Which of the task's files it is; its references count on."""


class _Claims(NamedTuple):
    """What one task's text claims."""

    made: tuple[_Claim, ...]
    paths: frozenset[str]


def file_problems(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with ``files`` and with the references that name files."""
    claims = [_claims(node.entry) for node in case.tasks]
    paths = frozenset[str]().union(*[it.paths for it in claims])
    counts = {
        path: _MISSING if n_lines is None else n_lines
        for path, n_lines in case.facts.line_counts(paths).items()
    }
    counts[""] = _MISSING
    doubtful = [
        (node, number)
        for node, (made, _) in zip(case.tasks, claims, strict=True)
        for path, least, most, number in made
        if not least <= counts[path] <= most
    ]
    if doubtful:
        creators = _creators(case)
        for node, number in doubtful:
            yield from _judge(case, node, number, counts, creators)


@lru_cache(maxsize=MAX_ITEMS)
def _claims(entry: Entry) -> _Claims:
    """Return what a task claims about files, computed once per text."""
    made: list[_Claim] = []
    for number, it in enumerate((*entry.files, *entry.references)):
        reference = it.reference
        if path_trouble(reference.path) or expands(reference.path):
            made.append(_Claim("", *_NEVER, number))
        elif reference.is_new:
            made.append(_Claim(plain_path(reference.path), _MISSING, _MISSING, number))
        else:
            least = reference.last_line or reference.first_line or 0
            made.append(_Claim(plain_path(reference.path), least, maxsize, number))
    return _Claims(tuple(made), frozenset(it.path for it in made if it.path))


def _creators(case: Case) -> dict[str, list[str]]:
    """Return the tasks that create each new file."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for node in case.tasks:
        for path, _, most, _ in _claims(node.entry).made:
            if most == _MISSING:
                found[path].append(node.task.id)
    return found


def _judge(
    case: Case,
    node: TaskNode,
    number: int,
    counts: Mapping[str, int],
    creators: Mapping[str, list[str]],
) -> Iterator[Problem]:
    can_be_new = number < len(node.entry.files)
    it = (*node.entry.files, *node.entry.references)[number].shifted(node.first_line)
    path = it.reference.path
    if trouble := path_trouble(path):
        yield error("path-outside", it.path, f"{path!r} {trouble}")
        return
    if expands(path):
        message = f"{path!r} is a pattern; name the files, or the directory that they are in"
        fixes = change_to(it.path, directory_of(path))
        yield error("path-pattern", it.path, message, *fixes)
        return
    n_lines = counts[plain_path(path)]
    if it.reference.is_new:
        message = f"{path!r} exists already; remove '(new)' or choose another name"
        yield warning("file-exists", it.mark or it.span, message, _unmark(it))
    elif n_lines != _MISSING:
        yield from _lines_inside(it, n_lines)
    else:
        authors = creators.get(plain_path(path), [])
        if not any(it == node.task.id or case.comes_after(node.task.id, it) for it in authors):
            yield _missing(case, node, it, authors, can_be_new=can_be_new)


def _lines_inside(it: FileValue, n_lines: int) -> Iterator[Problem]:
    first = it.reference.first_line
    if it.lines is None or first is None:
        return
    message = f"{it.reference.path!r} has {n_lines} lines; name lines within it, or none"
    fixes = change_to(it.lines, f"{first}-{n_lines}") if first < n_lines else ()
    yield error("line-range", it.lines, message, *fixes)


def _missing(
    case: Case, node: TaskNode, it: FileValue, authors: list[str], *, can_be_new: bool
) -> Problem:
    path = it.reference.path
    if authors:
        author = authors[0]
        fixes: list[Fix] = []
        if author in case.by_id and not case.comes_after(author, node.task.id):
            fixes.append(add_after(case, node, author))
        message = f"{author} creates {path!r}, but this task need not come after it; add 'after'"
        return error("file-not-found", it.path, message, *fixes)
    advice = "correct it or mark it '(new)'" if can_be_new else "correct it"
    message = f"{path!r} was not found in this workspace; {advice}"
    mark = Fix("Mark as new", (Edit(it.end, " (new)"),))
    nearest = change_to(it.path, case.nearest_path(path))
    return error("file-not-found", it.path, message, *nearest, *([mark] if can_be_new else []))


def _unmark(it: FileValue) -> Fix:
    mark = it.mark or it.span
    start = min(it.end.first_column, mark.first_column)
    if start == mark.first_column:  # It stands without backticks: keep what is before the mark.
        start = it.span.last_column
    return Fix("Remove '(new)'", (Edit(mark._replace(first_column=start), ""),))
