"""A workspace with a plan of two tasks, one for each of two models, and a real engine."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from podium.demo.scripted_process import serve_in_process
from podium.document import render
from podium.domain.base import TaskId
from podium.domain.plan import FileReference, Plan, Requirement, Task
from podium.domain.request import Request
from walk.ending import end_engine
from walk.theatre import PLAN, Theatre, begin_repository

CONFIGURATION = """
[categories]
quick = ["openai/one"]
writing = ["anthropic/two"]

[providers.openai]
api_base = "{url}/v1"

[providers.anthropic]
api_base = "{url}"

[models."openai/one"]
input_usd_per_mtok = 10
output_usd_per_mtok = 30
max_output_tokens = 2000

[models."anthropic/two"]
input_usd_per_mtok = 10
output_usd_per_mtok = 30
max_output_tokens = 2000

[budget]
run_usd = {budget_usd}
"""


def task(name: str, category: str) -> Task:
    return Task(
        id=TaskId(name),
        title=f"Write {name}",
        category=category,
        files=(FileReference(path=f"{name.lower()}.md", is_new=True),),
        covers=("R1",),
        references=("README.md",),
        accept=("true",),
    )


def plan(*tasks: Task) -> Plan:
    needed = (Requirement(id="R1", text="they were written"),)
    return Plan(id=PLAN, title="Notes", request="Write.", requirements=needed, tasks=tasks)


@asynccontextmanager
async def workshop(
    stage_folder: Path, scenario: str, *tasks: Task, budget_usd: str = "5"
) -> AsyncGenerator[Theatre]:
    """Start a run of these tasks in a folder where `XDG_*` points already."""
    workspace = stage_folder / "work"
    plans = workspace / ".podium" / "plans"
    plans.mkdir(parents=True)
    (workspace / "README.md").write_text("Notes.\n")
    begin_repository(workspace)
    (plans / f"{PLAN}.md").write_text(render(plan(*tasks)))
    (stage_folder / "scenario.toml").write_text(scenario)
    async with serve_in_process(stage_folder / "scenario.toml") as url:
        configuration = stage_folder / "config" / "podium" / "config.toml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text(CONFIGURATION.format(url=url.rstrip("/"), budget_usd=budget_usd))
        stage = Theatre(workspace, url)
        try:
            await stage.connect()
            await stage.until(lambda it: it.hash, "the plan to be read")
            await stage.approve_and_start()
            yield stage
        finally:
            await stage.client.aclose()
            await end_engine(workspace)


async def told(stage: Theatre, holds: Callable[[Request], object]) -> Request:
    """Wait until something holds for the plan's request, paused or not."""
    async with asyncio.timeout(60):
        while not holds(stage.request):
            stage.changed.clear()
            await stage.changed.wait()
    return stage.request


async def until_asked(stage: Theatre, n_calls: int) -> None:
    """Wait until the models were asked so often."""
    async with asyncio.timeout(60):
        while len(await stage.log()) < n_calls:  # noqa: ASYNC110  # Another process tells nobody.
            await asyncio.sleep(0.05)
