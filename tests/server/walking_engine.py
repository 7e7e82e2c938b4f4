"""The scripted engine, but that it writes into documents, and merges, as the real one does.

Run as ``python walking_engine.py WORKSPACE IDLE_S PATIENCE_S``.
"""

import sys
from functools import partial
from pathlib import Path

from engine import engine_process
from podium.domain import effect
from podium.domain.effect import JobSpec
from podium.engine import offers
from podium.engine.context import Engine
from podium.engine.daemon import main
from podium.engine.making import DirectCalls
from podium.jobs import branches, draft_plan
from podium.jobs.runner import AsyncioJobs
from podium.jobs.services import Services


async def perform(engine: Engine, services: Services, spec: JobSpec) -> None:
    match spec:
        case effect.WriteDocument():
            await draft_plan.write_document(spec, services)
        case effect.WriteAnswer():
            await draft_plan.write_answer(spec, services)
        case effect.TickTasks():
            await draft_plan.tick_tasks(spec, services)
        case effect.MergeRun():
            await branches.merge_run(spec, services)
        case _:
            await engine_process.perform(engine, spec)


def make_jobs(engine: Engine) -> AsyncioJobs:
    services = Services(engine.workspace, DirectCalls(engine), engine.repository)
    return AsyncioJobs(partial(perform, engine, services), engine.coordinator, limit=4)


if __name__ == "__main__":
    setattr(offers, "EDIT_TIMEOUT_S", float(sys.argv[3]))  # noqa: B010  # It is final elsewhere.
    sys.exit(main(Path(sys.argv[1]), make_jobs, idle_s=float(sys.argv[2])))
