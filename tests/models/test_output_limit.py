"""How long an answer may be, what that reserves, and what becomes of one that is cut off."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.budget import Budget
from models.playing import LITELLM_WARNS, OPENING, PRICE, QUICK, WIRES, configure, playing
from podium.configuration import ModelSettings
from podium.domain.transcript import AssistantMessage, Message, ToolMessage, UserMessage
from podium.models.budget import BudgetExceeded
from podium.models.gateway import Gateway, ModelRequest

pytestmark = LITELLM_WARNS
Json = dict[str, object]
LIST_SAYS = "openai/gpt-4-turbo"
"""A model of which the price list says that it answers with 4,096 tokens at most."""


def scenario(turn: str) -> str:
    return f"""
        [[conversation]]
        name = "worker"
        [[conversation.turn]]
        {turn}
        cut = true
        usage = {{ input_tokens = 10, output_tokens = 1000 }}
        [[conversation.turn]]
        say = "Shorter."
    """


@WIRES
@pytest.mark.parametrize(
    ("turn", "arguments"),
    [
        pytest.param('say = "Half of it"', [], id="text"),
        pytest.param(
            'call = [{ tool = "read_file", arguments = { path = "a" } },'
            ' { tool = "read_file", arguments = { path = "b" } }]',
            ['{"path": "a"}', '{"path": "b'],
            id="calls",
        ),
        pytest.param("", [], id="nothing but thoughts"),
    ],
)
async def test_an_answer_that_was_cut_off_is_taken_as_that_and_the_talk_goes_on(
    model: str, turn: str, arguments: list[str]
) -> None:
    async with playing(scenario(turn)) as play:
        cut = (await play.ask(model)).message
        answers: list[Message] = [
            ToolMessage(call_id=it.id, name=it.name, text="cut", is_error=True)
            for it in cut.tool_calls
        ]
        told = answers or [UserMessage(text="Shorter, please.")]
        after = (await play.ask(model, messages=[*OPENING, cut, *told])).message

    assert cut.cut_at == 1000
    assert [it.arguments for it in cut.tool_calls] == arguments
    assert after == AssistantMessage(text="Shorter.")
    assert play.outcomes() == ["answered", "answered"]


@dataclass
class NotedLimits:
    """A server that notes the limit of each request."""

    url: str = ""
    asked: list[int] = field(default_factory=list[int])


@asynccontextmanager
async def noting() -> AsyncGenerator[NotedLimits]:
    limits = NotedLimits()
    chunk = {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]}
    usage: Json = {"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 0}}
    lines = f"data: {json.dumps(chunk)}\n\ndata: {json.dumps(usage)}\n\ndata: [DONE]\n\n"

    async def answer(request: web.Request) -> web.Response:
        limits.asked.append((await request.json())["max_tokens"])
        await asyncio.sleep(0.05)
        return web.Response(text=lines, content_type="text/event-stream")

    application = web.Application()
    application.router.add_post("/v1/chat/completions", answer)
    async with TestServer(application) as server:
        limits.url = str(server.make_url("")).rstrip("/")
        yield limits


def said(tokens: int) -> ModelSettings:
    return PRICE.evolve(max_output_tokens=tokens)


@pytest.mark.parametrize(
    ("model", "settings", "asked", "limit"),
    [
        pytest.param("openai/m", PRICE, None, 32_000, id="the default"),
        pytest.param("openai/m", PRICE, 9_000, 9_000, id="what the category says"),
        pytest.param(LIST_SAYS, PRICE, None, 4_096, id="what the list says of the model"),
        pytest.param("openai/m", said(5_000), None, 5_000, id="less for one model"),
        pytest.param("openai/m", said(50_000), 9_000, 50_000, id="more for one model"),
    ],
)
async def test_a_model_is_asked_for_what_it_may_say(
    model: str, settings: ModelSettings, asked: int | None, limit: int
) -> None:
    ask = ModelRequest(models=(model,), messages=OPENING)
    if asked is not None:
        ask = ask.evolve(max_output_tokens=asked)
    async with noting() as server:
        gateway = Gateway(configure(server.url, models={model: settings}), patience=QUICK)
        await gateway.ask(ask, budget=Budget(Decimal(5)))
        await gateway.aclose()
    assert server.asked == [limit]


async def test_near_the_end_of_a_budget_answers_get_shorter_and_never_exceed_it() -> None:
    """A full answer may cost $0.48; each of these costs $0.003, its input at most $0.0036."""
    budget = Budget(Decimal("0.5"))
    async with noting() as server:
        gateway = Gateway(configure(server.url), patience=QUICK)
        ask = ModelRequest(models=("openai/m",), messages=OPENING)
        refused: BudgetExceeded | None = None
        while refused is None:
            try:
                await gateway.ask(ask, budget=budget)
            except BudgetExceeded as error:
                refused = error
        await gateway.aclose()

    assert "even with a short answer; raise `budget.run_usd`" in str(refused)
    assert server.asked[0] == 32_000
    assert server.asked == sorted(server.asked, reverse=True)
    assert 4_096 <= server.asked[-1] < 4_400
    assert Decimal("0.42") < budget.spent_usd <= budget.limit_usd


async def test_calls_that_fit_only_one_after_the_other_wait_for_each_other() -> None:
    budget = Budget(Decimal("0.6"))
    async with noting() as server:
        gateway = Gateway(configure(server.url), patience=QUICK)
        ask = ModelRequest(models=("openai/m",), messages=OPENING)
        await asyncio.gather(*(gateway.ask(ask, budget=budget) for _ in range(4)))
        await gateway.aclose()
    assert server.asked == [32_000] * 4


async def test_all_that_is_left_is_set_aside_when_it_is_less_than_the_worst() -> None:
    budget = Budget(Decimal(1), Decimal("0.4"))
    async with budget.reserve(Decimal(2), Decimal("0.5")) as reservation:
        assert reservation.worst_usd == Decimal("0.6")
        reservation.charge(Decimal("0.2"))
    with pytest.raises(BudgetExceeded, match=r"the next call may cost up to \$0.5000"):
        async with budget.reserve(Decimal(2), Decimal("0.5")):
            pass
    assert budget.spent_usd == Decimal("0.6")


async def test_a_model_that_costs_nothing_for_its_answer_may_say_all_it_wants() -> None:
    free = ModelSettings(input_usd_per_mtok=Decimal(3), output_usd_per_mtok=Decimal(0))
    async with noting() as server:
        gateway = Gateway(configure(server.url, models={"openai/m": free}), patience=QUICK)
        ask = ModelRequest(models=("openai/m",), messages=OPENING)
        await gateway.ask(ask, budget=Budget(Decimal("0.01")))
        await gateway.aclose()
    assert server.asked == [32_000]
