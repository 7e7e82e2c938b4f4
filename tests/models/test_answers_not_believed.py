"""Answers that look well and are not: empty ones, somebody else's, ones that nobody watched."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from models.budget import Budget
from models.playing import KEY, LITELLM_WARNS, OPENING, PRICE, QUICK, configure
from podium.configuration import Configuration, Limits
from podium.models.attempt import Attempt
from podium.models.call import ModelCall
from podium.models.failures import BadAnswer, Unwatched, WrongAddress
from podium.models.gateway import Gateway, ModelRequest
from podium.models.keys import Key
from podium.models.prices import price_of

pytestmark = LITELLM_WARNS
EMPTY = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


@asynccontextmanager
async def answering(head: str, body: bytes = b"") -> AsyncGenerator[tuple[str, list[bytes]]]:
    """Yield the URL of a server that gives one answer to all, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            lines = f"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {len(body)}"
            writer.write(f"{lines}\r\n\r\n".encode() + body)
            await writer.drain()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", asked


async def ask(url: str) -> None:
    gateway = Gateway(configure(url), patience=QUICK)
    try:
        await gateway.ask(
            ModelRequest(models=("openai/m",), messages=OPENING), budget=Budget(Decimal(1))
        )
    finally:
        await gateway.aclose()


async def test_an_empty_answer_is_asked_for_again_and_then_said() -> None:
    async with answering("200 OK\r\nContent-Type: text/event-stream", EMPTY) as (url, asked):
        with pytest.raises(BadAnswer, match=r"the answer is empty \(finish reason 'stop'\)"):
            await ask(url)
    assert len(asked) == QUICK.attempts


async def test_a_redirect_takes_no_key_to_another_host() -> None:
    async with (
        answering("200 OK\r\nContent-Type: text/event-stream", EMPTY) as (elsewhere, theirs),
        answering(f"307 Temporary Redirect\r\nLocation: {elsewhere}/v1") as (url, asked),
    ):
        with pytest.raises(WrongAddress, match="redirects are not followed, correct `api_base`"):
            await ask(url)
    assert KEY.encode() in asked[0]
    assert theirs == []


async def elsewhere(call: ModelCall, key: Key) -> AsyncGenerator[Any]:
    """Find the answer without a request that Podium sees: in a cache of litellm's, say."""
    delta = SimpleNamespace(content=f"{call.model} knows {key.source}", tool_calls=None)
    yield SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason="stop")])


async def test_an_answer_that_nobody_watched_is_refused() -> None:
    settings = Configuration(models={"openai/m": PRICE})
    call = ModelCall(
        model="openai/m",
        messages=[],
        tools=[],
        max_output_tokens=100,
        timeout_s=1,
        api_base=None,
    )
    async with httpx.AsyncClient() as client:
        attempt = Attempt(
            stream=elsewhere,
            client=client,
            call=call,
            key=Key("a test", KEY),
            price=price_of("openai/m", settings, {}),
            family="openai",
            limits=Limits(),
            budget=Budget(Decimal(1)),
        )
        with pytest.raises(Unwatched, match="in a way that Podium cannot follow"):
            await attempt.run()
