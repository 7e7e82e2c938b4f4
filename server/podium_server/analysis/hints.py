"""Inlay hints: each task's state, cost, open findings and model, at the end of its line."""

from collections.abc import Iterator

from podium.domain.standing import task_state
from podium.text.plain import one_line
from podium_server.analysis.runs import task_of
from podium_server.shown import Hint
from podium_server.snapshot import PlanSnapshot, Snapshot


def hints(snapshot: Snapshot, first_line: int, last_line: int) -> tuple[Hint, ...]:
    """Return the hints on lines ``first_line..last_line``."""
    if not isinstance(snapshot, PlanSnapshot):
        return ()
    return tuple(it for it in _hints(snapshot) if first_line <= it.line <= last_line)


def _hints(snapshot: PlanSnapshot) -> Iterator[Hint]:
    request = snapshot.request
    for node in snapshot.document.spans.tasks:
        task = task_of(request, node.task.id)
        if request is not None and task is not None:
            line = node.id_span.first_line
            column = len(snapshot.document.lines[line])
            yield Hint(line, column, task_state(request, task), one_line(task.doing))
