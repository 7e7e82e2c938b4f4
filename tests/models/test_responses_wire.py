"""OpenAI's responses: what is sent, and what is made of answers that do not end well."""

import asyncio
import importlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.budget import Budget
from models.playing import KEY, LITELLM_WARNS, OPENING, QUICK, READ_FILE, configure, playing
from podium.domain.transcript import (
    AssistantMessage,
    Message,
    SystemMessage,
    ToolCall,
    ToolMessage,
    Usage,
    UserMessage,
)
from podium.models.call import ModelCall
from podium.models.failures import (
    BadRequest,
    CallFailed,
    NoCredit,
    ProviderDown,
    RateLimited,
    TooLong,
)
from podium.models.gateway import Gateway, ModelRequest
from podium.models.keys import Key
from podium.models.litellm_port import Litellm
from podium.models.litellm_wire import stream
from podium.models.messages import to_wire, tools_to_wire
from podium.models.watch import Watch

pytestmark = LITELLM_WARNS
Json = dict[str, object]
MODEL = "openai/gpt-6.1-sol"
RESPONSES = "openai/responses/m"
GEMINIS = "call_1f__thought__" + "c2lnbmF0dXJl" * 20
CONVERSATION: tuple[Message, ...] = (
    SystemMessage(text="You are Podium's worker."),
    UserMessage(text="Do it."),
    AssistantMessage(
        text="I look.",
        tool_calls=(
            ToolCall(id="call_a", name="read_file", arguments='{"path": "é.py"}'),
            ToolCall(id=GEMINIS, name="read_file", arguments='{"path": '),
        ),
    ),
    ToolMessage(call_id="call_a", name="read_file", text="print(1)"),
    ToolMessage(call_id=GEMINIS, name="read_file", text="no such file", is_error=True),
    AssistantMessage(tool_calls=(ToolCall(id="call_c", name="read_file", arguments="{}"),)),
    ToolMessage(call_id="call_c", name="read_file", text=""),
    AssistantMessage(text="Done."),
    UserMessage(text="Go on."),
)


def call(messages: Sequence[Message] = CONVERSATION) -> ModelCall:
    return ModelCall(
        model=MODEL,
        messages=to_wire(messages),
        tools=tools_to_wire([READ_FILE]),
        max_output_tokens=1_000,
        timeout_s=10,
        api_base=None,
    )


class Never(httpx.AsyncByteStream):
    """A body that nobody reads."""

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        yield b""


async def sent(chunks: AsyncGenerator[object]) -> httpx.Request:
    """Return the request that asking for ``chunks`` makes; it is answered with an error."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(400, stream=Never())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        watch = Watch(client, MODEL, Key("a test", KEY), lambda: None)
        with watch.attached(), suppress(Exception):
            async for _ in chunks:
                pass
    (request,) = requests
    return request


async def litellms_own(asked: ModelCall) -> AsyncGenerator[object]:
    module: Any = importlib.import_module("litellm")
    chunks: AsyncGenerator[object] = await module.acompletion(
        model=asked.model,
        messages=list(asked.messages),
        api_key=KEY,
        num_retries=0,
        max_retries=0,
        _skip_mcp_handler=True,
        **asked.parameters(),
    )
    async for chunk in chunks:
        yield chunk


def nothing(**_: object) -> None:
    """Do nothing."""


async def test_what_is_sent_is_what_litellm_would_send_with_nothing_stored_and_no_parameter_forced(
    litellm: Litellm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its own way asks for the package `mcp` here, for tools that nobody has.
    main = importlib.import_module("litellm.responses.main")
    monkeypatch.setattr(main, "_responses_try_dispatch_mcp_gateway", nothing)
    theirs = await sent(litellms_own(call()))
    ours = await sent(stream(litellm, call(), Key("a test", KEY)))

    assert str(ours.url) == str(theirs.url) == "https://api.openai.com/v1/responses"
    assert ours.headers["authorization"] == theirs.headers["authorization"] == f"Bearer {KEY}"
    body = json.loads(theirs.content)
    tools = [it | {"strict": False} for it in body["tools"]]
    assert tools
    assert json.loads(ours.content) == body | {"store": False, "tools": tools}


@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
async def test_the_address_of_openais_own_variables_counts(
    litellm: Litellm, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "https://eu.api.openai.com/v1/")
    request = await sent(stream(litellm, call(), Key("a test", KEY)))
    assert str(request.url) == "https://eu.api.openai.com/v1/responses"


async def test_usage_tells_what_was_cached_and_what_was_thought() -> None:
    usage = {
        "input_tokens": 1000,
        "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 100},
        "output_tokens": 300,
        "output_tokens_details": {"reasoning_tokens": 280},
        "total_tokens": 1300,
    }
    said: Json = {"type": "response.output_text.delta", "output_index": 1, "delta": "Hello."}
    response: Json = {"id": "resp_1", "status": "completed", "output": [], "usage": usage}
    reply = await answered(said, {"type": "response.completed", "response": response})
    assert not isinstance(reply, CallFailed)
    assert reply == Usage(
        input_tokens=1000, cached_tokens=400, cache_written_tokens=100, output_tokens=300
    )


async def test_an_empty_piece_of_arguments_is_no_broken_answer() -> None:
    item = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "x", "arguments": ""}
    kind = "response.function_call_arguments.delta"
    response: Json = {"id": "resp_1", "status": "completed", "output": [item], "usage": None}
    reply = await answered(
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": kind, "output_index": 0, "delta": ""},
        {"type": kind, "output_index": 0, "delta": "{}"},
        {"type": "response.completed", "response": response},
    )
    assert not isinstance(reply, CallFailed)


def failed(code: str) -> Json:
    error = {"code": code, "message": "Something is wrong."}
    return {"type": "response.failed", "response": {"status": "failed", "error": error}}


@pytest.mark.parametrize(
    ("event", "kind", "words"),
    [
        (failed("server_error"), ProviderDown, "has a problem: Something is wrong"),
        (failed("rate_limit_exceeded"), RateLimited, "too many requests: Something is wrong"),
        (failed("insufficient_quota"), NoCredit, "no credit left: Something is wrong"),
        (failed("context_length_exceeded"), TooLong, "set a smaller `context_tokens`"),
        (failed("invalid_prompt"), BadRequest, "Something is wrong. (invalid_prompt)"),
        ({"type": "response.failed", "response": {"error": None}}, ProviderDown, "server_error"),
        ({"type": "error", "code": "invalid_prompt", "message": "No."}, BadRequest, "No. (inval"),
        ({"type": "error", "error": {"type": "server_error"}}, ProviderDown, "server_error"),
    ],
)
async def test_an_answer_that_failed_on_its_way_is_not_believed(
    event: Json, kind: type[CallFailed], words: str
) -> None:
    said: Json = {"type": "response.output_text.delta", "output_index": 0, "delta": "Half of"}
    failure = await answered(said, event)
    assert type(failure) is kind
    assert words in str(failure)


async def answered(*events: Json) -> Usage | CallFailed:
    """Return the usage of an answer of these events, or how it failed."""
    lines = "".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n" for it in events)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=lines, content_type="text/event-stream")

    application = web.Application()
    application.router.add_post("/v1/responses", answer)
    async with TestServer(application) as server:
        url = str(server.make_url("")).rstrip("/")
        gateway = Gateway(configure(url), patience=QUICK)
        try:
            ask = ModelRequest(models=(RESPONSES,), messages=OPENING)
            return (await gateway.ask(ask, budget=Budget(Decimal(5)))).usage
        except CallFailed as failure:
            return failure
        finally:
            await gateway.aclose()


async def test_an_answer_whose_connection_stays_open_has_ended_all_the_same() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        said: Json = {"type": "response.output_text.delta", "output_index": 0, "delta": "Hello."}
        ended: Json = {"type": "response.completed", "response": {"output": [], "usage": None}}
        for it in (said, ended):
            await response.write(f"data: {json.dumps(it)}\n\n".encode())
        while request.transport is not None:  # Until the client leaves.
            await response.write(b": still here\n\n")
            await asyncio.sleep(0.05)
        return response

    async with playing('[[conversation]]\nname = "w"\n[[conversation.turn]]\nsay = "x"') as play:
        application = web.Application()
        application.router.add_post("/v1/responses", answer)
        async with TestServer(application) as server:
            gateway = Gateway(configure(str(server.make_url("")).rstrip("/")), patience=QUICK)
            ask = ModelRequest(models=(RESPONSES,), messages=OPENING)
            reply = await gateway.ask(ask, budget=play.budget)
            await gateway.aclose()
    assert reply.message.text == "Hello."
