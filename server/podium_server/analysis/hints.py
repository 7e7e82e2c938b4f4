"""Inlay hints: each task's state, cost, open findings and model, at the end of its line."""

from collections.abc import Iterator

from podium.domain.request import Request
from podium.domain.run import TaskPhase, TaskRun
from podium.text.amounts import count, joined, money
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


def task_state(request: Request, task: TaskRun) -> str:
    """Return ``done · attempt 2 · $0.03 · 1 finding · a-model``."""
    phase = "paused" if request.paused and task.phase.is_active else task.phase.value
    findings = request.run.open_findings if request.run else ()
    n_findings = sum(it.task == task.task.id for it in findings)
    return joined(
        phase,
        f"attempt {task.attempt}" if task.attempt > 1 else "",
        money(task.cost_usd) if task.cost_usd else "",
        count(n_findings, "finding") if n_findings else "",
        one_line(task.model, 60) if task.phase is not TaskPhase.WAITING else "",
    )
