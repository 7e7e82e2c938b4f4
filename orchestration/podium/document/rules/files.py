"""Files that tasks name: they exist or are marked new, and their lines are inside them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from podium.document.document import TaskNode
from podium.document.entries import FileValue
from podium.document.problem import Fix, Problem, error, warning
from podium.document.rules.case import Case, add_after, change_to, tidy_path
from podium.document.spans import Edit

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ROOTED = re.compile(r"[/\\~]|[A-Za-z]:[/\\]")


def file_problems(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with ``files`` and with the references that name files."""
    creators: defaultdict[str, list[str]] = defaultdict(list)
    for node in case.tasks:
        for it in node.entry.files:
            if it.reference.is_new:
                creators[tidy_path(it.reference.path)].append(node.task.id)
    for node in case.tasks:
        for it in node.entry.files:
            for problem in _judge(case, node, it, creators, can_be_new=True):
                yield problem.shifted(node.first_line)
        for it in node.entry.references:
            for problem in _judge(case, node, it, creators, can_be_new=False):
                yield problem.shifted(node.first_line)


def _judge(
    case: Case,
    node: TaskNode,
    it: FileValue,
    creators: dict[str, list[str]],
    *,
    can_be_new: bool,
) -> Iterator[Problem]:
    """Yield problems whose lines count from the task's first line."""
    path = it.reference.path
    if trouble := path_trouble(path):
        yield error("path-outside", it.path, f"{path!r} {trouble}")
        return
    tidied = tidy_path(path)
    n_lines = case.facts.line_count(tidied)
    if it.reference.is_new:
        if n_lines is not None:
            message = f"{path!r} exists already; remove '(new)' or choose another name"
            yield warning("file-exists", it.mark or it.span, message, _unmark(it))
        return
    if n_lines is not None:
        yield from _lines_inside(it, n_lines)
        return
    authors = creators.get(tidied, [])
    if not any(it == node.task.id or case.comes_after(node.task.id, it) for it in authors):
        yield _missing(case, node, it, authors, can_be_new=can_be_new)


def _lines_inside(it: FileValue, n_lines: int) -> Iterator[Problem]:
    first, last = it.reference.first_line, it.reference.last_line
    if it.lines is None or first is None or (last or first) <= n_lines:
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
            fixes.append(_unshifted(add_after(case, node, author), node.first_line))
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


def _unshifted(fix: Fix, lines: int) -> Fix:
    return Fix(fix.title, tuple(edit.shifted(-lines) for edit in fix.edits))


@lru_cache(maxsize=8192)
def path_trouble(path: str) -> str:
    """Return what keeps ``path`` from naming a file of the workspace; empty if nothing does."""
    if _CONTROL.search(path):
        return "holds a control character; write the path without it"
    if _ROOTED.match(path):
        return "is absolute; write it relative to the workspace root"
    if ".." in path.replace("\\", "/").split("/"):
        return "has '..'; write it relative to the workspace root, without"
    return ""
