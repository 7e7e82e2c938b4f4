"""The scripted engine, but that it writes into documents what is really written there.

Run as ``python walking_engine.py WORKSPACE IDLE_S``.
"""

import sys
from functools import partial
from pathlib import Path

from engine import engine_process
from podium.document import replace_keeping_request, tick
from podium.domain import effect, event
from podium.domain.effect import JobSpec
from podium.engine.context import Engine
from podium.engine.daemon import main
from podium.jobs.runner import AsyncioJobs


async def perform(engine: Engine, spec: JobSpec) -> None:
    match spec:
        case effect.WriteDocument(content=content):
            change = partial(replace_keeping_request, plan=content)
        case effect.TickTasks(tasks=tasks):
            change = partial(tick, done=tasks)
        case _:
            await engine_process.perform(engine, spec)
            return
    await engine.documents.write(spec.plan, change, label="Podium")
    await engine.coordinator.report(event.DocumentWritten(plan=spec.plan, job=spec.job))


def make_jobs(engine: Engine) -> AsyncioJobs:
    return AsyncioJobs(partial(perform, engine), engine.coordinator, limit=4)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), make_jobs, idle_s=float(sys.argv[2])))
