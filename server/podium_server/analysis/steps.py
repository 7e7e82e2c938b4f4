"""What a person can do next with a plan, a task or a finding: lenses and actions say the same."""

from podium.domain.finding import Finding
from podium.domain.plan import Question
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase, TaskRun
from podium_server.analysis.obstacles import obstacles
from podium_server.analysis.runs import BEFORE_RUNS, can_still_change, is_to_be_approved, run_of
from podium_server.shown import EditorCommand
from podium_server.snapshot import PlanSnapshot


def plan_steps(snapshot: PlanSnapshot) -> tuple[EditorCommand, ...]:
    """Return what can be done with the plan as a whole, the likeliest first."""
    request = snapshot.request
    if request is None or request.phase is Phase.DRAFT:
        says = snapshot.document.plan
        if says.request.strip() and not says.tasks:
            return (EditorCommand("podium.request", "Plan this request", {"uri": snapshot.uri}),)
        return ()
    of_plan = {"plan": snapshot.plan}
    exactly = {**of_plan, "hash": snapshot.hash}
    steps = [EditorCommand(name, title, of_plan) for name, title in _steps(request)]
    if is_to_be_approved(request, snapshot.hash) and not obstacles(snapshot):
        title = "Approve" if request.phase is Phase.AWAITING_APPROVAL else "Approve again"
        approve = EditorCommand("podium.approve", title, exactly)
        # After a run has stopped, approving starts another one: rarely the first thing to do.
        steps.insert(len(steps) if request.phase is Phase.STOPPED else 0, approve)
    return tuple(steps)


def _steps(request: Request) -> list[tuple[str, str]]:
    phase = request.phase
    steps: list[tuple[str, str]] = []
    if phase is Phase.APPROVED:
        steps.append(("podium.start", "Start"))
    if phase in {Phase.AWAITING_APPROVAL, Phase.APPROVED}:
        steps.append(("podium.reject", "Reject…"))
    if phase is Phase.AWAITING_APPROVAL:
        steps.append(("podium.review", "Review"))
    if phase is Phase.AWAITING_MERGE and request.approval is not None and not request.paused:
        steps.append(("podium.merge", "Merge"))
    if request.paused and not (phase.has_live_run and request.approval is None):
        steps.append(("podium.resume", "Resume"))
    elif phase.is_working and not request.paused:
        steps.append(("podium.pause", "Pause"))
    if phase.is_working:
        steps.append(("podium.cancel", "Cancel"))
    return [*steps, *_result_steps(request)]


def _result_steps(request: Request) -> list[tuple[str, str]]:
    """Return what can be done with what a run has brought."""
    if request.run is None or request.phase in BEFORE_RUNS:
        return []
    run, steps = run_of(request), [("podium.showReport", "Show report")]
    if run is not None and run.head not in {None, run.base}:
        steps.insert(0, ("podium.showDiff", "Show diff"))
    if run is not None and request.phase.has_result:
        steps.append(("podium.discard", "Discard…"))
    return steps


def task_steps(request: Request, task: TaskRun) -> tuple[EditorCommand, ...]:
    """Return what can be done with one task of a run."""
    of_task = {"plan": request.id, "task": task.task.id}
    steps: list[EditorCommand] = []
    if task.phase is TaskPhase.STOPPED and can_still_change(request):
        steps.append(EditorCommand("podium.retry", f"Retry {task.task.id}", of_task))
    if task.commit is not None:
        steps.append(EditorCommand("podium.showDiff", f"Show diff of {task.task.id}", of_task))
    return tuple(steps)


def finding_steps(request: Request, finding: Finding) -> tuple[EditorCommand, ...]:
    """Return what can be done about an open finding."""
    of_finding = {"plan": request.id, "finding": finding.id}
    fix = EditorCommand("podium.fixFinding", "Fix this finding", of_finding)
    dismiss = EditorCommand("podium.dismissFinding", "Dismiss with a reason…", of_finding)
    return (fix, dismiss) if can_still_change(request) else (dismiss,)


def question_steps(snapshot: PlanSnapshot, question: Question) -> tuple[EditorCommand, ...]:
    """Return the ways to answer an open question: its options, and any other answer."""
    of_question = {"plan": snapshot.plan, "question": question.id}
    options = tuple(
        EditorCommand("podium.answer", f"Answer {question.id}: {it}", {**of_question, "answer": it})
        for it in question.options
    )
    return (*options, EditorCommand("podium.answer", f"Answer {question.id}…", of_question))
