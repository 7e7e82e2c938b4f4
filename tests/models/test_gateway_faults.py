"""What a provider does wrong, and what the gateway makes of it."""

import asyncio
import json
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.budget import Budget
from models.playing import LITELLM_WARNS, OPENING, PRICE, QUICK, WIRES, configure, playing
from podium.configuration import Limits
from podium.models.failures import (
    BadAnswer,
    NoModelAnswered,
    ProviderDown,
    RateLimited,
    TimedOut,
)
from podium.models.gateway import Gateway, ModelRequest
from podium.models.patience import Backoff

pytestmark = LITELLM_WARNS
IMPATIENT = Limits(turn_timeout_s=20, idle_timeout_s=2)


def scenario(*faults: str, call: bool = False) -> str:
    tool = 'call = [{ tool = "read_file", arguments = { path = "a.py" } }]' if call else ""
    return f"""
        [[conversation]]
        name = "worker"
        [[conversation.turn]]
        faults = [{", ".join(faults)}]
        say = "A long answer, so that half of its stream is still a good part of the answer."
        {tool}
    """


MENDED = {
    "429": ('{ kind = "429", retry_after_s = 0 }', "429 429"),
    "500": ('"500"', "500 500"),
    "hang": ('"hang"', "hang left"),
    "drip": ('"drip"', "drip left"),
    "truncated": ('"truncated"', "truncated answered"),
    "html": ('"html"', "html answered"),
    "disconnect": ('"disconnect"', "disconnect answered"),
}


@WIRES
@pytest.mark.parametrize("fault", MENDED)
async def test_a_fault_that_passes_is_mended_by_asking_again(model: str, fault: str) -> None:
    written, outcome = MENDED[fault]
    async with playing(scenario(written), limits=IMPATIENT) as play:
        reply = await play.ask(model)
        await play.settle()

    assert reply.message.text.endswith("part of the answer.")
    assert play.outcomes() == [outcome, "answered"]
    assert play.switches == []


LASTING = {
    "429": ('{ kind = "429", times = 9, retry_after_s = 0 }', RateLimited, "too many requests"),
    "500": ('{ kind = "500", times = 9 }', ProviderDown, "HTTP 500: The server had an error"),
    "truncated": ('{ kind = "truncated", times = 9 }', BadAnswer, "cut off before its end mark"),
    "html": ('{ kind = "html", times = 9 }', BadAnswer, "answered with 'text/html"),
    "disconnect": ('{ kind = "disconnect", times = 9 }', BadAnswer, "connection broke"),
}


@WIRES
@pytest.mark.parametrize("fault", LASTING)
async def test_a_fault_that_lasts_ends_patience_and_says_what_it_was(
    model: str, fault: str
) -> None:
    written, error, words = LASTING[fault]
    async with playing(scenario(written)) as play:
        with pytest.raises(error, match=words) as caught:
            await play.ask(model)
        assert play.server.count("worker", 1) == 3

    assert str(caught.value).startswith(f"{model}: ")


@WIRES
@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_the_clock_for_the_whole_answer_ends_what_trickles(model: str, fault: str) -> None:
    written = f'{{ kind = "{fault}", times = 9 }}'
    once = Backoff(attempts=1)
    limits = Limits(turn_timeout_s=1, idle_timeout_s=30)
    async with playing(scenario(written), limits=limits, patience=once) as play:
        with pytest.raises(TimedOut, match="not complete after 1 s"):
            await play.ask(model)


@WIRES
@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_the_clock_for_progress_is_not_wound_by_single_bytes(model: str, fault: str) -> None:
    written = f'{{ kind = "{fault}", times = 9 }}'
    limits = Limits(turn_timeout_s=60, idle_timeout_s=2)
    async with playing(scenario(written), limits=limits, patience=Backoff(attempts=1)) as play:
        with pytest.raises(TimedOut, match="nothing new came for 2 s"):
            await play.ask(model)


@WIRES
async def test_arguments_that_are_no_json_are_handed_on_as_they_came(model: str) -> None:
    async with playing(scenario('"malformed_json"', call=True)) as play:
        (call,) = (await play.ask(model)).message.tool_calls

    assert call.arguments == '{"path": "a.py'
    with pytest.raises(json.JSONDecodeError):
        json.loads(call.arguments)
    assert play.server.count("worker", 1) == 1


async def test_the_wait_that_the_provider_asks_for_is_kept() -> None:
    patience = Backoff(attempts=2, first_delay_s=0.01, longest_delay_s=0.01)
    async with playing(scenario('{ kind = "429", retry_after_s = 1 }'), patience=patience) as play:
        asked = asyncio.create_task(play.ask("openai/m"))
        await play.until_asked()
        await asyncio.sleep(0.5)
        assert play.server.count("worker", 1) == 1
        await asked
        assert play.server.count("worker", 1) == 2


async def test_a_wait_that_is_too_long_is_not_waited_for() -> None:
    async with playing(scenario('{ kind = "429", retry_after_s = 3600 }')) as play:
        with pytest.raises(RateLimited):
            await play.ask("openai/m")
        assert play.server.count("worker", 1) == 1


@WIRES
@pytest.mark.parametrize("fault", ["truncated", "disconnect", "drip", "hang"])
async def test_what_was_thrown_away_is_charged(model: str, fault: str) -> None:
    async with playing(scenario(f'"{fault}"'), limits=IMPATIENT) as play:
        reply = await play.ask(model)

    of_the_answer = (
        reply.usage.input_tokens * Decimal(3) + reply.usage.output_tokens * Decimal(15)
    ) / 1_000_000
    assert reply.cost_usd == of_the_answer
    assert play.budget.spent_usd > reply.cost_usd


@WIRES
@pytest.mark.parametrize("fault", ["429", "500", "html"])
async def test_what_was_refused_costs_nothing(model: str, fault: str) -> None:
    async with playing(scenario(f'{{ kind = "{fault}", retry_after_s = 0 }}')) as play:
        reply = await play.ask(model)
    assert play.budget.spent_usd == reply.cost_usd


@WIRES
async def test_cancelling_closes_the_connection(model: str) -> None:
    async with playing(scenario('"drip"')) as play:
        task = asyncio.create_task(play.ask(model))
        await play.until_asked()
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await play.settle()
        assert play.outcomes() == ["drip left"]


async def test_another_model_takes_over_and_the_switch_is_told() -> None:
    text = """
        [[conversation]]
        name = "first"
        model = "m"
        [[conversation.turn]]
        faults = [{ kind = "500", times = 9 }]
        say = "never"
        [[conversation]]
        name = "second"
        model = "n"
        [[conversation.turn]]
        say = "I take over."
    """
    models = {"openai/m": PRICE, "anthropic/n": PRICE}
    async with playing(text, models=models) as play:
        reply = await play.ask("openai/m", "anthropic/n")

    assert reply.message.text == "I take over."
    assert (reply.model, reply.family) == ("anthropic/n", "anthropic")
    (switch,) = play.switches
    assert (switch.from_model, switch.to_model) == ("openai/m", "anthropic/n")
    assert "HTTP 500" in switch.reason
    assert play.server.count("first", 1) == 3


async def test_when_all_fail_each_reason_is_told() -> None:
    async with playing(scenario('{ kind = "500", times = 9 }')) as play:
        with pytest.raises(NoModelAnswered) as caught:
            await play.ask("openai/m", "anthropic/m")

    assert "- openai/m: the provider has a problem: HTTP 500" in str(caught.value)
    assert "- anthropic/m: the provider has a problem: HTTP 500" in str(caught.value)


async def test_nobody_listens() -> None:
    async with playing(scenario()) as play:
        url = play.server.url
    gateway = Gateway(configure(url), patience=QUICK)
    ask = ModelRequest(models=("anthropic/m",), messages=OPENING)
    with pytest.raises(ProviderDown, match=f"cannot reach {url}"):
        await gateway.ask(ask, budget=Budget(Decimal(1)))
    await gateway.aclose()


@pytest.mark.parametrize("model", ["openai/m", "anthropic/m"])
@pytest.mark.parametrize(
    "event",
    [
        pytest.param('{"choices": [', id="cut"),
        pytest.param("[]", id="a list"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("nonsense", id="text"),
    ],
)
async def test_an_event_that_is_no_json_object_is_not_believed(model: str, event: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=f"data: {event}\n\n", content_type="text/event-stream")

    application = web.Application()
    application.router.add_post("/{path:.*}", answer)
    async with TestServer(application) as server:
        gateway = Gateway(configure(str(server.make_url("")).rstrip("/")), patience=QUICK)
        with pytest.raises(BadAnswer, match="a part of the answer cannot be read"):
            await gateway.ask(
                ModelRequest(models=(model,), messages=OPENING), budget=Budget(Decimal(1))
            )
        await gateway.aclose()
