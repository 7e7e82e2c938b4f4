"""What a job's calls cost is on record when they end, however they end."""

import asyncio
from decimal import Decimal

import pytest

from jobs.stage import TASK, Kept, Stage, playing
from models.playing import LITELLM_WARNS
from podium.demo.scripted_server import ScriptedServer
from podium.domain.base import CallId
from podium.domain.effect import WorkTask
from podium.domain.event import (
    CallCharged,
    CallSent,
    Event,
    RunPaused,
    TaskEscalated,
    TurnTaken,
)
from podium.jobs.port import Addition, Paused
from podium.models import BudgetExceeded
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
    stage.life.tell(*stage.record.events)
    return [it.kind for it in stage.record.events]


async def test_an_answer_that_was_cut_is_charged_beside_the_one_that_came(stage: Stage) -> None:
    budget = stage.services.budget(stage.request.id)
    async with playing(stage, scenario('"truncated"')):
        await stage.carry_out(spec_of(stage))
    kinds = tell(stage)
    assert kinds == ["call_sent", "call_charged", "call_sent", "turn_taken", "task_escalated"]
    _, cut, sent, turn, end = stage.record.events
    assert isinstance(cut, CallCharged)
    assert isinstance(sent, CallSent)
    assert isinstance(turn, TurnTaken)
    assert isinstance(end, TaskEscalated)
    assert 0 < cut.cost_usd < sent.worst_usd
    assert sent.call == turn.call != cut.call
    assert stage.request.in_flight == {}
    assert stage.request.run_spent_usd == cut.cost_usd + turn.cost_usd
    assert budget.spent_usd == stage.request.run_spent_usd


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

    stage.services.record = Noting()
    async with playing(stage, scenario()) as server:
        await stage.carry_out(spec_of(stage))
    assert n_asked == {"call_sent": 0, "turn_taken": 1, "task_escalated": 1}


async def test_what_an_engine_that_died_had_in_flight_is_not_spent_again(stage: Stage) -> None:
    """The run has $5; a dead call may have cost all but a cent of it."""
    dead = CallSent(
        plan=stage.request.id,
        job=spec_of(stage).job,
        call=CallId("dead"),
        role="worker",
        task=TASK.id,
        worst_usd=Decimal("4.99"),
    )
    stage.life.tell(dead)
    async with playing(stage, scenario()) as server:
        with pytest.raises(BudgetExceeded):
            await stage.carry_out(spec_of(stage))
        assert server.requests == []


async def test_a_budget_that_was_lowered_again_counts_what_was_spent_meanwhile(
    stage: Stage,
) -> None:
    budget = stage.services.budget(stage.request.id)
    run = stage.life.run
    stage.life.request = stage.request.evolve(run=run.evolve(budget_usd=Decimal(10)))
    async with stage.services.budget(stage.request.id).reserve(Decimal(9)) as reservation:
        reservation.charge(Decimal(9))
    stage.life.request = stage.request.evolve(run=run)
    assert stage.services.budget(stage.request.id) is budget
    with pytest.raises(BudgetExceeded):
        async with budget.reserve(Decimal(1)):
            pass


async def test_nothing_more_is_paid_for_once_the_run_is_paused(stage: Stage) -> None:
    stage.life.tell(RunPaused(plan=stage.request.id))
    async with playing(stage, scenario()) as server:
        with pytest.raises(Paused):
            await stage.carry_out(spec_of(stage))
        assert server.requests == []
    assert stage.record.events == []
