"""What a run spends, and what it keeps, when calls end badly: over the wire, in a real engine."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from podium.domain.base import TaskId
from podium.domain.request import Phase
from walk.theatre import PLAN, Theatre
from walk.workshop import task, told, until_asked, workshop

T1, T2 = TaskId("T1"), TaskId("T2")
BOTH = (task("T1", "quick"), task("T2", "writing"))
DRIPPING = """
[[conversation]]
name = "worker"
[[conversation.turn]]
faults = [{ kind = "drip", times = 99 }]
say = "never"
"""
CREDIT = "Your credit balance is too low to access the API."
LENGTH = "prompt is too long: 210000 tokens > 200000 maximum"


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a workshop, where all that Podium keeps goes."""
    (folder / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_API_KEY", "sk-scripted")
    return folder


async def test_a_run_that_is_killed_again_and_again_stops_at_its_budget(home: Path) -> None:
    """Each engine dies in the middle of a call, and nobody knows what that has cost."""
    budget_usd = Decimal("0.45")
    async with workshop(home, DRIPPING, task("T1", "quick"), budget_usd="0.45") as stage:
        n_calls = 0
        while not (await told(stage, lambda it: it.in_flight or it.paused)).paused:
            n_calls += 1
            assert n_calls < 8, stage.shown("an end")
            await until_asked(stage, n_calls)
            await stage.crash()
        request = stage.request
        assert "raise `budget.run_usd`" in request.paused
        assert len(await stage.log()) == n_calls > 1
    assert request.in_flight == {}
    assert budget_usd / 2 < request.run_spent_usd <= budget_usd


def scenario(message: str, *, times: int = 99) -> str:
    """One model refuses; the other takes its time for two turns."""
    fault = f'{{ kind = "refused", status = 400, message = "{message}", times = {times} }}'
    return f"""
        [[conversation]]
        name = "one"
        model = "one"
        [[conversation.turn]]
        faults = [{fault}]
        call = [{{ tool = "replan", arguments = {{ reason = "one is done" }} }}]

        [[conversation]]
        name = "two"
        model = "two"
        [[conversation.turn]]
        delay_s = 2
        call = [{{ tool = "read_file", arguments = {{ path = "README.md" }} }}]
        [[conversation.turn]]
        call = [{{ tool = "replan", arguments = {{ reason = "two is done" }} }}]
    """


async def turns(stage: Theatre, conversation: str) -> list[tuple[int, str]]:
    """Return which turns a model was asked for, and how each call ended."""
    log = await stage.log()
    return [(it["turn"], it["outcome"]) for it in log if it["conversation"] == conversation]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        pytest.param("messages.1: no", "does not take the request: HTTP 400", id="refused"),
        pytest.param(LENGTH, "set a smaller `context_tokens`", id="too long"),
    ],
)
async def test_a_request_that_no_model_takes_stops_its_task_alone(
    home: Path, message: str, said: str
) -> None:
    async with workshop(home, scenario(message), *BOTH) as stage:
        request = await told(stage, lambda it: it.phase is Phase.STOPPED or it.paused)
        assert await turns(stage, "two") == [(1, "answered"), (2, "answered")]
    assert request.run is not None
    assert request.paused == ""
    assert said in request.run.tasks[T1].stopped_because
    assert request.run.tasks[T2].stopped_because.endswith("two is done")


async def test_a_turn_that_is_being_paid_for_is_kept_when_the_run_pauses(home: Path) -> None:
    async with workshop(home, scenario(CREDIT, times=1), *BOTH) as stage:
        request = await told(stage, lambda it: it.paused and it.spent.n_turns)
        assert "the account has no credit left" in request.paused
        assert request.in_flight == {}
        assert await turns(stage, "two") == [(1, "answered")]
        await asyncio.sleep(1)  # Nothing more is asked for meanwhile.
        assert await turns(stage, "two") == [(1, "answered")]

        await stage.client.call("run/resume", plan=PLAN)
        request = await told(stage, lambda it: it.phase is Phase.STOPPED or it.paused)
        assert await turns(stage, "two") == [(1, "answered"), (2, "answered")]
    assert request.run is not None
    assert request.run.tasks[T1].stopped_because.endswith("one is done")
    assert request.run.tasks[T2].stopped_because.endswith("two is done")


async def test_a_run_that_is_resumed_before_a_turn_has_ended_goes_on_with_it(home: Path) -> None:
    async with workshop(home, scenario(CREDIT, times=1), *BOTH) as stage:
        await until_asked(stage, 2)
        await told(stage, lambda it: it.paused)
        await stage.client.call("run/resume", plan=PLAN)
        request = await told(stage, lambda it: it.phase is Phase.STOPPED)
        assert await turns(stage, "two") == [(1, "answered"), (2, "answered")]
    assert request.spent.n_turns == 3


async def test_a_budget_that_was_raised_counts_for_a_task_that_is_retried(home: Path) -> None:
    refused = scenario("messages.1: no", times=1)
    async with workshop(home, refused, task("T1", "quick"), budget_usd="0.5") as stage:
        await told(stage, lambda it: it.phase is Phase.STOPPED)
        configuration = home / "config/podium/config.toml"
        written = configuration.read_text()
        configuration.write_text(written.replace("run_usd = 0.5", "run_usd = 0.7"))
        await stage.client.call("task/retry", plan=PLAN, task=T1)
        request = await told(stage, lambda it: it.phase is Phase.STOPPED and it.spent.n_turns)
    assert request.run is not None
    assert request.run.budget_usd == Decimal("0.7")


@pytest.mark.parametrize("command", ["run/pause", "run/cancel"])
async def test_a_human_ends_a_call_at_once_and_its_cost_is_kept(home: Path, command: str) -> None:
    async with workshop(home, DRIPPING, task("T1", "quick")) as stage:
        await told(stage, lambda it: it.in_flight)
        await until_asked(stage, 1)
        await stage.client.call(command, plan=PLAN)
        request = await told(stage, lambda it: not it.in_flight)
        assert await turns(stage, "worker") == [(1, "left")]
    assert 0 < request.run_spent_usd < 1
    assert request.spent.n_turns == 0


async def test_a_human_ends_what_goes_on_in_a_pause(home: Path) -> None:
    async with workshop(home, scenario(CREDIT), *BOTH) as stage:
        await until_asked(stage, 2)
        await told(stage, lambda it: it.paused)
        await stage.client.call("run/cancel", plan=PLAN)
        request = await told(stage, lambda it: not it.in_flight)
        assert await turns(stage, "two") == [(1, "left")]
    assert request.spent.n_turns == 0
    assert request.run_spent_usd > 0
