"""What is set aside for calls, by what is on record."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from domain.lives import PLAN, STARTED, Life, call
from podium.domain.base import JobId
from podium.domain.events.people import RunPaused, RunResumed
from podium.domain.events.progress import CallSent
from podium.engine.coordinator import Coordinator
from podium.engine.journal import Journal
from podium.engine.leases import Leases
from podium.jobs.port import Lease, NoMoney, OnHold
from podium.jobs.runner import AsyncioJobs
from podium.settings.notices import Notices
from podium.settings.settings import Settings

BEGUN = f"{STARTED}\nprepared -> work T1\n"
JOB = JobId("run-1/T1/work-1")


class Till:
    """An engine's record of a run that may spend $5, and the leases that it gives."""

    def __init__(self, coordinator: Coordinator, leases: Leases) -> None:
        self.coordinator = coordinator
        self.leases = leases

    def sent(self, number: int, worst: str, job: JobId = JOB) -> CallSent:
        return call(job, number=number).evolve(worst_usd=Decimal(worst))

    async def reserve(
        self, number: int, worst: str, least: str = "", job: JobId = JOB
    ) -> Lease | NoMoney | OnHold:
        asked = self.sent(number, worst, job)
        return await self.leases.reserve(asked, Decimal(least or worst))

    async def settle(self, number: int, cost: str) -> None:
        await self.coordinator.report(self.sent(number, "0").charged(Decimal(cost)))


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    async def perform(_spec: object) -> None:
        await asyncio.Event().wait()

    notices = Notices()
    coordinator = Coordinator(Journal(tmp_path, version="1"), notices, lambda _: None)
    await coordinator.start(AsyncioJobs(perform, coordinator, limit=1))
    await coordinator.dispatch(*Life().play(BEGUN).journal)
    yield Till(coordinator, Leases(coordinator, Settings(tmp_path, notices)))
    await coordinator.aclose()


async def test_a_lease_is_on_record_when_it_is_given(till: Till) -> None:
    assert await till.reserve(1, "2") == Lease(usd=Decimal(2))
    [*_, event] = await till.coordinator.journal.load_events()
    assert event.evolve(at=0) == till.sent(1, "2")
    assert till.coordinator.board.request(PLAN).in_flight_usd == 2


async def test_all_that_is_left_is_set_aside_when_it_is_less_than_the_worst(till: Till) -> None:
    await till.reserve(1, "4.4")
    await till.settle(1, "4.4")
    assert await till.reserve(2, "2", "0.5") == Lease(usd=Decimal("0.6"))
    await till.settle(2, "0.2")
    left = NoMoney(limit_usd=Decimal(5), spent_usd=Decimal("4.6"))
    assert await till.reserve(3, "2", "0.5") == left


async def test_calls_that_fit_only_one_after_the_other_wait_for_each_other(till: Till) -> None:
    await till.reserve(1, "4")
    waiting = [asyncio.create_task(till.reserve(it, "4")) for it in (2, 3)]
    small = await till.reserve(4, "1")
    assert small == Lease(usd=Decimal(1)), "what fits does not wait behind what does not"
    await till.settle(1, "0.1")
    await asyncio.sleep(0.01)
    assert not any(it.done() for it in waiting)
    await till.settle(4, "0.1")
    done, waiting_still = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert [it.result() for it in done] == [Lease(usd=Decimal(4))]
    first = next(iter(till.coordinator.board.request(PLAN).in_flight.values()))
    await till.coordinator.report(first.charged(Decimal("0.1")))
    [last] = await asyncio.gather(*waiting_still)
    assert last == Lease(usd=Decimal(4))


async def test_calls_that_ask_at_the_same_time_never_exceed_the_budget(till: Till) -> None:
    asked = [asyncio.create_task(till.reserve(it, "2")) for it in range(1, 5)]
    await asyncio.sleep(0.05)
    assert sum(it.done() for it in asked) == 2
    assert till.coordinator.board.request(PLAN).in_flight_usd == 4
    for it in asked:
        it.cancel()


async def test_what_an_engine_that_died_had_in_flight_is_as_good_as_spent(till: Till) -> None:
    await till.coordinator.report(till.sent(9, "4.99"))
    left = NoMoney(limit_usd=Decimal(5), spent_usd=Decimal("4.99"))
    assert await till.reserve(1, "1") == left
    assert await till.reserve(2, "1", "0.01") == Lease(usd=Decimal("0.01"))


async def test_a_budget_that_was_lowered_again_counts_what_was_spent_meanwhile(till: Till) -> None:
    def resume(budget: str) -> tuple[RunPaused, RunResumed]:
        return RunPaused(plan=PLAN), RunResumed(plan=PLAN, budget_usd=Decimal(budget))

    await till.coordinator.report(*resume("10"))
    await till.reserve(1, "9")
    await till.settle(1, "9")
    await till.coordinator.report(*resume("5"))
    left = NoMoney(limit_usd=Decimal(5), spent_usd=Decimal(9))
    assert await till.reserve(2, "1") == left


async def test_nothing_more_is_set_aside_once_the_run_is_paused(till: Till) -> None:
    await till.reserve(1, "4")
    waiting = asyncio.create_task(till.reserve(2, "4"))
    await till.coordinator.report(RunPaused(plan=PLAN))
    assert await till.reserve(3, "0.1") == OnHold()
    assert await waiting == OnHold()


async def test_a_job_that_nobody_waits_for_gets_nothing(till: Till) -> None:
    assert await till.reserve(1, "1", job=JobId("run-1/T1/work-0")) == OnHold()
