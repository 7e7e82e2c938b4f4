import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from podium.domain.base import Commit, JobId, PlanId, RunId, TaskId
from podium.domain.effect import JobSpec, PrepareRun, WorkTask
from podium.domain.events import Event
from podium.domain.events.ends import JobFailed
from podium.domain.plan import Task
from podium.errors import ModelError, ToolRetry, UserError
from podium.jobs.port import Addition, Paused
from podium.jobs.runner import AsyncioJobs
from podium.models.budget import BudgetExceeded
from podium.models.categories import NoOtherFamily, UnknownCategory
from podium.models.failures import (
    BadRequest,
    EmptyAnswer,
    NoCredit,
    NoModelAnswered,
    ProviderDown,
    TooLong,
)


class Reported:
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        del transcript
        self.events += events


class NotedJobs:
    """What jobs do, by id; every step is noted."""

    def __init__(self, limit: int = 2) -> None:
        self.seen: list[str] = []
        self.open = asyncio.Event()
        self.do: dict[str, Callable[[], Awaitable[None]]] = {}
        self.reported = Reported()
        self.jobs = AsyncioJobs(self.perform, self.reported, limit=limit)

    async def perform(self, spec: JobSpec) -> None:
        self.seen.append(f"+{spec.job}")
        try:
            await self.do.get(spec.job, self.open.wait)()
        except asyncio.CancelledError:
            await asyncio.sleep(0.02)  # As a command that takes a moment to die.
            self.seen.append(f"x{spec.job}")
            raise
        self.seen.append(f"-{spec.job}")

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def stage() -> NotedJobs:
    return NotedJobs()


def work(job: str, plan: str = "p") -> WorkTask:
    task = Task(id=TaskId("T1"), title="t")
    return WorkTask(
        job=JobId(job), plan=PlanId(plan), run=RunId("r"), task=task, attempt=1, base=Commit("c")
    )


def prepare(job: str, plan: str = "p") -> PrepareRun:
    return PrepareRun(job=JobId(job), plan=PlanId(plan), run=RunId("r"))


async def test_a_second_submission_of_a_running_job_changes_nothing(stage: NotedJobs) -> None:
    stage.jobs.submit(work("a"))
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.jobs.submit(work("a"))
    stage.open.set()
    await stage.settle()
    assert stage.seen == ["+a", "-a"]
    await stage.jobs.aclose()


async def test_heavy_jobs_wait_for_the_machine_and_short_ones_do_not(stage: NotedJobs) -> None:
    for it in (work("a"), work("b"), work("c"), prepare("short")):
        stage.jobs.submit(it)
    await stage.settle()
    assert stage.seen == ["+a", "+b", "+short"]
    stage.open.set()
    await stage.settle()
    assert stage.seen[3:] == ["-a", "-b", "-short", "+c", "-c"]
    await stage.jobs.aclose()


async def test_a_cancelled_job_ends_before_the_next_of_its_plan_begins(stage: NotedJobs) -> None:
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.jobs.cancel([JobId("a"), JobId("unknown")])
    stage.jobs.submit(work("a"))
    stage.jobs.submit(prepare("b"))
    stage.jobs.submit(prepare("c", plan="other"))
    await stage.settle()
    assert stage.seen == ["+a", "+c"]
    stage.open.set()
    await asyncio.sleep(0.05)
    assert stage.seen[2:4] == ["-c", "xa"]
    assert sorted(stage.seen[4:]) == ["+a", "+b", "-a", "-b"]
    assert stage.reported.events == []
    await stage.jobs.aclose()


async def test_a_job_cancelled_while_it_waits_for_the_machine_never_begins() -> None:
    stage = NotedJobs(limit=1)
    stage.jobs.submit(work("a"))
    stage.jobs.submit(work("b"))
    await stage.settle()
    stage.jobs.cancel([JobId("b")])
    stage.open.set()
    await stage.jobs.aclose()
    assert "+b" not in stage.seen


async def test_a_gentle_end_is_only_for_jobs_that_have_not_begun() -> None:
    stage = NotedJobs(limit=1)
    stage.jobs.submit(work("a"))
    stage.jobs.submit(work("b"))
    await stage.settle()
    stage.jobs.cancel([JobId("a"), JobId("b")], gently=True)
    await stage.settle()
    stage.open.set()
    await stage.settle()
    assert stage.seen == ["+a", "-a"]
    await stage.jobs.aclose()


async def leave() -> None:
    raise Paused


async def wait() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("is_resumed", [False, True])
async def test_a_job_that_leaves_a_pause_begins_again_only_if_that_has_ended(
    stage: NotedJobs, *, is_resumed: bool
) -> None:
    async def wait_and_leave() -> None:
        await stage.open.wait()
        stage.do["a"] = wait
        raise Paused

    stage.do["a"] = wait_and_leave
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.jobs.cancel([JobId("a")], gently=True)
    if is_resumed:
        stage.jobs.submit(work("a"))
    stage.open.set()
    await stage.settle()
    assert stage.seen == ["+a", "+a"] if is_resumed else ["+a"]
    assert stage.reported.events == []
    await stage.jobs.aclose()


async def test_a_job_that_has_left_can_be_submitted_again(stage: NotedJobs) -> None:
    stage.do["a"] = leave
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.jobs.submit(work("a"))
    await stage.settle()
    assert stage.seen == ["+a", "+a"]
    await stage.jobs.aclose()


async def test_closing_waits_until_everything_has_ended(stage: NotedJobs) -> None:
    for name in "abc":
        stage.jobs.submit(work(name))
    await stage.settle()
    await stage.jobs.aclose()
    assert stage.seen == ["+a", "+b", "xa", "xb"]
    assert stage.reported.events == []


async def test_a_failed_job_can_be_submitted_again_from_its_own_report() -> None:
    stage = NotedJobs()

    class Retrying(Reported):
        async def report(self, *events: Event, transcript: Addition | None = None) -> None:
            await super().report(*events, transcript=transcript)
            if len(self.events) == 1:
                stage.jobs.submit(work("a"))

    async def fail() -> None:
        message = "no key"
        raise UserError(message)

    reported = Retrying()
    stage.jobs = AsyncioJobs(stage.perform, reported, limit=1)
    stage.do["a"] = fail
    stage.jobs.submit(work("a"))
    for _ in range(10):
        await stage.settle()
    assert stage.seen == ["+a", "+a"]
    assert len(reported.events) == 2
    await stage.jobs.aclose()


@pytest.mark.parametrize("error", [KeyError("x"), Paused()], ids=type)
async def test_what_a_cancelled_job_ends_in_is_not_the_end_of_the_next_of_its_id(
    stage: NotedJobs, error: Exception
) -> None:
    async def break_when_cancelled() -> None:
        try:
            await wait()
        finally:
            del stage.do["a"]
            raise error

    stage.do["a"] = break_when_cancelled
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.jobs.cancel([JobId("a")])
    stage.jobs.submit(work("a"))
    stage.jobs.submit(work("a"))
    await stage.settle()
    stage.open.set()
    await stage.settle()
    assert stage.seen == ["+a", "+a", "-a"]
    assert stage.reported.events == []
    await stage.jobs.aclose()


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        (UserError("no sandbox; install one"), "environment", "no sandbox; install one"),
        (ModelError("the key is wrong"), "environment", "the key is wrong"),
        (BudgetExceeded(Decimal(1), Decimal(0), Decimal(2)), "budget", "the budget is $1.00"),
        (NoCredit("a/b", "pay"), "environment", "a/b: pay"),
        (
            NoModelAnswered([NoCredit("a/b", "x"), ProviderDown("c/d", "y")]),
            "environment",
            "no mod",
        ),
        (BadRequest("a/b", "not like this"), "error", "a/b: not like this"),
        (TooLong("a/b", "1 > 0"), "error", "a/b: the request is too long: 1 > 0; set a smaller"),
        (EmptyAnswer("a/b", "silence"), "error", "a/b: silence"),
        (NoModelAnswered([NoCredit("a/b", "x"), TooLong("c/d", "y")]), "error", "no model of"),
        (NoOtherFamily("quick", ["a"]), "error", "every model of category 'quick' is of"),
        (UnknownCategory("odd", ("quick",)), "error", "no category is called 'odd'"),
        (KeyError("x"), "error", "Podium failed inside this job (KeyError); the engine's log"),
        (ToolRetry("for a model"), "error", "Podium failed inside this job (ToolRetry)"),
    ],
    ids=lambda it: str(it)[:40],
)
async def test_what_a_job_dies_of_becomes_an_event(
    stage: NotedJobs, error: Exception, cause: str, reason: str
) -> None:
    async def fail() -> None:
        raise error

    stage.do["a"] = fail
    stage.jobs.submit(work("a"))
    await stage.settle()
    [event] = stage.reported.events
    assert isinstance(event, JobFailed)
    assert (event.plan, event.job, event.cause) == ("p", "a", cause)
    assert event.reason.startswith(reason)
    await stage.jobs.aclose()
