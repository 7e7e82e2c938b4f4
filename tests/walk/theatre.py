"""A workspace with the demo's sample project, scripted models and a real engine to walk with."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypedDict

import httpx

from podium.demo.scripted_process import serve_in_process
from podium.domain.base import PlanId
from podium.domain.events import EVENT
from podium.domain.events.progress import TurnTaken
from podium.domain.request import Phase, Request
from podium.protocol.client import EngineClient
from podium.protocol.wire import Params
from podium.workspace.state import state_directory
from walk.ending import end_engine

PLAN = PlanId("days")
REQUEST = "People want to read and write durations of several days, as `2d 4h`."
CONFIGURATION = """
[categories]
quick = ["openai/gpt-scripted"]
writing = ["anthropic/claude-scripted"]
unspecified-low = ["anthropic/claude-scripted"]
unspecified-high = ["anthropic/claude-scripted", "openai/gpt-scripted"]
ultrabrain = ["anthropic/claude-scripted", "openai/gpt-scripted"]

[roles]
planner = "unspecified-high"
reviewer = "unspecified-high"

[providers.openai]
api_base = "{url}/v1"

[providers.anthropic]
api_base = "{url}"

[models."openai/gpt-scripted"]
input_usd_per_mtok = 1.25
output_usd_per_mtok = 10

[models."anthropic/claude-scripted"]
input_usd_per_mtok = 3
output_usd_per_mtok = 15
"""
PATIENCE_S = 120.0


class LoggedCall(TypedDict):
    """One call, as the scripted server logs it."""

    wire: str
    model: str
    conversation: str
    turn: int
    about: str
    outcome: str


@dataclass
class Theatre:
    """One workspace, and whoever plays in it."""

    workspace: Path
    url: str
    _client: EngineClient | None = None
    requests: dict[PlanId, Request] = field(default_factory=dict[PlanId, Request])
    recorded: list[Counter[str]] = field(default_factory=list[Counter[str]])
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def client(self) -> EngineClient:
        """The connection to the engine."""
        assert self._client is not None, "not connected"
        return self._client

    async def connect(self) -> None:
        """Connect to the engine, starting it if there is none, and follow its board."""
        self._client = await EngineClient.connect(self.workspace, on_notification=self.take)
        self.take("board/changed", await self.client.call("board/subscribe"))

    def take(self, _method: str, params: Params) -> None:
        for it in params["requests"]:
            request = Request.model_validate(it)
            self.requests[request.id] = request
        self.changed.set()

    @property
    def request(self) -> Request:
        return self.requests.get(PLAN) or Request(id=PLAN)

    async def until(self, holds: Callable[[Request], object], what: str) -> Request:
        """Wait until something holds for the plan's request."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds(self.request):
            if self.request.paused or self.request.problem or time.monotonic() > deadline:
                raise AssertionError(self.shown(what))
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), 1)
            except TimeoutError:
                continue
        return self.request

    def shown(self, what: str) -> str:
        log = state_directory(self.workspace) / "engine.log"
        return (
            f"waited for {what}\n{self.request.model_dump_json(indent=1)[-6000:]}\n"
            f"{log.read_text()[-6000:]}"
        )

    async def plan(self) -> Request:
        """Have the plan drafted."""
        path = f".podium/plans/{PLAN}.md"
        await self.client.call("plan/request", text=REQUEST, path=path)
        return await self.until(
            lambda it: it.phase is Phase.AWAITING_APPROVAL and it.n_tasks and it.hash, "a draft"
        )

    async def approve_and_start(self) -> None:
        """Approve what the document says now, and start."""
        hash_ = self.request.hash
        await self.client.call("plan/approve", plan=PLAN, hash=hash_, by="tester")
        await self.client.call("run/start", plan=PLAN)

    async def until_phase(self, phase: Phase) -> Request:
        return await self.until(lambda it: it.phase is phase, f"phase {phase}")

    def kill(self) -> None:
        """End the engine as a crash would."""
        os.kill(int(self.client.hello["pid"]), signal.SIGKILL)

    async def crash(self) -> None:
        """Kill the engine, note what it had recorded, and open the editor again."""
        self.kill()
        self.recorded.append(self.turns())
        await self.client.aclose()
        await self.connect()

    def turns(self) -> Counter[str]:
        """Return how many paid turns of each conversation are in the journal."""
        file = state_directory(self.workspace) / "journal.db"
        with closing(sqlite3.connect(file)) as journal:
            rows = journal.execute("SELECT body FROM events WHERE kind = 'turn_taken'").fetchall()
        turns = [EVENT.validate_json(body) for (body,) in rows]
        return Counter(
            f"{it.role} {it.task or ''}".strip() for it in turns if isinstance(it, TurnTaken)
        )

    async def log(self) -> list[LoggedCall]:
        """Return what the scripted models were asked, and how each call ended."""
        async with httpx.AsyncClient() as client:
            entries: list[LoggedCall] = (await client.get(f"{self.url}/podium/requests")).json()
        return entries

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=self.workspace, check=True, capture_output=True, text=True
        ).stdout


@asynccontextmanager
async def stage(folder: Path, environ: Mapping[str, str]) -> AsyncGenerator[Theatre]:
    """Set a stage under ``folder``; ``environ`` points Podium's own folders there."""
    workspace = folder / "work space"
    room = files("podium.demo")
    with as_file(room / "sample_project") as sample, as_file(room / "scenario.toml") as scenario:
        shutil.copytree(sample, workspace, ignore=shutil.ignore_patterns("__pycache__"))
        async with serve_in_process(scenario) as url:
            configuration = Path(environ["XDG_CONFIG_HOME"]) / "podium" / "config.toml"
            configuration.parent.mkdir(parents=True)
            configuration.write_text(CONFIGURATION.format(url=url.rstrip("/")))
            begin_repository(workspace)
            stage = Theatre(workspace, url)
            await stage.connect()
            try:
                yield stage
            finally:
                await stage.client.aclose()
                await end_engine(stage.workspace)


def begin_repository(workspace: Path) -> None:
    for words in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "Ada"),
        ("config", "user.email", "ada@example.org"),
        ("add", "-A"),
        ("commit", "-q", "-m", "Begin"),
    ):
        subprocess.run(["git", *words], cwd=workspace, check=True)
