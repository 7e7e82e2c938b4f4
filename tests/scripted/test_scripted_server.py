"""The scripted server over plain HTTP: what a client without litellm sees."""

import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from podium.demo.scenario import ScenarioError, parse_scenario
from podium.demo.scripted_process import serve_in_process
from podium.demo.scripted_server import ScriptedServer, serve

SCENARIO = """
api_key = "k"
models = ["m", "other"]

[[conversation]]
name = "worker T1"
model = "m"
when = ["role: worker", "T1"]

[[conversation.turn]]
say = "I look."
call = [{ tool = "read_file", arguments = { path = "a.py" } }]
usage = { input_tokens = 50, cached_tokens = 20, output_tokens = 7 }

[[conversation.turn]]
expect = "print"
faults = ["429"]
say = "Done."
"""
KEYS = {"openai": {"Authorization": "Bearer k"}, "anthropic": {"x-api-key": "k"}}
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}
WIRES = pytest.mark.parametrize("wire", ["openai", "anthropic"])
CALL = {"type": "function", "function": {"name": "read_file", "arguments": "{}"}, "id": "c"}
SECOND_TURN: dict[str, list[object]] = {
    "openai": [
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c", "content": "print(1)"},
    ],
    "anthropic": [
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "c", "name": "read_file", "input": {}}],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "c",
                    "content": [{"type": "text", "text": "print(1)"}],
                }
            ],
        },
    ],
}


def body(wire: str, *more: object, **changes: object) -> dict[str, object]:
    if wire == "openai":
        system: list[object] = [{"role": "system", "content": "role: worker"}]
        told: dict[str, object] = {}
    else:
        system = []
        told = {
            "system": [{"type": "text", "text": "role: worker"}],
            "max_tokens": 99,
            "cache_control": {"type": "ephemeral"},
        }
    messages = [*system, {"role": "user", "content": "Do T1."}, *more]
    return {"model": "m", "messages": messages, **told, **changes}


async def post(
    url: str, wire: str, payload: object, *, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    sent_headers = KEYS[wire] if headers is None else headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(url + PATHS[wire], json=payload, headers=sent_headers) as response,
    ):
        return response.status, dict(response.headers), await response.text()


def played(log: Path | None = None) -> AbstractAsyncContextManager[ScriptedServer]:
    return serve(parse_scenario(SCENARIO), log=log)


@WIRES
async def test_a_whole_answer(wire: str) -> None:
    async with played() as server:
        status, _, text = await post(server.url, wire, body(wire))

    assert status == 200
    answer = json.loads(text)
    if wire == "openai":
        (choice,) = answer["choices"]
        (call,) = choice["message"]["tool_calls"]
        assert choice["message"]["content"] == "I look."
        assert call["function"] == {"name": "read_file", "arguments": '{"path": "a.py"}'}
        assert choice["finish_reason"] == "tool_calls"
        usage = answer["usage"]
        assert (usage["prompt_tokens"], usage["completion_tokens"]) == (50, 7)
        assert usage["prompt_tokens_details"]["cached_tokens"] == 20
    else:
        said, used = answer["content"]
        assert said == {"type": "text", "text": "I look."}
        assert (used["name"], used["input"]) == ("read_file", {"path": "a.py"})
        assert answer["stop_reason"] == "tool_use"
        usage = answer["usage"]
        assert (usage["input_tokens"], usage["cache_read_input_tokens"]) == (30, 20)
        assert usage["output_tokens"] == 7


async def test_anthropic_caches_nothing_that_it_was_not_asked_to() -> None:
    asked = body("anthropic")
    del asked["cache_control"]
    async with played() as server:
        _, _, text = await post(server.url, "anthropic", asked)

    usage = json.loads(text)["usage"]
    assert (usage["input_tokens"], usage["cache_read_input_tokens"]) == (50, 0)


@WIRES
async def test_a_stream_ends_with_the_providers_end_mark(wire: str) -> None:
    async with played() as server:
        _, headers, text = await post(server.url, wire, body(wire, stream=True))

    assert headers["Content-Type"] == "text/event-stream"
    ends = {
        "openai": "\n\ndata: [DONE]\n\n",
        "anthropic": 'event: message_stop\ndata: {"type": "message_stop"}\n\n',
    }
    assert text.endswith(ends[wire])
    # Usage comes only when it is asked for; Anthropic's always does.
    assert ('"completion_tokens"' in text or '"output_tokens": 7' in text) is (wire != "openai")


@WIRES
async def test_the_turn_is_read_from_the_transcript_by_any_server(wire: str) -> None:
    request = body(wire, *SECOND_TURN[wire])
    async with played() as server:
        status, headers, text = await post(server.url, wire, request)
        assert status == 429
        assert headers["Retry-After"] == "1"
        status, _, text = await post(server.url, wire, request)
        assert "Done." in text
        assert server.count("worker T1", 2) == 2
        assert server.count("worker T1", 1) == 0
    async with played() as restarted:
        assert (await post(restarted.url, wire, request))[0] == 429


ERRORS = {
    "wrong key": (401, "Incorrect API key", "invalid_api_key", "authentication_error"),
    "unknown model": (404, "`gone` does not exist", "model_not_found", "not_found_error"),
    "no match": (400, "no conversation matches model 'other'", None, "invalid_request_error"),
    "unexpected": (400, "turn 2 expects 'print'; the latest", None, "invalid_request_error"),
    "over": (400, "is over after 2 turns", None, "invalid_request_error"),
    "no messages": (400, "'messages' must be a list", None, "invalid_request_error"),
    "no object": (400, "must be a JSON object", None, "invalid_request_error"),
    "fault": (429, "Rate limit", "rate_limit_exceeded", "rate_limit_error"),
}


@WIRES
@pytest.mark.parametrize("what", ERRORS)
async def test_errors_have_each_providers_shape(wire: str, what: str) -> None:
    said = {"role": "assistant", "content": "Hm."}
    payload: object = {
        "unknown model": body(wire, model="gone"),
        "no match": body(wire, model="other"),
        "unexpected": body(wire, said, {"role": "user", "content": "What?"}),
        "over": body(wire, said, said, {"role": "user", "content": "print"}),
        "no messages": body(wire, messages=["x"]),
        "no object": ["x"],
        "fault": body(wire, *SECOND_TURN[wire]),
    }.get(what, body(wire))
    headers = {"Authorization": "Bearer no", "x-api-key": "no"} if what == "wrong key" else None
    async with played() as server:
        status, _, text = await post(server.url, wire, payload, headers=headers)

    expected, words, code, kind = ERRORS[what]
    error = json.loads(text)["error"]
    assert status == expected
    assert words in error["message"]
    if wire == "openai":
        assert error["code"] == code
    else:
        assert json.loads(text)["type"] == "error"
        assert error["type"] == kind


async def get(server: ScriptedServer, path: str) -> Any:  # noqa: ANN401 - JSON
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.url + path) as response,
    ):
        return await response.json()


async def test_the_log_and_the_models_can_be_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    async with played(log) as server:
        await post(server.url, "openai", body("openai"))
        await post(server.url, "anthropic", body("anthropic", *SECOND_TURN["anthropic"]))
        entries = await get(server, "/podium/requests")
        models = await get(server, "/v1/models")

    first = {
        "wire": "openai",
        "model": "m",
        "conversation": "worker T1",
        "turn": 1,
        "about": "role: worker",
        "fault": None,
        "outcome": "answered",
    }
    second = first | {"wire": "anthropic", "turn": 2, "fault": "429", "outcome": "429"}
    assert entries == [first, second]
    assert [it["id"] for it in models["data"]] == ["m", "other"]
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(it["conversation"], it["turn"]) for it in lines] == [
        ("worker T1", 1),
        ("worker T1", 2),
    ]


async def test_a_server_in_a_process_of_its_own_can_die_and_come_back(tmp_path: Path) -> None:
    scenario, log = tmp_path / "a scenario.toml", tmp_path / "log.jsonl"
    scenario.write_text(SCENARIO)
    async with serve_in_process(scenario, log=log) as url:
        assert (await post(url, "openai", body("openai")))[0] == 200
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(url, "openai", body("openai"))
    port = int(url.rpartition(":")[2])
    async with serve_in_process(scenario, port=port, log=log) as again:
        assert again == url
        assert (await post(again, "openai", body("openai")))[0] == 200
    assert len(log.read_text().splitlines()) == 2


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    scenario = tmp_path / "s.toml"
    scenario.write_text("conversation = 1\n")
    with pytest.raises(ScenarioError, match="conversation: Input should be a valid tuple"):
        async with serve_in_process(scenario):
            pass
