"""Code actions: the twins of the lenses, and the quick fixes of what is wrong."""

from collections.abc import Iterator, Sequence

from podium.document.spans import Span
from podium.text.plain import one_line
from podium_server.analysis.code_diagnostics import placed_findings
from podium_server.analysis.lenses import lenses
from podium_server.analysis.plan_diagnostics import plan_diagnostics, problem_diagnostic
from podium_server.analysis.runs import is_going_on, open_run_of, run_of
from podium_server.analysis.steps import finding_steps, plan_steps, question_steps, task_steps
from podium_server.shown import Action, Diagnostic, EditorCommand
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot

_Shown = Sequence[Diagnostic]


def actions(snapshot: Snapshot, span: Span) -> tuple[Action, ...]:
    """Return what can be done at ``span``; with a whole plan it can be done anywhere in it."""
    if isinstance(snapshot, CodeSnapshot):
        return tuple(_code_actions(snapshot, span))
    shown = plan_diagnostics(snapshot)
    return (
        *_quick_fixes(snapshot, span),
        *_question_actions(snapshot, span, shown),
        *_task_actions(snapshot, span, shown),
        *_finding_actions(snapshot, span, shown),
        *_plan_actions(snapshot, shown),
    )


def touches(one: Span, other: Span) -> bool:
    """Whether two ranges share a line."""
    return one.first_line <= other.last_line and other.first_line <= one.last_line


def _quick_fixes(snapshot: PlanSnapshot, span: Span) -> Iterator[Action]:
    if snapshot.request is not None and snapshot.request.phase.is_final:
        return
    for problem in snapshot.problems:
        is_offered = problem.code != "open-question" or not is_going_on(snapshot.request)
        if is_offered and touches(problem.span, span):
            for fix in problem.fixes:
                yield Action(
                    fix.title,
                    problem.span,
                    edits=fix.edits,
                    fixes=problem_diagnostic(problem),
                    is_preferred=len(problem.fixes) == 1,
                )


def _question_actions(snapshot: PlanSnapshot, span: Span, shown: _Shown) -> Iterator[Action]:
    for node in snapshot.document.spans.questions if is_going_on(snapshot.request) else ():
        if not node.question.answer and touches(node.whole, span):
            asked = (it for it in shown if it.code == "open-question")
            about = next((it for it in asked if it.span == node.title_span), None)
            for step in question_steps(snapshot, node.question):
                yield _action(step, node.whole, about)


def _task_actions(snapshot: PlanSnapshot, span: Span, shown: _Shown) -> Iterator[Action]:
    """Yield what can be done with tasks, on the title for those without a line, as a fix."""
    request = snapshot.request
    run = run_of(request)
    for task in run.tasks.values() if run else ():
        node = snapshot.document.task(task.task.id)
        where = node.whole if node else snapshot.title
        if request is not None and touches(where, span):
            stopped = _about(shown, "task-stopped", task=task.task.id)
            for step in task_steps(request, task):
                yield _action(step, where, stopped if step.name == "podium.retry" else None)


def _finding_actions(snapshot: PlanSnapshot, span: Span, shown: _Shown) -> Iterator[Action]:
    """Yield what can be done about findings from their task, as their file may not exist yet."""
    request = snapshot.request
    run = open_run_of(request)
    if request is None or run is None:
        return
    for finding in run.open_findings:
        node = snapshot.document.task(finding.task)
        where = node.whole if node else snapshot.title
        if touches(where, span):
            about = _about(shown, finding.severity, finding=finding.id)
            for step in finding_steps(request, finding):
                yield _action(_titled(step, finding.title), where, about)


def _plan_actions(snapshot: PlanSnapshot, shown: _Shown) -> Iterator[Action]:
    pending = _about(shown, "approval-pending")
    for step in plan_steps(snapshot):
        yield _action(step, snapshot.title, pending)


def _code_actions(snapshot: CodeSnapshot, span: Span) -> Iterator[Action]:
    for it in placed_findings(snapshot):
        if touches(it.diagnostic.span, span):
            for step in finding_steps(it.request, it.finding):
                titled = _titled(step, it.finding.title)
                yield _action(titled, it.diagnostic.span, it.diagnostic)
    seen: set[str] = set()
    for lens in lenses(snapshot):
        if lens.command.arguments["plan"] not in seen:
            seen.add(lens.command.arguments["plan"])
            yield _action(lens.command, lens.span)


def _titled(step: EditorCommand, finding: str) -> EditorCommand:
    return EditorCommand(step.name, f"{step.title}: {one_line(finding, 60)}", step.arguments)


def _about(shown: _Shown, code: str, **data: str) -> Diagnostic | None:
    """Return the diagnostic of that code whose data say ``data``."""
    return next(
        (it for it in shown if it.code == code and data.items() <= dict(it.data).items()), None
    )


def _action(step: EditorCommand, span: Span, fixes: Diagnostic | None = None) -> Action:
    """Return a command as an action, never a preferred one: editors run those at a keystroke."""
    return Action(step.title, span, command=step, fixes=fixes)
