"""What humans command of a run: its start, its pauses and its end."""

from decimal import Decimal

from podium.domain.base import known
from podium.domain.effect import JobSpec, PrepareRun, TickTasks
from podium.domain.events.people import (
    RunCancelled,
    RunDiscarded,
    RunPaused,
    RunResumed,
    RunStarted,
    TaskRetried,
)
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.transitions.merging import merge_given_up
from podium.domain.transitions.planning import give_up_planning
from podium.domain.transitions.table import after
from podium.domain.transitions.tasks import close_run, run_of, schedule


@after(RunStarted)
def run_started(request: Request, event: RunStarted) -> Request:
    """Carry out the approved text, and nothing else."""
    plan = known(request.approved)
    run = Run(
        id=event.run,
        hash=request.hash,
        content=plan,
        budget_usd=event.budget_usd,
        tasks={it.id: TaskRun(task=it) for it in plan.tasks},
        started_at=event.at,
    )
    if request.run is not None and not request.run.is_discarded:
        request = close_run(request, request.run, event.at)
    request, job = request.numbered(f"{event.run}/prepare")
    request = request.evolve(
        phase=Phase.RUNNING,
        run=run,
        n_runs=request.n_runs + 1,
        spent_before_usd=request.spent.cost_usd,
        planning_usd=Decimal(0),
        paused="",
        problem="",
    )
    request = request.dropping(TickTasks)  # None of this run's tasks is done.
    return request.expecting(PrepareRun(job=job, plan=request.id, run=event.run))


@after(RunPaused)
def run_paused(request: Request, event: RunPaused) -> Request:
    """Stop what is under way until somebody resumes; why it was paused before stays on show."""
    return request.halting(request.paused or event.reason)


@after(RunResumed)
def run_resumed(request: Request, event: RunResumed) -> Request:
    """Go on."""
    run = request.run and _with_budget(request.run, event.budget_usd)
    return request.evolve(run=run, paused="")


@after(RunCancelled)
def run_cancelled(request: Request, event: RunCancelled) -> Request:
    """Stop the run, or the planning, for good; what was done stays to be looked at.

    While its merge is judged, only that is given up.
    """
    if request.phase is Phase.PLANNING:
        return give_up_planning(request).evolve(paused="")
    if request.phase is Phase.JUDGING_MERGE:
        return merge_given_up(request)
    run = run_of(request)
    for it in run.tasks.values():
        if it.phase.is_active:
            reason = "the run was cancelled"
            run = run.with_task(it.evolve(phase=TaskPhase.STOPPED, stopped_because=reason))
    return request.evolve(
        phase=Phase.STOPPED,
        run=run.evolve(ended_at=event.at),
        problem="the run was cancelled",
        paused="",
        outstanding=_unstoppable(request),
    )


@after(RunDiscarded)
def run_discarded(request: Request, event: RunDiscarded) -> Request:
    """Throw the run's worktrees away; what it cost and found stays on record."""
    run = run_of(request)
    run = run.evolve(is_discarded=True, ended_at=run.ended_at or event.at)
    request = request.evolve(
        phase=Phase.STOPPED,
        run=run,
        problem="the run was discarded",
        paused="",
        outstanding=_unstoppable(request),
    )
    return close_run(request, run, event.at)


@after(TaskRetried)
def task_retried(request: Request, event: TaskRetried) -> Request:
    """Send a stopped task back to where it stopped, or prepare the run again that could not be."""
    unprepared = request.is_unprepared
    run = _with_budget(run_of(request), event.budget_usd)
    task = run.tasks[event.task]
    task = task.evolve(phase=TaskPhase.WAITING, forgiven=task.attempt, stopped_because="")
    request = request.evolve(phase=Phase.RUNNING, problem="", paused="", run=run.with_task(task))
    if unprepared:
        request, job = request.numbered(f"{run.id}/prepare")
        return request.expecting(PrepareRun(job=job, plan=request.id, run=run.id))
    return schedule(request)


def _with_budget(run: Run, budget_usd: Decimal | None) -> Run:
    return run if budget_usd is None else run.evolve(budget_usd=budget_usd)


def _unstoppable(request: Request) -> tuple[JobSpec, ...]:
    return tuple(it for it in request.outstanding if it.is_chore)
