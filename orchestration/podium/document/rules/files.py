"""Files that tasks name: they exist or are marked new, and their lines are inside them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from podium.document.document import TaskNode
from podium.document.entries import MAX_ITEMS, Entry, FileValue
from podium.document.problem import Fix, Problem, error, warning
from podium.document.rules.case import Case, add_after, change_to, tidy_path
from podium.document.spans import Edit

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ROOTED = re.compile(r"[/\\~]|[A-Za-z]:[/\\]")


class _Claim(NamedTuple):
    """What a file reference claims: that a file exists with so many lines, or does not exist."""

    path: str
    """Tidied; empty when it cannot name a file of the workspace."""
    n_lines: int | None
    """``None`` for a new file."""
    number: int
    """Which of the task's files it is; its references count on."""


def file_problems(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with ``files`` and with the references that name files."""
    creators: defaultdict[str, list[str]] = defaultdict(list)
    counts: dict[str, int | None] = {"": None}
    doubtful: list[tuple[TaskNode, int]] = []
    for node in case.tasks:
        for path, n_lines, number in _claims(node.entry):
            if path not in counts:
                counts[path] = case.facts.line_count(path)
            found = counts[path]
            if n_lines is None:
                creators[path].append(node.task.id)
            if (
                not path
                or (found is None) is not (n_lines is None)
                or (found or 0) < (n_lines or 0)
            ):
                doubtful.append((node, number))
    for node, number in doubtful:
        yield from _judge(case, node, number, creators)


@lru_cache(maxsize=MAX_ITEMS)
def _claims(entry: Entry) -> tuple[_Claim, ...]:
    """Return what a task claims about files, worked out once for as long as its text stays."""
    found: list[_Claim] = []
    for number, it in enumerate((*entry.files, *entry.references)):
        reference = it.reference
        path = "" if path_trouble(reference.path) else tidy_path(reference.path)
        n_lines = None if reference.is_new else reference.last_line or reference.first_line or 0
        found.append(_Claim(path, n_lines, number))
    return tuple(found)


def _judge(
    case: Case, node: TaskNode, number: int, creators: dict[str, list[str]]
) -> Iterator[Problem]:
    can_be_new = number < len(node.entry.files)
    it = (*node.entry.files, *node.entry.references)[number].shifted(node.first_line)
    path = it.reference.path
    if trouble := path_trouble(path):
        yield error("path-outside", it.path, f"{path!r} {trouble}")
        return
    n_lines = case.facts.line_count(tidy_path(path))
    if it.reference.is_new:
        message = f"{path!r} exists already; remove '(new)' or choose another name"
        yield warning("file-exists", it.mark or it.span, message, _unmark(it))
    elif n_lines is not None:
        yield from _lines_inside(it, n_lines)
    else:
        authors = creators.get(tidy_path(path), [])
        if not any(it == node.task.id or case.comes_after(node.task.id, it) for it in authors):
            yield _missing(case, node, it, authors, can_be_new=can_be_new)


def _lines_inside(it: FileValue, n_lines: int) -> Iterator[Problem]:
    first = it.reference.first_line
    if it.lines is None or first is None:
        return
    message = f"{it.reference.path!r} has {n_lines} lines; name lines inside it, or none"
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
    message = f"{path!r} is no file of this workspace; {advice}"
    mark = Fix("Mark as new", (Edit(it.end, " (new)"),))
    nearest = change_to(it.path, case.nearest_path(path))
    return error("file-not-found", it.path, message, *nearest, *([mark] if can_be_new else []))


def _unmark(it: FileValue) -> Fix:
    mark = it.mark or it.span
    start = min(it.end.first_column, mark.first_column)
    if start == mark.first_column:  # It stands without backticks: keep what is before the mark.
        start = it.span.last_column
    return Fix("Remove '(new)'", (Edit(mark._replace(first_column=start), ""),))


def path_trouble(path: str) -> str:
    """Return what keeps ``path`` from naming a file of the workspace; empty if nothing does."""
    if _CONTROL.search(path):
        return "holds a control character; write the path without it"
    if _ROOTED.match(path):
        return "is absolute; write it relative to the workspace root"
    if ".." in path.replace("\\", "/").split("/"):
        return "has '..'; write it relative to the workspace root, without"
    return ""
