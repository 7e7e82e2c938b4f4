"""Code lenses: what can be done, above the line it is about.

How far a task is says the inlay hint at the end of its line (`podium_server.analysis.hints`).
"""

from collections.abc import Iterator

from podium.document.spans import Span
from podium.domain.paths import covers
from podium.domain.request import Request
from podium.text.amounts import count
from podium_server.analysis.code_diagnostics import live_runs, placed_findings
from podium_server.analysis.places import line_span
from podium_server.analysis.runs import task_of
from podium_server.analysis.steps import plan_steps, task_steps
from podium_server.shown import EditorCommand, Lens
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot


def lenses(snapshot: Snapshot) -> tuple[Lens, ...]:
    """Return the lenses of a document."""
    if isinstance(snapshot, PlanSnapshot):
        return (*_plan_lenses(snapshot), *_task_lenses(snapshot))
    return tuple(_code_lenses(snapshot))


def _plan_lenses(snapshot: PlanSnapshot) -> Iterator[Lens]:
    for step in plan_steps(snapshot):
        yield Lens(snapshot.title, step.title, step)


def _task_lenses(snapshot: PlanSnapshot) -> Iterator[Lens]:
    request = snapshot.request
    for node in snapshot.document.spans.tasks:
        task = task_of(request, node.task.id)
        if request is not None and task is not None:
            for step in task_steps(request, task):
                yield Lens(node.id_span, step.title, step)


def _code_lenses(snapshot: CodeSnapshot) -> Iterator[Lens]:
    for request, run in live_runs(snapshot.requests):
        for task in run.tasks.values():
            named = [it for it in task.task.files if covers(it.path, snapshot.path)]
            if named and task.phase.is_active:
                span = line_span(snapshot.lines, named[0].place.first_line - 1)
                yield Lens(span, f"podium: {task.task.id} is being worked on", _report(request))
    by_request: dict[str, int] = {}
    reports: dict[str, EditorCommand] = {}
    for it in placed_findings(snapshot):
        by_request[it.request.id] = by_request.get(it.request.id, 0) + 1
        reports[it.request.id] = _report(it.request)
    for plan, number in by_request.items():
        yield Lens(Span.at(0, 0), f"podium: {count(number, 'finding')}", reports[plan])


def _report(request: Request) -> EditorCommand:
    return EditorCommand("podium.showReport", "Show report", {"plan": request.id})
