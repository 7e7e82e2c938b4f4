"""How long a change of the board takes to become a diagnostic at the client.

Run with ``python benchmarks/board_to_diagnostic.py``.  A real engine records what a planner does;
each event carries the time before it was recorded, which comes back in the diagnostic on the
plan's title.  So the time is all of it: the journal's write to disk, the engine's socket, the
language server's analysis of the document, the pipe.  A client of the engine's own protocol, which
analyses nothing, is what it is compared with.
"""

import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness.lsp_editor import BareEditor, editing

from podium.document import render
from podium.domain.base import CallId, JobId, PlanId, TaskId
from podium.domain.effect import JobSpec
from podium.domain.events.progress import TurnTaken
from podium.domain.plan import Plan, Requirement, Task
from podium.domain.transcript import Usage
from podium.engine.context import Engine
from podium.engine.daemon import main as run_engine
from podium.jobs.port import Jobs
from podium.protocol.client import EngineClient

N_EVENTS = 150
PERIOD_S = 0.1
"""Longer than the engine gathers changes for, so that each is told at once."""
AIM_MS = 50.0
PLAN = PlanId("benchmark")
PATH = f".podium/plans/{PLAN}.md"
_STAMP = re.compile(r"at ([0-9]+\.[0-9]+)")


class Planner(Jobs):
    """Pretends to plan: takes one turn after the other and says when."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, spec: JobSpec) -> None:
        """Begin to plan."""
        self._tasks.add(asyncio.create_task(self._plan(spec.job)))

    def cancel(self, jobs: Sequence[JobId], *, gently: bool = False) -> None:
        """Do nothing: nobody cancels here."""

    async def aclose(self) -> None:
        """Stop planning."""
        for task in self._tasks:
            task.cancel()

    async def _plan(self, job: JobId) -> None:
        await asyncio.sleep(1.0)
        for _ in range(N_EVENTS):
            await asyncio.sleep(PERIOD_S)
            turn = TurnTaken(
                plan=PLAN,
                job=job,
                call=CallId("none"),
                role="planner",
                model="none",
                family="none",
                usage=Usage(),
                cost_usd=Decimal(0),
                doing=f"at {time.monotonic():.6f}",
            )
            await self._engine.coordinator.report(turn)


def plan_of(n_tasks: int) -> Plan:
    """Return a plan of that many tasks."""
    return Plan(
        id=PLAN,
        title="Many tasks",
        request="Do all of this.",
        requirements=(Requirement(id="R1", text="all of it"),),
        tasks=tuple(
            Task(
                id=TaskId(f"T{number}"),
                title=f"Do part {number}",
                covers=("R1",),
                references=("README.md",),
                accept=("true",),
            )
            for number in range(1, n_tasks + 1)
        ),
    )


async def stamps(editor: BareEditor) -> list[float]:
    """Return how old each time was that came back in a diagnostic."""
    latencies: list[float] = []
    while len(latencies) < N_EVENTS:
        body = await editor.diagnostics()
        now = time.monotonic()
        if found := _STAMP.search(body.decode()):
            latencies.append(now - float(found.group(1)))
    return latencies


async def measure(root: Path) -> tuple[list[float], list[float]]:
    """Return the latencies, in seconds, at an editor and at a client of the engine."""
    direct: list[float] = []

    def take(method: str, params: Mapping[str, Any]) -> None:
        if method == "board/changed" and (found := _STAMP.search(json.dumps(params))):
            direct.append(time.monotonic() - float(found.group(1)))

    command = (sys.executable, __file__, "engine", str(root))
    client = await EngineClient.connect(root, on_notification=take, command=command)
    await client.call("board/subscribe")
    path = root / PATH
    async with editing(root) as editor:
        editor.open(path, await asyncio.to_thread(path.read_text))
        ask = {"command": "podium.request", "arguments": [{"uri": path.as_uri()}]}
        editor.send("workspace/executeCommand", ask, 2)
        latencies = await asyncio.wait_for(stamps(editor), 120)
    await client.call("engine/stop")
    await client.aclose()
    return latencies, direct


def row(name: str, seconds: Sequence[float], compared: Sequence[float]) -> str:
    """Return one line of the table."""
    median = statistics.median(seconds)
    slow = statistics.quantiles(seconds, n=100)[-1]
    ratio = median / statistics.median(compared)
    return f"{name:<34} {median * 1000:9.1f} {slow * 1000:9.1f} {ratio:7.2f}"


def main() -> None:
    """Print the table."""
    print(f"{'board change → client':<34} {'median ms':>9} {'p99 ms':>9} {'ratio':>7}")
    missed = False
    for n_tasks in (1, 500):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = f"{folder}/state"
            root = Path(folder) / "workspace"
            (root / ".podium/plans").mkdir(parents=True)
            (root / "README.md").write_text("# Read me\n")
            (root / PATH).write_text(render(plan_of(n_tasks)))
            diagnostics, direct = asyncio.run(measure(root))
        tasks = f"{n_tasks} task{'s' if n_tasks > 1 else ''}"
        print(row(f"engine's own protocol, {tasks}", direct, direct))
        print(row(f"diagnostic in an editor, {tasks}", diagnostics, direct))
        missed = missed or statistics.median(diagnostics) * 1000 > AIM_MS
    print(f"aim: a median under {AIM_MS:.0f} ms; {'missed' if missed else 'met'}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["engine"]:
        sys.exit(run_engine(Path(sys.argv[2]), Planner, idle_s=60))
    main()
