"""What jobs report of a run: turns, verdicts, and how each job ended."""

from collections.abc import Callable
from decimal import Decimal

from podium.domain.base import TaskId, known
from podium.domain.effect import JudgeRun, MergeRun, PlanningJob, TaskJob, TickTasks
from podium.domain.events.ends import (
    JobFailed,
    RunJudged,
    RunPrepared,
    TaskConflicted,
    TaskEscalated,
    TaskIntegrated,
    TaskJudged,
    TaskReviewed,
    TaskSubmitted,
)
from podium.domain.events.progress import (
    CallCharged,
    CallFact,
    CallSent,
    GateJudged,
    ModelSwitched,
    TodosChanged,
    TurnTaken,
)
from podium.domain.finding import Finding, FindingState
from podium.domain.gate_policy import has_failed, is_whole_proven, not_passed, verdicts_on
from podium.domain.request import Phase, Request
from podium.domain.run import Candidate, TaskPhase, TaskRun
from podium.domain.transitions import merging
from podium.domain.transitions.planning import follow_document, give_up_planning
from podium.domain.transitions.table import after
from podium.domain.transitions.tasks import (
    judge_task,
    passed_by_dismissal,
    review_task,
    run_of,
    schedule,
    send_back,
    stop_task,
    with_run,
)
from podium.domain.verdict import Complaint, Gate, Outcome


@after(CallSent)
def call_sent(request: Request, event: CallSent) -> Request:
    """Remember what may have to be paid."""
    return request.evolve(in_flight=request.in_flight | {event.call: event})


@after(CallCharged)
def call_charged(request: Request, event: CallCharged) -> Request:
    """Count what a call without a reply has cost, once."""
    return _paid(request, event, event.cost_usd) if event.call in request.in_flight else request


@after(TurnTaken)
def turn_taken(request: Request, event: TurnTaken) -> Request:
    """Count what was paid, whoever still waits for it; a late turn tells nothing else."""
    is_awaited = request.awaits(event.job)
    request = _paid(request, event, event.cost_usd)
    spent = request.spent.evolve(
        usage=request.spent.usage + event.usage, n_turns=request.spent.n_turns + 1
    )
    doing = f"{event.role}: {event.doing or 'thinking'}" if is_awaited else request.doing
    request = request.evolve(spent=spent, doing=doing)
    task = _task_of(request, event)
    if task is None:
        return request
    changes: dict[str, object] = {"n_turns": task.n_turns + 1}
    if is_awaited:
        changes |= {"doing": event.doing}
    if event.is_author:
        # A late reply, too, is in the transcript that the work goes on from.
        others = tuple(it for it in task.author_families if it != event.family)
        changes |= {"author_families": (*others, event.family)}
        changes |= {"model": event.model} if is_awaited else {}
    return with_run(request, run_of(request).with_task(task.evolve(**changes)))


@after(ModelSwitched)
def model_switched(request: Request, event: ModelSwitched) -> Request:
    """Show that a fallback was taken."""
    if request.run is None:
        it = event.switch
        return request.evolve(doing=f"{it.to_model} instead of {it.from_model}: {it.reason}")
    return with_run(request, request.run.evolve(switches=(*request.run.switches, event.switch)))


@after(TodosChanged)
def todos_changed(request: Request, event: TodosChanged) -> Request:
    """Take over the worker's todos."""
    return _with_task(request, event.task, lambda it: it.evolve(todos=event.todos))


@after(GateJudged)
def gate_judged(request: Request, event: GateJudged) -> Request:
    """Keep the verdict with its evidence."""
    if event.task is not None:
        return _with_task(request, event.task, lambda it: it.judged(event.verdict))
    run = run_of(request)
    return with_run(request, run.evolve(judgements=(*run.judgements, event.verdict)))


@after(RunPrepared)
def run_prepared(request: Request, event: RunPrepared) -> Request:
    """Start the first wave."""
    run = run_of(request).evolve(
        branch=event.branch,
        base=event.base,
        head=event.base,
        tree=event.base_tree,
    )
    return schedule(with_run(request.without(event.job), run))


@after(TaskSubmitted)
def task_submitted(request: Request, event: TaskSubmitted) -> Request:
    """Have the gates judge what the worker says is done."""
    request = request.without(event.job)
    run = run_of(request)
    lessons = (*run.lessons, *(it for it in event.lessons if it not in run.lessons))
    task = run.tasks[event.task].evolve(
        commit=event.commit,
        is_submitted=True,
        summary=event.summary,
        doing="",
    )
    return judge_task(with_run(request, run.evolve(lessons=lessons)), task)


@after(TaskEscalated)
def task_escalated(request: Request, event: TaskEscalated) -> Request:
    """Stop a task whose worker cannot go on."""
    request = request.without(event.job)
    return stop_task(request, run_of(request).tasks[event.task], event.reason)


@after(TaskJudged)
def task_judged(request: Request, event: TaskJudged) -> Request:
    """Send the task back, stop it, or have it reviewed."""
    request = request.without(event.job)
    candidate = Candidate(commit=event.candidate, tree=event.tree, onto=event.onto)
    task = run_of(request).tasks[event.task].evolve(candidate=candidate)
    verdicts = verdicts_on(task, candidate.tree)
    failed = tuple(it for it in verdicts if it.outcome is Outcome.FAILED)
    if failed:
        return send_back(request, task, failed=failed)
    unknown = [it for it in verdicts if it.outcome is Outcome.UNKNOWN]
    if unknown:
        reasons = "; ".join(f"{it.gate}: {it.summary}" for it in unknown)
        return stop_task(
            request, task, f"a gate could not judge, so the task cannot pass. {reasons}"
        )
    if task.reviewed == task.commit:
        accepted = task.evolve(phase=TaskPhase.ACCEPTED)
        return schedule(with_run(request, run_of(request).with_task(accepted)))
    return review_task(request, task, candidate)


@after(TaskConflicted)
def task_conflicted(request: Request, event: TaskConflicted) -> Request:
    """Let the worker do the task again on top of what has been integrated meanwhile."""
    request = request.without(event.job)
    task = run_of(request).tasks[event.task]
    anew = task.evolve(base=None, candidate=None, is_submitted=False, author_families=())
    return send_back(request, anew, conflicts=event.paths)


@after(TaskReviewed)
def task_reviewed(request: Request, event: TaskReviewed) -> Request:
    """Keep the findings; send the task back if any of them blocks it.

    What a human has dismissed is no complaint, however often it is raised.
    """
    request = request.without(event.job)
    run = run_of(request)
    dismissed = {it.id for it in run.findings if it.state is FindingState.DISMISSED}
    findings = tuple(it for it in event.findings if it.id not in dismissed)
    verdict = event.verdict.evolve(complaints=tuple(map(_claim, findings)))
    run = run.with_review(event.task, findings)
    task = run.tasks[event.task].judged(verdict)
    task = passed_by_dismissal(run, task) or task  # Some of it was, while the reviewer read.
    request = with_run(request, run.with_task(task))
    if known(task.verdict(Gate.REVIEW)).passed:
        accepted = task.evolve(phase=TaskPhase.ACCEPTED, reviewed=event.commit)
        return schedule(with_run(request, run_of(request).with_task(accepted)))
    if verdict.outcome is Outcome.UNKNOWN:
        return stop_task(request, task, f"the review could not judge: {verdict.summary}")
    blocking = tuple(it for it in findings if it.severity.blocks)
    return send_back(request, task, failed=(verdict,), findings=blocking)


@after(TaskIntegrated)
def task_integrated(request: Request, event: TaskIntegrated) -> Request:
    """Count the task as done: its gates have passed on exactly this tree."""
    request = request.without(event.job)
    run = run_of(request)
    task = run.tasks[event.task].evolve(phase=TaskPhase.DONE, doing="")
    run = run.with_task(task).evolve(head=event.head, tree=event.tree, candidate=None)
    request = with_run(request, run)
    if not task.fixes:
        request, job = request.numbered(f"{request.id}/tick")
        done = tuple(name for name, it in run.tasks.items() if it.phase is TaskPhase.DONE)
        request = request.dropping(TickTasks).expecting(  # This one ticks those, too.
            TickTasks(job=job, plan=request.id, path=request.path, tasks=done)
        )
    return schedule(request)


@after(RunJudged)
def run_judged(request: Request, event: RunJudged) -> Request:
    """Wait for the human's merge, if the whole holds together; judge it again if nobody knows."""
    if request.phase is Phase.JUDGING_MERGE:
        return merging.merge_judged(request.without(event.job))
    run = run_of(request)
    if is_whole_proven(run, run.tree):
        run, request = run.evolve(ended_at=event.at), request.without(event.job)
        return request.evolve(phase=Phase.AWAITING_MERGE, run=run)
    reasons = not_passed(run, event.tree)
    if not has_failed(run, event.tree):
        reason = f"every task passed, but the merged whole could not be judged. {reasons}"
        return request.easing(f"{reason}; mend that, then resume")
    return request.without(event.job).evolve(
        phase=Phase.STOPPED,
        run=run.evolve(ended_at=event.at),
        problem=f"every task passed, but the merged whole does not. {reasons}",
    )


@after(JobFailed)
def job_failed(request: Request, event: JobFailed) -> Request:
    """Pause where something outside must change first; stop what else cannot go on."""
    spec = known(request.awaited(event.job))
    is_judging_merge = request.phase is Phase.JUDGING_MERGE and event.cause == "error"
    if isinstance(spec, MergeRun) or (isinstance(spec, JudgeRun) and is_judging_merge):
        return merging.await_merge_again(request.without(event.job), event.reason)
    if spec.is_chore:
        return follow_document(request.without(event.job).evolve(problem=event.reason))
    if event.cause != "error":
        return request.easing(event.reason)
    request = request.without(event.job)
    match spec:
        case PlanningJob():
            return give_up_planning(request).evolve(problem=event.reason)
        case TaskJob():
            return stop_task(request, run_of(request).tasks[spec.task.id], event.reason)
        case _:
            return request.evolve(phase=Phase.STOPPED, problem=event.reason)


def _paid(request: Request, event: CallFact, cost_usd: Decimal) -> Request:
    """Return the request after a call was paid: by its task, its run or the planning."""
    run, task = request.run, _task_of(request, event)
    is_of_run = run is not None and event.job.startswith(f"{run.id}/")
    request = request.evolve(
        in_flight={call: it for call, it in request.in_flight.items() if call != event.call},
        spent=request.spent.evolve(cost_usd=request.spent.cost_usd + cost_usd),
        planning_usd=request.planning_usd + (0 if is_of_run else cost_usd),
    )
    if run is None or task is None:
        return request
    return with_run(request, run.with_task(task.evolve(cost_usd=task.cost_usd + cost_usd)))


def _task_of(request: Request, event: CallFact) -> TaskRun | None:
    """Return the task of the current run that a call was about, if it was about one."""
    run = request.run
    if run is None or event.task is None or not event.job.startswith(f"{run.id}/"):
        return None
    return run.tasks.get(event.task)


def _claim(finding: Finding) -> Complaint:
    return Complaint(message=f"{finding.severity}: {finding.title}", place=finding.place)


def _with_task(request: Request, name: TaskId, change: Callable[[TaskRun], TaskRun]) -> Request:
    run = run_of(request)
    return with_run(request, run.with_task(change(run.tasks[name])))
