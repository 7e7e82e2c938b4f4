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
from podium.domain.base import Commit, JobId
from podium.domain.effect import JobSpec, JudgeTask
from podium.domain.event import Event, TaskJudged
from podium.domain.request import Request
from podium.domain.transcript import Message
from podium.jobs.port import Addition
from podium.jobs.services import Services
from podium.jobs.table import perform
from podium.workspace.git import Repository

TASK = task("T1", "a.txt", accept="test -s a.txt")
IMPATIENT = Limits(turn_timeout_s=20, idle_timeout_s=1)
RUNNING = f"{STARTED}\nprepared -> work T1\n"


class Kept:
    """A record in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.said: dict[str, list[Message]] = {}

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        self.events += events
        if transcript is not None:
            self.said.setdefault(transcript.conversation, []).extend(transcript.messages)

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        return tuple(self.said.get(conversation, ()))


class NoDocuments:
    """The jobs of a run need no document."""

    def text(self, plan: str) -> None:
        raise AssertionError(plan)

    async def write(self, plan: str, change: object, *, label: str) -> None:
        raise AssertionError(plan, change, label)


@dataclass
class Stage:
    """What jobs are carried out with, and what they report."""

    workspace: Path
    repository: Repository
    base: Commit
    settings: Configuration = field(default_factory=Configuration)
    record: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.life = Life(TASK).play(RUNNING)
        self.services = Services(
            workspace=self.workspace,
            record=self.record,
            documents=NoDocuments(),
            settings=lambda: self.settings,
            request=lambda _plan: self.request,
            repository=self.open,
            unsaved=self.unsaved,
        )

    @property
    def request(self) -> Request:
        return self.life.request

    async def open(self) -> Repository:
        return self.repository

    async def unsaved(self) -> tuple[str, ...]:
        return ()

    async def carry_out(self, spec: JobSpec) -> list[Event]:
        """Return what one job reports."""
        n_known = len(self.record.events)
        await perform(spec, self.services)
        return self.record.events[n_known:]

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
        stage.settings = configuration.evolve(categories=categories)
        yield server


def git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True)
