"""The order of tasks: no cycles, no unknown tasks, no file shared with another task."""

from collections.abc import Iterator

from podium.document.document import TaskNode
from podium.document.problem import Fix, Problem, error
from podium.document.rules.case import Case, add_after, change_to
from podium.document.spans import Edit, Span
from podium.domain.waves import clashes


def order_problems(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with ``after``, and files that two tasks touch at the same time."""
    yield from _unknown(case)
    yield from _cycles(case)
    yield from _shared_files(case)


def _unknown(case: Case) -> Iterator[Problem]:
    for node in case.tasks:
        if case.by_id.keys() >= {*node.task.after}:
            continue
        for text, span in node.after:
            if text not in case.by_id:
                message = f"there is no task {text!r}; name one that exists, or remove it"
                fixes = change_to(span, case.suggest(text, case.by_id))
                yield error("unknown-task", span, message, *fixes)


def _cycles(case: Case) -> Iterator[Problem]:
    """Yield one problem for each cycle that a walk along ``after`` runs into."""
    startable = {it for wave in case.waves for it in wave}
    if len(startable) == len(case.by_id):
        return
    finished = set[str](startable)
    for start in case.by_id:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in finished and at not in path:
            path[at] = None
            needed = (it for it in case.by_id[at].task.after if it in case.by_id)
            at = next((it for it in needed if it not in startable), None)
        if at is not None and at in path:
            ring = [*path][[*path].index(at) :]
            yield _cycle(case.by_id[ring[-1]], [*ring, ring[0]])
        finished.update(path)


def _cycle(node: TaskNode, ring: list[str]) -> Problem:
    number = next(i for i, (text, _) in enumerate(node.after) if text == ring[-1])
    span = node.after[number][1]
    shown = ring if len(ring) <= 12 else [*ring[:10], "…", ring[-1]]  # noqa: PLR2004  # A line of text.
    message = f"these tasks wait for each other: {' → '.join(shown)}; remove one 'after'"
    fix = Fix(f"Remove {ring[-1]!r} here", (_removal(node, number),))
    return error("cycle", span, message, fix)


def _removal(node: TaskNode, number: int) -> Edit:
    """Return the edit that takes one id out of ``after`` with its comma, or the whole field."""
    spans = [span for _, span in node.after]
    field = node.field("after")
    if len(spans) == 1 and field is not None:
        return Edit(Span(field.whole.first_line, 0, field.whole.last_line + 1, 0), "")
    if number == 0:
        return Edit(Span(*spans[0][:2], *spans[1][:2]), "")
    return Edit(Span(*spans[number - 1][2:], *spans[number][2:]), "")


def _shared_files(case: Case) -> Iterator[Problem]:
    for wave in case.waves:
        tasks = [case.by_id[it].task for it in wave]
        for task_id, number, other in clashes(tasks) if tasks[1:] else ():
            yield _shared(case, case.by_id[task_id], number, other)


def _shared(case: Case, node: TaskNode, number: int, other: str) -> Problem:
    it = node.entry.files[number]
    message = (
        f"{other} touches {it.reference.path!r} at the same time; "
        f"add 'after: {other}', or say in 'parallel' why that is safe"
    )
    fix = add_after(case, node, other)
    return error("shared-file", it.path.shifted(node.first_line), message, fix)
