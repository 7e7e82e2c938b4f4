"""Each model that Podium asks when nobody configured any, at its own address."""

import json
from collections.abc import AsyncGenerator
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.budget import Budget
from models.playing import KEY, LITELLM_WARNS, OPENING, QUICK, READ_FILE
from podium.configuration import Configuration
from podium.demo.scenario import parse_scenario
from podium.demo.scripted_server import serve
from podium.domain.transcript import Message, Reply, ToolMessage
from podium.models.categories import models_for
from podium.models.gateway import Gateway, ModelRequest

pytestmark = LITELLM_WARNS
SCENARIO = """
    [[conversation]]
    name = "any"
    [[conversation.turn]]
    say = "I look."
    call = [
        { tool = "read_file", arguments = { path = "a.py" } },
        { tool = "read_file", arguments = { path = "b.py" } },
    ]
    usage = { input_tokens = 1000, cached_tokens = 400, output_tokens = 100 }
    [[conversation.turn]]
    expect = "print"
    say = "Done."
"""
DEFAULTS = Configuration()
MODELS = tuple(dict.fromkeys(it for models in DEFAULTS.categories.values() for it in models))
WIRES = {"openai": {"responses"}, "anthropic": {"anthropic"}, "gemini": set[str]()}
"""How the scripted server is asked for each provider's models; it does not speak Gemini's."""


@pytest.mark.parametrize("role", DEFAULTS.roles)
def test_a_role_thinks_with_models_that_are_asked_here(role: str) -> None:
    assert set(models_for(DEFAULTS.roles[role], DEFAULTS)) <= set(MODELS)


@pytest.fixture
async def gemini() -> AsyncGenerator[str]:
    """The URL of a server that answers in Gemini's form, and calls a tool at first."""

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        is_first = len(asked["contents"]) == 1
        arguments = {"name": "read_file", "args": {"path": "a.py"}}
        part = {"functionCall": arguments} if is_first else {"text": "Done."}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
        usage = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
        body = {"candidates": [candidate], "usageMetadata": usage}
        text = f"data: {json.dumps(body)}\n\n"
        return web.Response(text=text, content_type="text/event-stream")

    application = web.Application()
    application.router.add_post("/{path:.*streamGenerateContent}", answer)
    async with TestServer(application) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize("model", MODELS)
async def test_a_default_model_takes_a_tool_and_its_result(
    model: str, gemini: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scripted server is reached by the variables that a user has for that.

    OpenAI's own address is kept, because it decides how a model is asked; a proxy leads to it.
    """
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, KEY)
    async with serve(parse_scenario(f'api_key = "{KEY}"\n{SCENARIO}')) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://api.openai.com/v1")
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("GEMINI_API_BASE", gemini)
        gateway = Gateway(DEFAULTS, patience=QUICK)
        try:
            first = await ask(gateway, model, *OPENING)
            results = [
                ToolMessage(call_id=it.id, name=it.name, text="print(1)")
                for it in first.message.tool_calls
            ]
            second = await ask(gateway, model, *OPENING, first.message, *results)
        finally:
            await gateway.aclose()
        wires = {it.wire for it in server.requests}

    assert first.message.tool_calls[0].arguments == '{"path": "a.py"}'
    assert (first.usage.input_tokens, first.usage.output_tokens) == (1000, 100)
    assert second.message.text == "Done."
    assert wires == WIRES[model.partition("/")[0]]


async def ask(gateway: Gateway, model: str, *messages: Message) -> Reply:
    return await gateway.ask(
        ModelRequest(models=(model,), messages=messages, tools=(READ_FILE,)),
        budget=Budget(Decimal(5)),
    )
