"""What a person can do next with a plan, a task or a finding: lenses and actions say the same."""

from podium.domain.finding import Finding
from podium.domain.plan import Question
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase, TaskRun
from podium_server.shown import Command
from podium_server.snapshot import PlanSnapshot

_WORKING = frozenset({Phase.RUNNING, Phase.INTEGRATING})
_CANCELLABLE = frozenset({*_WORKING, Phase.PLANNING, Phase.INTERVIEWING})
_WITH_RESULT = frozenset(
    {*_WORKING, Phase.AWAITING_MERGE, Phase.MERGING, Phase.STOPPED, Phase.DONE}
)


def plan_steps(snapshot: PlanSnapshot) -> tuple[Command, ...]:
    """Return what can be done with the plan as a whole, the likeliest first."""
    request = snapshot.request
    of_plan = {"plan": snapshot.plan}
    if request is None or request.phase is Phase.DRAFT:
        says = snapshot.document.plan
        if says.request.strip() and not says.tasks:
            return (Command("podium.request", "Plan this request", {"uri": snapshot.uri}),)
        return ()
    if request.phase is Phase.AWAITING_APPROVAL:
        exactly = {**of_plan, "hash": snapshot.hash}
        approve = Command("podium.approve", "Approve", exactly)
        return (
            *(() if snapshot.obstacles else (approve,)),
            Command("podium.reject", "Reject…", of_plan),
            Command("podium.review", "Review", of_plan),
        )
    return tuple(Command(name, title, of_plan) for name, title in _steps(request))


def _steps(request: Request) -> list[tuple[str, str]]:
    phase = request.phase
    steps: list[tuple[str, str]] = []
    if phase is Phase.APPROVED:
        steps += [("podium.start", "Start"), ("podium.reject", "Reject…")]
    if phase is Phase.AWAITING_MERGE:
        steps.append(("podium.merge", "Merge"))
    if request.paused or (phase is Phase.STOPPED and request.problem and request.run is None):
        steps.append(("podium.resume", "Resume"))
    elif phase in _WORKING:
        steps.append(("podium.pause", "Pause"))
    if phase in _CANCELLABLE:
        steps.append(("podium.cancel", "Cancel"))
    if phase in _WITH_RESULT and request.run is not None:
        if request.run.head not in {None, request.run.base}:
            steps.append(("podium.showDiff", "Show diff"))
        steps.append(("podium.showReport", "Show report"))
    if phase in {Phase.AWAITING_MERGE, Phase.STOPPED} and request.run is not None:
        steps.append(("podium.discard", "Discard"))
    return steps


def task_steps(request: Request, task: TaskRun) -> tuple[Command, ...]:
    """Return what can be done with one task of a run."""
    of_task = {"plan": request.id, "task": task.task.id}
    steps: list[Command] = []
    if task.phase is TaskPhase.STOPPED and request.phase is not Phase.DONE:
        steps.append(Command("podium.retry", f"Retry {task.task.id}", of_task))
    if task.commit is not None:
        steps.append(Command("podium.showDiff", f"Show diff of {task.task.id}", of_task))
    return tuple(steps)


def finding_steps(request: Request, finding: Finding) -> tuple[Command, ...]:
    """Return what can be done about an open finding."""
    of_finding = {"plan": request.id, "finding": finding.id}
    return (
        Command("podium.fixFinding", "Fix this finding", of_finding),
        Command("podium.dismissFinding", "Dismiss with a reason…", of_finding),
    )


def question_steps(snapshot: PlanSnapshot, question: Question) -> tuple[Command, ...]:
    """Return the ways to answer an open question: its options, and any other answer."""
    of_question = {"plan": snapshot.plan, "question": question.id}
    options = tuple(
        Command("podium.answer", f"Answer {question.id}: {it}", {**of_question, "answer": it})
        for it in question.options
    )
    return (*options, Command("podium.answer", f"Answer {question.id}…", of_question))
