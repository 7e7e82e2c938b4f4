"""What a provider says that an answer has used: believed only as far as it can be."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from models.budget import Budget
from models.playing import LITELLM_WARNS, OPENING, PRICE, QUICK, configure
from podium.domain.transcript import Reply
from podium.models.failures import CallFailed
from podium.models.gateway import Gateway, ModelRequest

pytestmark = LITELLM_WARNS
OUTPUT = 1_000
ABSURD = {
    "a million millions": 10**12,
    "a number of a thousand digits": 10**999,
    "negative": -(10**12),
    "not a number": float("nan"),
    "infinite": float("inf"),
    "a fraction": 1e300,
    "text": "1000000000000",
    "nothing": None,
    "an object": {"tokens": 10**12},
}


def openai(said: object) -> list[object]:
    choices = [{"index": 0, "delta": {"content": "Hello."}, "finish_reason": "stop"}]
    usage = {"prompt_tokens": said, "completion_tokens": said, "total_tokens": said}
    return [{"choices": choices}, {"choices": [], "usage": usage}]


def anthropic(said: object) -> list[object]:
    usage = {"input_tokens": said, "cache_read_input_tokens": said, "output_tokens": 1}
    text = {"type": "text_delta", "text": "Hello."}
    return [
        {"type": "message_start", "message": {"id": "a", "content": [], "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": text},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": said},
        },
        {"type": "message_stop"},
    ]


@asynccontextmanager
async def answering(events: list[object]) -> AsyncGenerator[str]:
    """Yield the URL of a server that streams these events, whatever is asked."""
    lines = "".join(f"data: {json.dumps(it)}\n\n" for it in events)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=f"{lines}data: [DONE]\n\n", content_type="text/event-stream")

    application = web.Application()
    application.router.add_post("/{path:.*}", answer)
    async with TestServer(application) as server:
        yield str(server.make_url("")).rstrip("/")


async def ask(url: str, model: str, budget: Budget) -> Reply:
    gateway = Gateway(configure(url), patience=QUICK)
    try:
        asked = ModelRequest(models=(model,), messages=OPENING, max_output_tokens=OUTPUT)
        return await gateway.ask(asked, budget=budget)
    finally:
        await gateway.aclose()


@pytest.mark.parametrize("said", ABSURD)
@pytest.mark.parametrize("model", ["openai/m", "anthropic/m"])
async def test_a_call_costs_no_more_than_was_set_aside_whatever_is_said(
    model: str, said: str
) -> None:
    events = (openai if model.startswith("openai") else anthropic)(ABSURD[said])
    budget = Budget(Decimal(1))
    worst = Decimal(OUTPUT * 15 + 2_000 * 4) / 1_000_000
    async with answering(events) as url:
        try:
            reply = await ask(url, model, budget)
        except CallFailed:  # What cannot be read at all is not believed, and asked for again.
            assert 0 < budget.spent_usd < QUICK.attempts * worst
        else:
            assert 0 < reply.cost_usd <= worst
            assert reply.cost_usd == budget.spent_usd
            assert 0 <= reply.usage.output_tokens <= OUTPUT
            assert 0 < reply.usage.input_tokens < 2_000


async def test_what_is_not_believed_is_logged() -> None:
    assert PRICE.output_usd_per_mtok == 15
    async with answering(openai(10**12)) as url:
        with capture_logs() as logged:
            await ask(url, "openai/m", Budget(Decimal(1)))
    [line] = [it for it in logged if it["event"] == "charge.clamped"]
    assert Decimal(line["said_usd"]) == 18_000_000
    assert Decimal(line["most_usd"]) < 1
