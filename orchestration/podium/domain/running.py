"""A run: what events about it change, from its start to its merge."""

from collections.abc import Callable

from podium.domain.base import TaskId
from podium.domain.effect import CleanRun, DraftPlan, MergeRun, PrepareRun, TickTasks
from podium.domain.event import (
    FindingDismissed,
    FixAsked,
    GateJudged,
    JobFailed,
    MergeAsked,
    Merged,
    MergeRefused,
    ModelSwitched,
    RunCancelled,
    RunDiscarded,
    RunJudged,
    RunPaused,
    RunPrepared,
    RunResumed,
    RunStarted,
    TaskConflicted,
    TaskEscalated,
    TaskIntegrated,
    TaskJudged,
    TaskRetried,
    TaskReviewed,
    TaskSubmitted,
    TodosChanged,
    TurnTaken,
)
from podium.domain.finding import Finding, FindingState
from podium.domain.plan import FileReference, Task
from podium.domain.planning import reconsidered
from podium.domain.request import Phase, Request
from podium.domain.run import Candidate, Judgement, Run, Spending, TaskPhase, TaskRun
from podium.domain.verdict import Gate, Outcome, Verdict
from podium.domain.working import (
    advanced,
    judged_whole,
    judging,
    reviewing,
    run_of,
    sent_back,
    stopped,
    with_run,
)


def run_started(request: Request, event: RunStarted) -> Request:
    """Carry out the approved text, and nothing else."""
    plan = request.approved
    is_approved = request.approval is not None and request.approval.hash == request.hash
    if plan is None or not is_approved or request.phase is not Phase.APPROVED:
        return request
    run = Run(
        id=event.run,
        hash=request.hash,
        content=plan,
        budget_usd=event.budget_usd,
        tasks={it.id: TaskRun(task=it) for it in plan.tasks},
        started_at=event.at,
    )
    if request.run is not None and not request.run.is_discarded:
        request = _cleaned(request, request.run)
    request, job = request.numbered(f"{event.run}/prepare")
    return request.evolve(
        phase=Phase.RUNNING,
        run=run,
        n_runs=request.n_runs + 1,
        spent_before_usd=request.spent.cost_usd,
        paused="",
        problem="",
    ).expecting(PrepareRun(job=job, plan=request.id, run=event.run))


def run_paused(request: Request, event: RunPaused) -> Request:
    """Stop what is under way until somebody resumes."""
    is_going = request.phase in {Phase.RUNNING, Phase.INTEGRATING, Phase.PLANNING}
    return request.evolve(paused=event.reason) if is_going and not request.paused else request


def run_resumed(request: Request, event: RunResumed) -> Request:
    """Go on, unless the text that was approved is not the text any more."""
    if not request.paused or (request.phase.has_live_run and not request.is_run_approved):
        return request
    if request.run is not None and event.budget_usd is not None:
        request = request.evolve(run=request.run.evolve(budget_usd=event.budget_usd))
    return request.evolve(paused="")


def run_cancelled(request: Request, event: RunCancelled) -> Request:
    """Stop the run, or the planning, for good; what was done stays to be looked at."""
    if request.phase is Phase.PLANNING:
        others = tuple(it for it in request.outstanding if not isinstance(it, DraftPlan))
        phase = Phase.AWAITING_APPROVAL if request.n_tasks else Phase.DRAFT
        return request.evolve(phase=phase, outstanding=others, paused="", doing="")
    # A merge under way ends by itself, unless an edit has paused it.
    is_merging = request.phase is Phase.MERGING and not request.paused
    if not request.phase.has_live_run or is_merging:
        return request
    run = run_of(request)
    tasks = {
        name: it.evolve(phase=TaskPhase.STOPPED, stopped_because="the run was cancelled")
        if it.phase.is_active
        else it
        for name, it in run.tasks.items()
    }
    return request.evolve(
        phase=Phase.STOPPED,
        run=run.evolve(tasks=tasks, ended_at=event.at),
        problem="the run was cancelled",
        paused="",
        outstanding=_documents_only(request),
    )


def run_discarded(request: Request, event: RunDiscarded) -> Request:
    """Throw the run's worktrees away; what it cost and found stays on record."""
    if request.run is None or request.phase not in {Phase.AWAITING_MERGE, Phase.STOPPED}:
        return request
    if request.run.is_discarded:
        return request
    run = request.run.evolve(is_discarded=True, ended_at=request.run.ended_at or event.at)
    request = request.evolve(
        phase=Phase.STOPPED,
        run=run,
        problem="the run was discarded",
        paused="",
        outstanding=_documents_only(request),
    )
    return _cleaned(request, run)


def task_retried(request: Request, event: TaskRetried) -> Request:
    """Send a stopped task back to where it stopped."""
    run = request.run
    task = run.tasks.get(event.task) if run else None
    if run is None or task is None or not _goes_on(request):
        return request
    unprepared = run.head is None and request.phase is Phase.STOPPED
    if task.phase is not TaskPhase.STOPPED and not unprepared:
        return request
    task = task.evolve(phase=TaskPhase.WAITING, counted_from=len(task.history), stopped_because="")
    request = request.evolve(phase=Phase.RUNNING, problem="", paused="", run=run.with_task(task))
    if unprepared:
        request, job = request.numbered(f"{run.id}/prepare")
        return request.expecting(PrepareRun(job=job, plan=request.id, run=run.id))
    return advanced(request)


def fix_asked(request: Request, event: FixAsked) -> Request:
    """Delegate the fix of a finding as a task of its own, or to the task that it stopped."""
    run = request.run
    finding = _find(run, event) if run else None
    phases = {Phase.RUNNING, Phase.INTEGRATING, Phase.AWAITING_MERGE, Phase.STOPPED}
    if run is None or finding is None or finding.state is not FindingState.OPEN:
        return request
    if run.is_discarded or request.phase not in phases or not request.is_run_approved:
        return request
    if run.tasks[finding.task].phase is TaskPhase.STOPPED:
        return task_retried(request, TaskRetried(plan=event.plan, at=event.at, task=finding.task))
    task = _fixing(run, finding)
    run = run.with_finding(finding.evolve(state=FindingState.FIXING)).with_task(
        TaskRun(task=task, fixes=finding.id)
    )
    outstanding = tuple(it for it in request.outstanding if it.kind != "judge_run")
    return advanced(
        request.evolve(phase=Phase.RUNNING, run=run, problem="", outstanding=outstanding)
    )


def finding_dismissed(request: Request, event: FindingDismissed) -> Request:
    """Remember that, and why, a human does not share the reviewer's claim."""
    run = request.run
    finding = _find(run, event) if run else None
    if run is None or finding is None or finding.state is not FindingState.OPEN:
        return request
    if request.phase.is_final:
        return request
    run = run.with_finding(finding.evolve(state=FindingState.DISMISSED, dismissal=event.reason))
    request = with_run(request, run)
    task = run.tasks[finding.task]
    if task.phase is not TaskPhase.STOPPED or not _goes_on(request):
        return request
    review = task.verdict(Gate.REVIEW)
    unsolved = {FindingState.OPEN, FindingState.FIXING}
    stands = any(
        it.task == finding.task and it.severity.blocks and it.state in unsolved
        for it in run.findings
    )
    if stands or review is None or review.outcome is not Outcome.FAILED:
        return request
    if task.candidate is None or review.tree != task.candidate.tree:
        return request
    verdict = review.evolve(
        outcome=Outcome.PASSED, summary="every blocking finding was dismissed by a human"
    )
    is_free = run.held.isdisjoint(it.path for it in task.task.files)
    accepted = _judged(task, verdict).evolve(
        phase=TaskPhase.ACCEPTED if is_free else TaskPhase.WAITING,
        reviewed=task.commit,
        stopped_because="",
    )
    return advanced(
        with_run(request, run.with_task(accepted)).evolve(phase=Phase.RUNNING, problem="")
    )


def merge_asked(request: Request, event: MergeAsked) -> Request:
    """Merge what was approved and accepted, because a human says so."""
    run = request.run
    if request.phase is not Phase.AWAITING_MERGE or run is None or run.head is None:
        return request
    if not request.is_run_approved or request.paused:
        return request
    request, job = request.numbered(f"{run.id}/merge")
    spec = MergeRun(
        job=job,
        plan=request.id,
        run=run.id,
        head=run.head,
        title=request.title or request.id,
        unsaved=event.unsaved,
    )
    return request.evolve(phase=Phase.MERGING, problem="").expecting(spec)


def merged(request: Request, event: Merged) -> Request:
    """End: the change is the user's now."""
    run = run_of(request).evolve(merged=event.commit, ended_at=event.at)
    request = request.without(event.job).evolve(phase=Phase.DONE, run=run, doing="", paused="")
    return _cleaned(request, run)


def merge_refused(request: Request, event: MergeRefused) -> Request:
    """Wait for the human to clear the way."""
    return request.without(event.job).evolve(phase=Phase.AWAITING_MERGE, problem=event.reason)


def turn_taken(request: Request, event: TurnTaken) -> Request:
    """Count what was paid, whoever still waits for it; a late turn tells nothing else."""
    is_awaited = request.awaits(event.job)
    spent = Spending(
        cost_usd=request.spent.cost_usd + event.cost_usd,
        usage=request.spent.usage + event.usage,
        n_turns=request.spent.n_turns + 1,
    )
    doing = f"{event.role}: {event.doing or 'thinking'}" if is_awaited else request.doing
    run = request.run
    task = run.tasks.get(event.task) if run and event.task else None
    if run is None or task is None or not event.job.startswith(f"{run.id}/"):
        return request.evolve(spent=spent, doing=doing)
    changes: dict[str, object] = {
        "cost_usd": task.cost_usd + event.cost_usd,
        "n_turns": task.n_turns + 1,
    }
    if is_awaited:
        changes |= {"doing": event.doing}
    if is_awaited and event.role == "worker":
        changes |= {"model": event.model, "author_family": event.family}
    return request.evolve(spent=spent, doing=doing, run=run.with_task(task.evolve(**changes)))


def model_switched(request: Request, event: ModelSwitched) -> Request:
    """Show that a fallback was taken."""
    if request.run is None:
        it = event.switch
        return request.evolve(doing=f"{it.to_model} instead of {it.from_model}: {it.reason}")
    return with_run(request, request.run.evolve(switches=(*request.run.switches, event.switch)))


def todos_changed(request: Request, event: TodosChanged) -> Request:
    """Take over the worker's todos."""
    return _changed(request, event.task, lambda it: it.evolve(todos=event.todos))


def gate_judged(request: Request, event: GateJudged) -> Request:
    """Keep the verdict with its evidence."""
    if event.task is not None:
        return _changed(request, event.task, lambda it: _judged(it, event.verdict))
    run = run_of(request)
    return with_run(request, run.evolve(judgements=(*run.judgements, event.verdict)))


def run_prepared(request: Request, event: RunPrepared) -> Request:
    """Start the first wave."""
    run = run_of(request).evolve(
        base=event.base, base_tree=event.base_tree, head=event.base, tree=event.base_tree
    )
    return advanced(with_run(request.without(event.job), run))


def task_submitted(request: Request, event: TaskSubmitted) -> Request:
    """Have the gates judge what the worker says is done."""
    request = request.without(event.job)
    run = run_of(request)
    lessons = (*run.lessons, *(it for it in event.lessons if it not in run.lessons))
    task = run.tasks[event.task].evolve(
        commit=event.commit, summary=event.summary, author_family=event.family, doing=""
    )
    return judging(with_run(request, run.evolve(lessons=lessons)), task)


def task_escalated(request: Request, event: TaskEscalated) -> Request:
    """Stop a task whose worker cannot go on."""
    request = request.without(event.job)
    return stopped(request, run_of(request).tasks[event.task], event.reason)


def task_judged(request: Request, event: TaskJudged) -> Request:
    """Send the task back, stop it, or have it reviewed."""
    request = request.without(event.job)
    candidate = Candidate(commit=event.candidate, tree=event.tree, onto=event.onto)
    task = run_of(request).tasks[event.task].evolve(candidate=candidate)
    verdicts = [_on(task.verdict(gate), gate, candidate) for gate in _required(task.task)]
    failed = tuple(it for it in verdicts if it.outcome is Outcome.FAILED)
    if failed:
        return sent_back(request, task, failed=failed)
    unknown = [it for it in verdicts if it.outcome is Outcome.UNKNOWN]
    if unknown:
        reasons = "; ".join(f"{it.gate}: {it.summary}" for it in unknown)
        return stopped(request, task, f"a gate could not judge, so the task cannot pass. {reasons}")
    if task.reviewed == task.commit:
        accepted = task.evolve(phase=TaskPhase.ACCEPTED)
        return advanced(with_run(request, run_of(request).with_task(accepted)))
    return reviewing(request, task, candidate)


def task_conflicted(request: Request, event: TaskConflicted) -> Request:
    """Let the worker do the task again on top of what has been integrated meanwhile."""
    request = request.without(event.job)
    note = (
        "Other tasks have changed the same lines meanwhile, so your change does not merge in "
        f"{', '.join(event.paths)}. Your worktree now starts from their result: do the task again."
    )
    task = run_of(request).tasks[event.task].evolve(candidate=None)
    return sent_back(request, task, note=note, restart=True)


def task_reviewed(request: Request, event: TaskReviewed) -> Request:
    """Keep the findings; send the task back if any of them blocks it."""
    request = request.without(event.job)
    run = run_of(request)
    task = _judged(run.tasks[event.task], event.verdict)
    request = with_run(request, run.with_review(event.task, event.findings).with_task(task))
    if event.verdict.passed:
        accepted = task.evolve(phase=TaskPhase.ACCEPTED, reviewed=event.commit)
        return advanced(with_run(request, run_of(request).with_task(accepted)))
    if event.verdict.outcome is Outcome.UNKNOWN:
        return stopped(request, task, f"the review could not judge: {event.verdict.summary}")
    blocking = tuple(
        it for it in run_of(request).open_findings if it.task == event.task and it.severity.blocks
    )
    return sent_back(request, task, failed=(event.verdict,), findings=blocking)


def task_integrated(request: Request, event: TaskIntegrated) -> Request:
    """Count the task as done: its gates have passed on exactly this tree."""
    request = request.without(event.job)
    run = run_of(request)
    task = run.tasks[event.task].evolve(phase=TaskPhase.DONE, doing="")
    run = run.with_task(task).evolve(head=event.head, tree=event.tree)
    for it in run.findings:
        if it.id == task.fixes and it.state is FindingState.FIXING:
            run = run.with_finding(it.evolve(state=FindingState.FIXED))
    request = with_run(request, run)
    if not task.fixes:
        request, job = request.numbered(f"{request.id}/tick")
        done = tuple(name for name, it in run.tasks.items() if it.phase is TaskPhase.DONE)
        request = request.expecting(
            TickTasks(job=job, plan=request.id, path=request.path, tasks=done)
        )
    return advanced(request)


def run_judged(request: Request, event: RunJudged) -> Request:
    """Wait for the human's merge, if the whole holds together."""
    request = request.without(event.job)
    run = run_of(request)
    if judged_whole(run):
        return request.evolve(phase=Phase.AWAITING_MERGE, run=run.evolve(ended_at=event.at))
    failing = [it for it in run.judgements if it.tree == event.tree and not it.passed]
    reasons = "; ".join(f"{it.gate}: {it.summary}" for it in failing) or "no verdict"
    return request.evolve(
        phase=Phase.STOPPED,
        run=run.evolve(ended_at=event.at),
        problem=f"every task passed, but the merged whole does not. {reasons}",
    )


def job_failed(request: Request, event: JobFailed) -> Request:  # noqa: PLR0911  # A table.
    """Pause where something outside must change first; stop what else cannot go on."""
    spec = next(it for it in request.outstanding if it.job == event.job)
    if spec.kind == "merge_run":
        return request.without(event.job).evolve(phase=Phase.AWAITING_MERGE, problem=event.reason)
    if spec.kind in {"clean_run", "tick_tasks", "write_answer"}:
        return reconsidered(request.without(event.job).evolve(problem=event.reason))
    if event.cause != "error":
        return request.evolve(paused=request.paused or event.reason)
    request = request.without(event.job)
    match spec.kind:
        case "draft_plan":
            phase = Phase.AWAITING_APPROVAL if request.n_tasks else Phase.DRAFT
            return request.evolve(phase=phase, problem=event.reason, doing="")
        case "write_document":
            lost = request.phase in {Phase.INTERVIEWING, Phase.AWAITING_APPROVAL}
            phase = Phase.AWAITING_APPROVAL if request.n_tasks else Phase.DRAFT
            return request.evolve(phase=phase if lost else request.phase, problem=event.reason)
        case "work_task" | "judge_task" | "review_task":
            return stopped(request, run_of(request).tasks[spec.task.id], event.reason)
        case "integrate_task":
            return stopped(request, run_of(request).tasks[spec.task], event.reason)
        case _:
            return request.evolve(phase=Phase.STOPPED, problem=event.reason)


def _goes_on(request: Request) -> bool:
    """Return whether a stopped task of the run may go on."""
    return (
        request.is_run_approved
        and request.phase in {Phase.RUNNING, Phase.STOPPED}
        and not run_of(request).is_discarded
    )


def _required(task: Task) -> tuple[Gate, ...]:
    gates = (Gate.SCOPE, Gate.DIAGNOSTICS, Gate.SUITE)
    return (*gates, Gate.ACCEPTANCE) if task.accept else gates


def _on(verdict: Verdict | None, gate: Gate, candidate: Candidate) -> Verdict:
    """Return the verdict if it is about the candidate; another tree's says nothing."""
    if verdict is not None and verdict.tree == candidate.tree:
        return verdict
    return Verdict(
        gate=gate, outcome=Outcome.UNKNOWN, tree=candidate.tree, summary="it gave no verdict"
    )


def _judged(task: TaskRun, verdict: Verdict) -> TaskRun:
    return task.evolve(history=(*task.history, Judgement(attempt=task.attempt, verdict=verdict)))


def _changed(request: Request, name: TaskId, change: Callable[[TaskRun], TaskRun]) -> Request:
    run = run_of(request)
    return with_run(request, run.with_task(change(run.tasks[name])))


def _find(run: Run, event: FixAsked | FindingDismissed) -> Finding | None:
    return next((it for it in run.findings if it.id == event.finding), None)


def _fixing(run: Run, finding: Finding) -> Task:
    """Return a task that fixes a finding, within the files of the task that it was found in."""
    origin = run.tasks[finding.task].task
    place = finding.place
    known = {it.path for it in origin.files}
    extra = () if place.path in known else (FileReference(path=place.path),)
    number = 1 + sum(1 for it in run.tasks.values() if it.fixes)
    body = "\n\n".join(
        it
        for it in (
            finding.detail,
            f"The code it is about: {finding.evidence}",
            f"Suggested: {finding.suggestion}" if finding.suggestion else "",
        )
        if it
    )
    return origin.evolve(
        id=TaskId(f"F{number}"),
        title=f"Fix: {finding.title}",
        body=body,
        done=False,
        after=(origin.id,),
        files=(*origin.files, *extra),
        references=(f"{place.path}:{place.first_line}-{place.last_line}",),
    )


def _documents_only(request: Request) -> tuple[object, ...]:
    kinds = {"write_document", "write_answer", "tick_tasks", "clean_run"}
    return tuple(it for it in request.outstanding if it.kind in kinds)


def _cleaned(request: Request, run: Run) -> Request:
    """Return the request while the run's worktrees are removed."""
    request, job = request.numbered(f"{run.id}/clean")
    tasks = {name: it.generation for name, it in run.tasks.items()}
    return request.expecting(CleanRun(job=job, plan=request.id, run=run.id, tasks=tasks))
