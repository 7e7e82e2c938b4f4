"""A run of one task on a real repository, for jobs to be carried out on."""

import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.lives import PLAN, STARTED, Life, task
from models.playing import configure
from podium.configuration import Configuration, Limits
from podium.demo.scenario import parse_scenario
from podium.demo.scripted_server import ScriptedServer, serve
from podium.domain.base import Commit, JobId, PlanId, Usd
from podium.domain.effect import JobSpec, JudgeTask
from podium.domain.events import Event
from podium.domain.events.ends import TaskJudged
from podium.domain.events.progress import CallSent
from podium.domain.request import Request
from podium.domain.transcript import Message
from podium.jobs.port import Addition, EngineCalls, Lease, NoMoney, OnHold
from podium.jobs.services import Services
from podium.jobs.table import perform
from podium.workspace.git import Repository

TASK = task("T1", "a.txt", accept="test -s a.txt")
IMPATIENT = Limits(turn_timeout_s=20, idle_timeout_s=1)
RUNNING = f"{STARTED}\nprepared -> work T1\n"


class Kept(EngineCalls):
    """An engine in memory, with money for every call until it is told otherwise."""

    def __init__(self) -> None:
        self.configuration = Configuration()
        self.document = ""
        self.events: list[Event] = []
        self.said: dict[str, list[Message]] = {}
        self.refusal: NoMoney | OnHold | None = None

    async def settings(self) -> Configuration:
        return self.configuration

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        self.events += events
        if transcript is not None:
            self.said.setdefault(transcript.conversation, []).extend(transcript.messages)

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        return tuple(self.said.get(conversation, ()))

    async def reserve(self, call: CallSent, least_usd: Usd) -> Lease | NoMoney | OnHold:
        assert least_usd <= call.worst_usd
        if self.refusal is not None:
            return self.refusal
        await self.report(call)
        return Lease(usd=call.worst_usd)

    async def read_plan(self, plan: PlanId) -> str:
        assert plan == PLAN
        return self.document

    async def edit_plan(self, plan: PlanId, *, before: str, text: str, label: str) -> bool:
        assert (plan, before) == (PLAN, self.document)
        assert label.startswith("Podium: ")
        self.document = text
        return True

    async def unsaved(self) -> frozenset[str]:
        return frozenset()


@dataclass
class Stage:
    """What jobs are carried out with, and what they report."""

    workspace: Path
    repository: Repository
    base: Commit
    engine: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.life = Life(TASK).play(RUNNING)
        self.use(self.engine)

    def use(self, engine: Kept) -> None:
        """Have jobs ask ``engine``."""
        self.engine = engine
        self.services = Services(self.workspace, engine, self.open)

    @property
    def request(self) -> Request:
        return self.life.request

    async def open(self) -> Repository:
        return self.repository

    async def carry_out(self, spec: JobSpec) -> list[Event]:
        """Return what one job reports."""
        n_known = len(self.engine.events)
        await perform(spec, self.services)
        return self.engine.events[n_known:]

    async def submitted(self, text: str, *, onto: Commit, name: str = "work") -> Commit:
        """Return a worker's commit that makes ``a.txt`` say ``text``."""
        tree = await self.repository.worktree(name, onto)
        (tree / "a.txt").write_text(text)
        return await self.repository.commit_all(
            tree, parent=onto, message="Do it", job=JobId(f"run-1/T1/{name}")
        )

    def judging(self, commit: Commit, *, onto: Commit, number: int = 1) -> JudgeTask:
        return JudgeTask(
            job=JobId(f"run-1/T1/judge-{number}"),
            plan=PLAN,
            run=self.life.run.id,
            task=TASK,
            commit=commit,
            onto=onto,
        )

    async def judged(self, commit: Commit, *, onto: Commit, number: int = 1) -> TaskJudged:
        """Return the end of judging a commit."""
        [*_, end] = await self.carry_out(self.judging(commit, onto=onto, number=number))
        assert isinstance(end, TaskJudged)
        return end


@asynccontextmanager
async def playing(stage: Stage, text: str) -> AsyncGenerator[ScriptedServer]:
    async with serve(parse_scenario(text)) as server:
        configuration = configure(server.url, limits=IMPATIENT)
        categories = dict.fromkeys(configuration.categories, ("openai/m",))
        stage.engine.configuration = configuration.evolve(categories=categories)
        yield server


def git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True)
