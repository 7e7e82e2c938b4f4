"""How tasks of a run move on: started, sent back, judged, reviewed, integrated, stopped."""

from podium.domain.base import Commit, JobId, known
from podium.domain.effect import (
    CleanRun,
    IntegrateTask,
    JudgeRun,
    JudgeTask,
    ReviewTask,
    WorkTask,
)
from podium.domain.finding import Finding, FindingState
from podium.domain.gate_policy import is_whole_proven, reason_to_stop
from podium.domain.request import Phase, Request
from podium.domain.run import Candidate, Run, TaskPhase, TaskRun
from podium.domain.verdict import Gate, Outcome, Verdict


def run_of(request: Request) -> Run:
    """Return the run, which exists wherever a job of it is awaited."""
    return known(request.run)


def with_run(request: Request, run: Run) -> Request:
    """Return the request with its run replaced."""
    return request.evolve(run=run)


def schedule(request: Request) -> Request:
    """Start and integrate what can be, and notice when nothing more can."""
    run = request.run
    if run is None or run.head is None or request.phase is not Phase.RUNNING:
        return request
    for it in run.ready:
        request = _start_task(request, it)
    request = _integrate_next(request)
    run = request.run or run
    if run.is_done:
        return _judge_merged_tree(request, run)
    if not any(it.phase.is_active for it in run.tasks.values()):
        names = ", ".join(name for name, it in run.tasks.items() if it.phase is TaskPhase.STOPPED)
        problem = f"nothing more can be done until {names} can go on: retry, or cancel the run"
        return request.evolve(phase=Phase.STOPPED, problem=problem)
    return request


def send_back(
    request: Request,
    task: TaskRun,
    *,
    failed: tuple[Verdict, ...] = (),
    findings: tuple[Finding, ...] = (),
    conflicts: tuple[str, ...] = (),
) -> Request:
    """Return the task to its worker with the evidence, unless that has been tried enough."""
    if reason := reason_to_stop(task, failed):
        return stop_task(request, task, reason)
    return _work_on(request, task, failed=failed, findings=findings, conflicts=conflicts)


def judge_task(request: Request, task: TaskRun) -> Request:
    """Have the gates judge the task's commit on top of the run's head."""
    run = run_of(request)
    request, job = request.numbered(f"{run.id}/{task.task.id}/judge")
    spec = JudgeTask(
        job=job,
        plan=request.id,
        run=run.id,
        task=task.task,
        commit=known(task.commit),
        onto=known(run.head),
    )
    return _with_job(request, task.evolve(phase=TaskPhase.JUDGING), spec)


def review_task(request: Request, task: TaskRun, candidate: Candidate) -> Request:
    """Have a reviewer of another family look at the candidate."""
    run = run_of(request)
    request, job = request.numbered(f"{run.id}/{task.task.id}/review")
    covered = set(task.task.covers)
    spec = ReviewTask(
        job=job,
        plan=request.id,
        run=run.id,
        task=task.task,
        onto=candidate.onto,
        candidate=candidate.commit,
        commit=known(task.commit),
        tree=candidate.tree,
        author_families=task.author_families,
        requirements=tuple(
            f"{it.id}: {it.text}" for it in run.content.requirements if it.id in covered
        ),
        must_not=run.content.must_not,
        dismissed=tuple(it for it in run.findings if it.state is FindingState.DISMISSED),
    )
    return _with_job(request, task.evolve(phase=TaskPhase.REVIEWING), spec)


def passed_by_dismissal(run: Run, task: TaskRun) -> TaskRun | None:
    """Return a task that passes its review because every blocking claim is dismissed."""
    review = task.verdict(Gate.REVIEW)
    claims = [it for it in run.findings if it.task == task.task.id and it.severity.blocks]
    was_dismissed = any(it.state is FindingState.DISMISSED for it in claims)
    if not was_dismissed or any(it.is_unsolved for it in claims):
        return None
    if review is None or review.outcome is not Outcome.FAILED:
        return None
    if task.candidate is None or review.tree != task.candidate.tree:
        return None
    verdict = review.evolve(
        outcome=Outcome.PASSED,
        summary="every blocking finding was dismissed by a human",
        duration_s=None,
    )
    return task.judged(verdict).evolve(reviewed=task.commit)


def stop_task(request: Request, task: TaskRun, reason: str) -> Request:
    """Stop a task and say why; the others go on."""
    run = run_of(request)
    task = task.evolve(phase=TaskPhase.STOPPED, stopped_because=reason, doing="")
    return schedule(with_run(request, run.with_task(task)))


def judge_tree(request: Request, *, base: Commit, head: Commit) -> Request:
    """Have the gates judge ``head`` with the acceptance commands of all tasks."""
    run = run_of(request)
    request, job = request.numbered(f"{run.id}/judge")
    tasks = tuple(it.task for it in run.wanted)
    return request.expecting(
        JudgeRun(job=job, plan=request.id, run=run.id, tasks=tasks, base=base, head=head)
    )


def close_run(request: Request, run: Run, at: float) -> Request:
    """Return the request after the last of a run, while its worktrees are removed."""
    request = request.evolve(over=request.over | {run.id: at})
    request, job = request.numbered(f"{run.id}/clean")
    tasks = {name: it.generation for name, it in run.tasks.items()}
    return request.expecting(CleanRun(job=job, plan=request.id, run=run.id, tasks=tasks))


def _start_task(request: Request, task: TaskRun) -> Request:
    """Start a waiting task; one that was stopped goes on where it stopped."""
    if task.can_be_judged:
        return judge_task(request, task)
    return _work_on(
        request,
        task,
        failed=task.failed,
        findings=tuple(it for it in run_of(request).open_findings if it.task == task.task.id),
        is_retry=task.attempt > 0,
    )


def _work_on(
    request: Request,
    task: TaskRun,
    *,
    failed: tuple[Verdict, ...] = (),
    findings: tuple[Finding, ...] = (),
    conflicts: tuple[str, ...] = (),
    is_retry: bool = False,
) -> Request:
    """Have the worker go on in its worktree, or begin in a new one where the run's head is."""
    run = run_of(request)
    if task.base is None:
        generation = task.generation + 1 if task.attempt else task.generation
        task = task.evolve(base=known(run.head), generation=generation)
    attempt = task.attempt + 1
    spec = WorkTask(
        job=JobId(f"{run.id}/{task.task.id}/work-{attempt}"),
        plan=request.id,
        run=run.id,
        task=task.task,
        attempt=attempt,
        generation=task.generation,
        base=known(task.base),
        failed=failed,
        findings=findings,
        conflicts=conflicts,
        is_retry=is_retry,
        objective=run.content.objective or run.content.request,
        must_not=run.content.must_not,
        lessons=run.lessons,
    )
    working = task.evolve(
        attempt=attempt, phase=TaskPhase.WORKING, candidate=None, is_submitted=False
    )
    return _with_job(request, working, spec)


def _with_job(
    request: Request, task: TaskRun, spec: WorkTask | JudgeTask | ReviewTask | IntegrateTask
) -> Request:
    """Return the request with a job at the task."""
    return with_run(request, run_of(request).with_task(task)).expecting(spec)


def _integrate_next(request: Request) -> Request:
    """Integrate the first accepted task; judge those again that were judged on an older head."""
    run = run_of(request)
    if any(it.phase is TaskPhase.INTEGRATING for it in run.tasks.values()):
        return request
    for task in run.tasks.values():
        if task.phase is not TaskPhase.ACCEPTED or task.candidate is None:
            continue
        if task.candidate.onto != run.head:
            request = judge_task(request, task)
            run = run_of(request)
            continue
        request, job = request.numbered(f"{run.id}/{task.task.id}/integrate")
        spec = IntegrateTask(
            job=job,
            plan=request.id,
            run=run.id,
            task=task.task,
            candidate=task.candidate.commit,
            onto=task.candidate.onto,
        )
        return _with_job(request, task.evolve(phase=TaskPhase.INTEGRATING), spec)
    return request


def _judge_merged_tree(request: Request, run: Run) -> Request:
    """Judge the merged whole, unless every gate has passed on exactly this tree already."""
    if is_whole_proven(run, run.tree):
        return request.evolve(phase=Phase.AWAITING_MERGE)
    request = request.evolve(phase=Phase.INTEGRATING)
    return judge_tree(request, base=known(run.base), head=known(run.head))
