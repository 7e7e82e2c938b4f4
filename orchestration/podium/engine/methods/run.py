"""Runs: from an approved plan to a merge, as a human commands."""

import secrets

from pydantic import Field

from podium.domain.base import FindingId, RunId, TaskId, Usd
from podium.domain.event import (
    Event,
    FindingDismissed,
    FixAsked,
    MergeAsked,
    RunCancelled,
    RunDiscarded,
    RunPaused,
    RunResumed,
    RunStarted,
    TaskRetried,
)
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase
from podium.engine.context import Engine, Refused
from podium.engine.methods.plan import PlanParams
from podium.protocol.wire import Params, Peer


class OfTask(PlanParams):
    """Parameters of ``task/retry``."""

    task: TaskId


class OfFinding(PlanParams):
    """Parameters of ``finding/fix``."""

    finding: FindingId


class Dismissed(OfFinding):
    """Parameters of ``finding/dismiss``."""

    reason: str = Field(min_length=1, pattern=r"\S")


async def start(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Start the approved plan."""
    engine.request(params.plan)
    await engine.documents.look(params.plan)  # An edit on disk revokes the approval first.
    request = engine.request(params.plan)
    if request.approval is None:
        why = "it was edited after its approval" if request.was_revoked else "nobody approved it"
        message = f"plan {params.plan!r} cannot start: {why}; read it and approve it"
        raise Refused(message)
    run = _new_run(request)
    event = RunStarted(plan=params.plan, run=run, budget_usd=_budget(engine))
    await _do(engine, event, "be started")
    return {"run": run}


async def pause(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Stop what is under way until it is resumed."""
    return await _do(engine, RunPaused(plan=params.plan), "be paused")


async def resume(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Let a paused run, or planning that failed, go on."""
    event = RunResumed(plan=params.plan, budget_usd=_budget(engine))
    return await _do(engine, event, "be resumed")


async def cancel(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Stop the run, or the planning, for good."""
    return await _do(engine, RunCancelled(plan=params.plan), "be cancelled")


async def retry(engine: Engine, _peer: Peer, params: OfTask) -> Params:
    """Send a stopped task back to work."""
    tasks = engine.run(params.plan).tasks
    task = tasks.get(params.task)
    if task is None:
        message = f"run of {params.plan!r} has no task {params.task!r}; tasks: {', '.join(tasks)}"
        raise Refused(message)
    if task.phase is not TaskPhase.STOPPED:
        message = f"task {params.task!r} is {task.phase}; only a stopped task can be retried"
        raise Refused(message)
    event = TaskRetried(plan=params.plan, task=params.task, budget_usd=_budget(engine))
    return await _do(engine, event, "retry a task")


async def fix(engine: Engine, _peer: Peer, params: OfFinding) -> Params:
    """Have a finding fixed by a new task."""
    _refuse_unknown_finding(engine, params)
    return await _do(engine, FixAsked(plan=params.plan, finding=params.finding), "fix a finding")


async def dismiss(engine: Engine, _peer: Peer, params: Dismissed) -> Params:
    """Dismiss a finding; the reason is remembered."""
    _refuse_unknown_finding(engine, params)
    event = FindingDismissed(plan=params.plan, finding=params.finding, reason=params.reason)
    return await _do(engine, event, "dismiss a finding")


async def merge(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Merge the run's branch into the user's; wait until that is done or refused."""
    phase = engine.request(params.plan).phase
    if phase is not Phase.AWAITING_MERGE:
        message = f"plan {params.plan!r} is {phase}; only a run that awaits its merge can be merged"
        raise Refused(message)
    await _do(engine, MergeAsked(plan=params.plan), "be merged")
    at_it = {Phase.MERGING, Phase.JUDGING_MERGE}
    after = await engine.coordinator.until(
        params.plan, lambda it: it.phase not in at_it or bool(it.paused)
    )
    if after.run is None or after.run.merged is None:
        message = after.problem or after.paused or "the merge was given up; nothing was changed"
        raise Refused(message)
    return {"commit": after.run.merged}


async def discard(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Throw the run's result away."""
    return await _do(engine, RunDiscarded(plan=params.plan), "be discarded")


async def _do(engine: Engine, event: Event, what: str) -> Params:
    """Record a human's command.

    Raises:
        Refused: It changes nothing as things are.
    """
    request = engine.request(event.plan)
    if not await engine.coordinator.dispatch(event):
        now = f"{request.phase}, paused" if request.paused else str(request.phase)
        message = f"plan {event.plan!r} is {now} and cannot {what} now"
        raise Refused(message)
    return {}


def _new_run(request: Request) -> RunId:
    """Return an id that no run has had, not even one of a journal that was moved away.

    What that one's runs have left in the private repository bears their ids and their jobs'.
    """
    return RunId(f"{request.id}-{request.n_runs + 1}-{secrets.token_hex(3)}")


def _budget(engine: Engine) -> Usd:
    budget = engine.settings.current().budget.run_usd
    if budget <= 0:
        message = "the budget of a run is $0; raise `budget.run_usd` in the configuration"
        raise Refused(message)
    return budget


def _refuse_unknown_finding(engine: Engine, params: OfFinding) -> None:
    known = [it.id for it in engine.run(params.plan).findings]
    if params.finding not in known:
        names = ", ".join(known) or "none"
        message = f"run of {params.plan!r} has no finding {params.finding!r}; findings: {names}"
        raise Refused(message)
