"""The diagnostics of a plan document: what is wrong with it, and where its run stands."""

from collections.abc import Iterator

from podium.document.problem import Problem
from podium.document.spans import Span
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskRun
from podium.domain.standing import attempt, spent, standing, stopped, verdict_line
from podium.domain.verdict import Outcome, Verdict
from podium.text.amounts import joined
from podium.text.plain import one_line, paragraph
from podium_server.analysis.as_shown import as_shown
from podium_server.analysis.findings import finding_diagnostic
from podium_server.analysis.places import only_in_run
from podium_server.analysis.runs import open_run_of, run_of
from podium_server.analysis.verdicts import open_verdicts, run_verdicts
from podium_server.shown import Diagnostic, Related, ShownSeverity
from podium_server.snapshot import PlanSnapshot

_MAX_TODOS = 10
_MAX_RELATED = 20


def plan_diagnostics(snapshot: PlanSnapshot) -> tuple[Diagnostic, ...]:
    """Return everything to be said about a plan, the document's own mistakes first."""
    request = snapshot.request
    found: list[Diagnostic] = []
    if request is None or not request.phase.is_final:
        # A merged plan is history: the files that it would create are there now.
        found += [problem_diagnostic(it) for it in snapshot.problems]
    if request is not None:
        found += [
            Diagnostic(snapshot.title, severity, code, message)
            for severity, code, message in _news(snapshot, request)
        ]
        run = open_run_of(request)
        if run is not None:
            found += _run_diagnostics(snapshot, request, run)
    return tuple(found)


def problem_diagnostic(problem: Problem) -> Diagnostic:
    """Return a mistake of the document as a diagnostic."""
    return Diagnostic(problem.span, ShownSeverity(problem.severity), problem.code, problem.message)


def _news(snapshot: PlanSnapshot, request: Request) -> Iterator[tuple[ShownSeverity, str, str]]:
    """Yield what there is to know about the request as a whole."""
    if request.problem:
        yield ShownSeverity.WARNING, "problem", paragraph(request.problem)
    if request.paused:
        yield ShownSeverity.WARNING, "paused", f"paused: {paragraph(request.paused)}"
    if request.was_revoked and request.approval is None:
        message = "edited after approval: nothing goes on until somebody approves this text"
        yield ShownSeverity.WARNING, "approval-revoked", message
    message = _standing(snapshot, request)
    if message:
        yield ShownSeverity.INFORMATION, _code(request.phase), message


def _code(phase: Phase) -> str:
    return "approval-pending" if phase is Phase.AWAITING_APPROVAL else phase.replace(" ", "-")


def _standing(snapshot: PlanSnapshot, request: Request) -> str:
    """Return where the request stands by the text that is shown; nothing when it is over."""
    if request.phase is Phase.DONE or (request.phase is Phase.PLANNING and request.paused):
        return ""
    is_costly = run_of(request) is not None or request.phase is Phase.PLANNING
    return joined(standing(as_shown(snapshot, request)), spent(request) if is_costly else "")


def _run_diagnostics(snapshot: PlanSnapshot, request: Request, run: Run) -> Iterator[Diagnostic]:
    for task in run.tasks.values():
        node = snapshot.document.task(task.task.id)
        span = _task_span(snapshot, task)
        lead = "" if node else f"{task.task.id} {one_line(task.task.title, 80)}: "
        yield from _task_diagnostics(task, span, lead)
    for verdict in run_verdicts(run):
        yield verdict_diagnostic(verdict, snapshot.title, "on the merged tree, ")
    for finding in run.open_findings:
        if finding.place.path in snapshot.missing:
            span = _task_span(snapshot, run.tasks.get(finding.task))
            where = f"{finding.place.path}:{finding.place.first_line}: "
            yield finding_diagnostic(
                request,
                finding,
                span,
                task_line=span.first_line,
                lead=where,
                note=only_in_run(finding.place),
            )


def _task_span(snapshot: PlanSnapshot, task: TaskRun | None) -> Span:
    node = snapshot.document.task(task.task.id) if task else None
    if node is None:
        return snapshot.title
    return Span(*node.id_span[:2], *node.title_span[2:])


def _task_diagnostics(task: TaskRun, span: Span, lead: str) -> Iterator[Diagnostic]:
    data = {"task": task.task.id}
    if task.phase.is_stopped:
        message = lead + paragraph(stopped(task))
        yield Diagnostic(span, ShownSeverity.ERROR, "task-stopped", message, data=data)
    elif task.phase.is_active:
        message = lead + joined(task.phase, attempt(task), one_line(task.doing))
        yield Diagnostic(span, ShownSeverity.INFORMATION, f"task-{task.phase}", message, data=data)
        todos = [it.text for it in task.todos if not it.done]
        for text in todos[:_MAX_TODOS]:
            yield Diagnostic(span, ShownSeverity.HINT, "todo", f"{lead}todo: {one_line(text)}")
    for verdict in open_verdicts(task):
        yield verdict_diagnostic(verdict, span, lead)


def verdict_diagnostic(verdict: Verdict, span: Span, lead: str = "") -> Diagnostic:
    """Return a verdict that stands in the way, with the places that it complains about."""
    severity = ShownSeverity.ERROR if verdict.outcome is Outcome.FAILED else ShownSeverity.WARNING
    related = tuple(
        Related(it.place.path, it.place.first_line - 1, one_line(it.message))
        for it in verdict.complaints
        if it.place is not None
    )
    message = lead + verdict_line(verdict)
    return Diagnostic(span, severity, f"gate-{verdict.gate}", message, related[:_MAX_RELATED])
