"""What a job's calls cost is on record when they end, however they end."""

import asyncio
from decimal import Decimal

import pytest

from jobs.stage import TASK, Kept, Stage, playing
from models.playing import LITELLM_WARNS
from podium.demo.scripted_server import ScriptedServer
from podium.domain.base import Usd
from podium.domain.effect import WorkTask
from podium.domain.events import Event
from podium.domain.events.ends import TaskEscalated
from podium.domain.events.progress import CallCharged, CallSent, TurnTaken
from podium.errors import PodiumError
from podium.jobs.port import Addition, Lease, NoMoney, OnHold, Paused
from podium.models.budget import BudgetExceeded
from podium.models.failures import BadRequest, TimedOut

pytestmark = LITELLM_WARNS


def scenario(*faults: str, delay_s: float = 0) -> str:
    return f"""
        [[conversation]]
        name = "worker"
        when = ["You are Podium's worker"]
        [[conversation.turn]]
        delay_s = {delay_s}
        faults = [{", ".join(faults)}]
        call = [{{ tool = "replan", arguments = {{ reason = "too big" }} }}]
    """


def spec_of(stage: Stage) -> WorkTask:
    spec = stage.life.spec("work T1")
    assert isinstance(spec, WorkTask)
    return spec.evolve(base=stage.base, task=TASK.evolve(category="quick"))


async def asked(server: ScriptedServer) -> None:
    async with asyncio.timeout(20):
        while not server.requests:  # noqa: ASYNC110  # Another's list has no event.
            await asyncio.sleep(0.01)


def tell(stage: Stage) -> list[str]:
    """Have the request learn what was recorded; return the kinds."""
    stage.life.tell(*stage.engine.events)
    return [it.kind for it in stage.engine.events]


async def test_an_answer_that_was_cut_is_charged_beside_the_one_that_came(stage: Stage) -> None:
    async with playing(stage, scenario('"truncated"')):
        await stage.carry_out(spec_of(stage))
    kinds = tell(stage)
    assert kinds == ["call_sent", "call_charged", "call_sent", "turn_taken", "task_escalated"]
    _, cut, sent, turn, end = stage.engine.events
    assert isinstance(cut, CallCharged)
    assert isinstance(sent, CallSent)
    assert isinstance(turn, TurnTaken)
    assert isinstance(end, TaskEscalated)
    assert 0 < cut.cost_usd < sent.worst_usd
    assert sent.call == turn.call != cut.call
    assert stage.request.in_flight == {}
    assert stage.request.run_spent_usd == cut.cost_usd + turn.cost_usd


async def test_a_job_that_fails_has_told_what_each_of_its_calls_cost(stage: Stage) -> None:
    once = '{ kind = "hang", times = 9 }'
    async with playing(stage, scenario(once)):
        with pytest.raises(TimedOut):
            await stage.carry_out(spec_of(stage))
    assert tell(stage) == ["call_sent", "call_charged"] * 4
    assert stage.request.run_spent_usd > 0
    assert stage.request.in_flight == {}


async def test_a_call_that_is_refused_costs_nothing(stage: Stage) -> None:
    async with playing(stage, scenario('"refused"')):
        with pytest.raises(BadRequest):
            await stage.carry_out(spec_of(stage))
    assert tell(stage) == ["call_sent", "call_charged"]
    assert stage.request.run_spent_usd == 0
    assert stage.request.in_flight == {}


async def test_a_job_that_is_cancelled_tells_what_its_call_has_cost(stage: Stage) -> None:
    async with playing(stage, scenario('"drip"')) as server:
        job = asyncio.create_task(stage.carry_out(spec_of(stage)))
        await asked(server)
        job.cancel()
        await asyncio.wait([job])
        await asyncio.sleep(0)
    assert tell(stage) == ["call_sent", "call_charged"]
    assert stage.request.run_spent_usd > 0


async def test_the_worst_case_is_on_record_before_the_call_is_sent(stage: Stage) -> None:
    n_asked: dict[str, int] = {}

    class Noting(Kept):
        async def report(self, *events: Event, transcript: Addition | None = None) -> None:
            n_asked.update((it.kind, len(server.requests)) for it in events)
            await super().report(*events, transcript=transcript)

    stage.use(Noting())
    async with playing(stage, scenario()) as server:
        await stage.carry_out(spec_of(stage))
    assert n_asked == {"call_sent": 0, "turn_taken": 1, "task_escalated": 1}


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (OnHold(), Paused),
        (NoMoney(limit_usd=Decimal(5), spent_usd=Decimal("4.99")), BudgetExceeded),
    ],
    ids=["on hold", "no money"],
)
async def test_without_a_lease_nothing_is_sent(
    stage: Stage, refusal: NoMoney | OnHold, error: type[PodiumError]
) -> None:
    stage.engine.refusal = refusal
    async with playing(stage, scenario()) as server:
        with pytest.raises(error):
            await stage.carry_out(spec_of(stage))
        assert server.requests == []
    assert stage.engine.events == []


async def test_who_is_cancelled_before_the_lease_arrives_settles_it(stage: Stage) -> None:
    class Slow(Kept):
        async def reserve(self, call: CallSent, least_usd: Usd) -> Lease | NoMoney | OnHold:
            await super().reserve(call, least_usd)
            granted.set()
            return await asyncio.Future[Lease]()

    granted = asyncio.Event()
    stage.use(Slow())
    async with playing(stage, scenario()) as server:
        job = asyncio.create_task(stage.carry_out(spec_of(stage)))
        await granted.wait()
        job.cancel()
        await asyncio.wait([job])
        await asyncio.sleep(0)
        assert server.requests == []
    assert tell(stage) == ["call_sent", "call_charged"]
    assert stage.request.in_flight == {}
    assert stage.request.run_spent_usd == 0
