import asyncio
import resource
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from podium.domain.base import CallId, JobId, PlanId
from podium.domain.effect import JobSpec
from podium.domain.events import Event
from podium.domain.events.ends import DocumentWritten, JobFailed
from podium.domain.events.people import RequestMade, RunPaused, RunResumed
from podium.domain.events.progress import CallSent, TurnTaken
from podium.domain.request import Phase
from podium.domain.transcript import Usage, UserMessage
from podium.engine import coordinator as module
from podium.engine.coordinator import Coordinator
from podium.engine.journal import Journal
from podium.engine.journal_file import JournalError
from podium.jobs.port import Addition
from podium.settings.notices import Notices

PLAN = PlanId("slugify")


class NotedJobs:
    """Notes what it is told, and whether the journal knew by then."""

    def __init__(self, path: Path) -> None:
        self.told: list[str] = []
        self._path = path

    def submit(self, spec: JobSpec) -> None:
        self.told.append(f"+{spec.job}")

    def cancel(self, jobs: Sequence[JobId], *, gently: bool = False) -> None:
        self.told += [f"{'~' if gently else '-'}{it}" for it in jobs]

    async def aclose(self) -> None:
        self.told.append("closed")


class Setting:
    """A coordinator that can be started again on the same journal."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.notices = Notices()
        self.changes: list[set[PlanId]] = []

    async def start(self) -> None:
        self.jobs = NotedJobs(self.directory)
        self.journal = Journal(self.directory, version="1")
        self.coordinator = Coordinator(
            self.journal, self.notices, lambda plans: self.changes.append(set(plans))
        )
        await self.coordinator.start(self.jobs)

    async def restart(self) -> None:
        await self.coordinator.aclose()
        await self.start()

    async def n_events(self) -> int:
        return len(await self.journal.load_events())


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    setting = Setting(tmp_path)
    await setting.start()
    yield setting
    await setting.coordinator.aclose()


def made(plan: PlanId = PLAN) -> RequestMade:
    return RequestMade(plan=plan, text="do it", path=f".podium/plans/{plan}.md")


def turn(job: str, plan: PlanId = PLAN) -> TurnTaken:
    return TurnTaken(
        plan=plan,
        job=JobId(job),
        call=CallId("call-1"),
        role="planner",
        model="a/b",
        family="a",
        usage=Usage(input_tokens=1),
        cost_usd=Decimal("0.01"),
    )


def sent(job: JobId) -> CallSent:
    return CallSent(
        plan=PLAN, job=job, call=CallId("call-1"), role="planner", worst_usd=Decimal("0.75")
    )


async def test_an_event_is_recorded_then_published_then_acted_on(setting: Setting) -> None:
    assert await setting.coordinator.dispatch(made())
    request = setting.coordinator.board.request(PLAN)
    assert request.phase is Phase.PLANNING
    assert setting.jobs.told == [f"+{request.outstanding[0].job}"]
    assert setting.changes == [{PLAN}]
    [event] = await setting.journal.load_events()
    assert event.at > 0
    assert event.evolve(at=0) == made()


async def test_what_changes_nothing_is_not_recorded(setting: Setting) -> None:
    stale = DocumentWritten(plan=PLAN, job=JobId("nobody waits for it"))
    assert not await setting.coordinator.dispatch(stale)
    assert await setting.n_events() == 0
    assert setting.changes == []


async def test_a_restart_restores_the_board_and_submits_what_is_due(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    before = setting.coordinator.board
    told = list(setting.jobs.told)
    await setting.restart()
    assert setting.coordinator.board == before
    assert setting.jobs.told == told


async def test_a_paused_request_submits_nothing_until_it_is_resumed(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    [submitted] = setting.jobs.told
    failed = JobFailed(
        plan=PLAN, job=JobId(submitted[1:]), reason="no key; set one", cause="environment"
    )
    await setting.coordinator.dispatch(failed)
    await setting.restart()
    assert setting.jobs.told == []
    await setting.coordinator.dispatch(RunResumed(plan=PLAN))
    assert setting.jobs.told == [submitted]


async def test_pause_and_resume_at_once_leave_the_job_running(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    [submitted] = setting.jobs.told
    paused, resumed = RunPaused(plan=PLAN), RunResumed(plan=PLAN)
    await setting.coordinator.dispatch(paused, resumed)
    assert setting.coordinator.board.request(PLAN).due
    assert (
        setting.jobs.told
        in (
            [submitted],  # Where planning cannot be paused.
            [submitted, f"-{submitted[1:]}", submitted],
        )
    )


async def test_concurrent_events_are_totally_ordered(setting: Setting) -> None:
    plans = [PlanId(f"p{number}") for number in range(50)]
    events: list[Event] = [it for plan in plans for it in (made(plan), turn("x", plan))]
    await asyncio.gather(*(setting.coordinator.dispatch(it) for it in events))
    recorded = [it.evolve(at=0) for it in await setting.journal.load_events()]
    assert recorded == events
    before = setting.coordinator.board
    await setting.restart()
    assert setting.coordinator.board == before


async def test_a_turn_and_its_messages_are_saved_together(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    said = Addition("c", (UserMessage(text="hello"),))
    await setting.coordinator.report(turn("x"), transcript=said)
    await setting.coordinator.report(transcript=Addition("c", (UserMessage(text="again"),)))
    await setting.restart()
    texts = [it.text for it in await setting.coordinator.journal.load_transcript("c")]
    assert texts == ["hello", "again"]
    assert setting.coordinator.board.request(PLAN).spent.cost_usd == Decimal("0.01")


async def test_a_start_charges_what_was_in_flight_when_an_engine_died(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    [spec] = setting.coordinator.board.request(PLAN).outstanding
    await setting.coordinator.report(sent(spec.job))
    for _ in range(2):
        await setting.restart()
        request = setting.coordinator.board.request(PLAN)
        assert request.in_flight == {}
        assert request.spent.cost_usd == Decimal("0.75")
        assert setting.jobs.told == [f"+{spec.job}"]


async def test_a_cancelled_reporter_has_reported_all_the_same(setting: Setting) -> None:
    await setting.coordinator.dispatch(made())
    report = asyncio.create_task(setting.coordinator.report(turn("x")))
    await asyncio.sleep(0)
    report.cancel()
    with pytest.raises(asyncio.CancelledError):
        await report
    await setting.coordinator.until(PLAN, lambda it: it.spent.n_turns == 1)


async def test_waiting_ends_when_it_holds(setting: Setting) -> None:
    waiting = asyncio.create_task(
        setting.coordinator.until(PLAN, lambda it: it.phase is Phase.PLANNING)
    )
    abandoned = asyncio.create_task(setting.coordinator.until(PLAN, lambda _: False))
    await asyncio.sleep(0)
    abandoned.cancel()
    await setting.coordinator.dispatch(made())
    assert (await waiting).text == "do it"
    assert (await setting.coordinator.until(PLAN, lambda it: bool(it.text))).text == "do it"


async def test_on_a_full_disk_commands_are_refused_and_jobs_wait(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    await setting.coordinator.dispatch(made())
    board, told = setting.coordinator.board, list(setting.jobs.told)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        large = "x" * 1_000_000
        with pytest.raises(JournalError, match="disk full"):
            await setting.coordinator.dispatch(made(PlanId("other")).evolve(text=large))
        said = Addition("c", (UserMessage(text=large),))
        report = asyncio.create_task(setting.coordinator.report(turn("x"), transcript=said))
        await asyncio.sleep(0.1)
        assert not report.done()
        assert setting.coordinator.board is board
        assert setting.jobs.told == told
        assert any("disk full" in it for it in setting.notices.all)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await report
    assert setting.notices.all == ()
    assert setting.coordinator.board.request(PLAN).spent.n_turns == 1
    assert PlanId("other") not in setting.coordinator.board.requests
    assert [it.text for it in await setting.coordinator.journal.load_transcript("c")] == [large]
