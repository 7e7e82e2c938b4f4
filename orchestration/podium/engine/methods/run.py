"""What is more than an event of a run: its start and its merge, as a human commands."""

import secrets

from podium.domain.base import RunId
from podium.domain.events.people import MergeAsked, RunStarted
from podium.domain.request import Request
from podium.engine.context import Engine, Refused
from podium.engine.methods.commanding import PlanParams, budget, record
from podium.protocol.wire import Params, Peer


async def start(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Start the approved plan."""
    engine.request(params.plan)
    await engine.documents.look(params.plan)  # An edit on disk revokes the approval first.
    run = _new_run(engine.request(params.plan))
    await record(engine, RunStarted(plan=params.plan, run=run, budget_usd=budget(engine)))
    return {"run": run}


async def merge(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Merge the run's branch into the user's; wait until that is done or refused."""
    await record(engine, MergeAsked(plan=params.plan))
    after = await engine.coordinator.until(
        params.plan, lambda it: not it.phase.is_merging or bool(it.paused)
    )
    if after.run is None or after.run.merged is None:
        message = after.problem or after.paused or "the merge was abandoned; nothing was changed"
        raise Refused(message)
    return {"commit": after.run.merged}


def _new_run(request: Request) -> RunId:
    """Return an id that no run has had, not even one of a journal that was moved away.

    What that one's runs have left in the private repository bears their ids and their jobs'.
    """
    return RunId(f"{request.id}-{request.n_runs + 1}-{secrets.token_hex(3)}")
