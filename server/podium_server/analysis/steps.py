"""What a person can do next with a plan, a task or a finding: lenses and actions say the same.

What a human can command is `podium.domain.commands`' to say; here it gets its place among what
else there is to be shown.
"""

from collections.abc import Iterator

from podium.domain.command_table import Verb
from podium.domain.commands import HumanCommand, allowed
from podium.domain.finding import Finding
from podium.domain.plan import Question
from podium.domain.request import Phase, Request
from podium.domain.run import TaskRun
from podium.text.plain import one_line
from podium_server.analysis.as_shown import as_shown
from podium_server.analysis.runs import run_of
from podium_server.command_names import name_of
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
    now = {it.verb: it for it in allowed(as_shown(snapshot, request), ("plan", "run"))}
    now.pop(Verb.REQUEST, None)
    # After a run has stopped, approving starts another one: rarely the first thing to do.
    late = [Verb.DISCARD, *([Verb.APPROVE] if request.phase is Phase.STOPPED else [])]
    last = [it for verb in late if (it := now.pop(verb, None))]
    return (
        *(_step(snapshot, it) for it in now.values()),
        *(EditorCommand(*it, {"plan": snapshot.plan}) for it in _looks(request)),
        *(_step(snapshot, it) for it in last),
    )


def _step(snapshot: PlanSnapshot, it: HumanCommand) -> EditorCommand:
    exactly = {"hash": snapshot.hash} if it.verb is Verb.APPROVE else {}
    return EditorCommand(name_of(it.verb), it.title, {"plan": snapshot.plan, **exactly})


def _looks(request: Request) -> Iterator[tuple[str, str]]:
    """Yield what can be looked at: a plan before it is approved, and what its run has brought."""
    if request.phase is Phase.AWAITING_APPROVAL:
        yield "podium.review", "Review"
    if request.run is None or request.phase.is_before_run:
        return
    run = run_of(request)
    if run is not None and run.head not in {None, run.base}:
        yield "podium.showDiff", "Show diff"
    yield "podium.showReport", "Show report"


def task_steps(request: Request, task: TaskRun) -> tuple[EditorCommand, ...]:
    """Return what can be done with one task of a run."""
    of_task = {"plan": request.id, "task": task.task.id}
    steps = _steps(request, "task", task.task.id)
    if task.commit is None:
        return steps
    return (*steps, EditorCommand("podium.showDiff", f"Show diff of {task.task.id}", of_task))


def finding_steps(request: Request, finding: Finding) -> tuple[EditorCommand, ...]:
    """Return what can be done about a finding."""
    return _steps(request, "finding", finding.id)


def question_steps(snapshot: PlanSnapshot, question: Question) -> tuple[EditorCommand, ...]:
    """Return the ways to answer an open question: its options, and any other answer."""
    of_question = {"plan": snapshot.plan, "question": question.id}
    options = tuple(
        EditorCommand(
            "podium.answer", f"Answer {question.id}: {one_line(it)}", {**of_question, "answer": it}
        )
        for it in question.options
    )
    return (*options, EditorCommand("podium.answer", f"Answer {question.id}…", of_question))


def _steps(request: Request, about: str, target: str) -> tuple[EditorCommand, ...]:
    return tuple(
        EditorCommand(name_of(it.verb), it.title, {"plan": request.id, about: it.target})
        for it in allowed(request, (about,), target)
    )
