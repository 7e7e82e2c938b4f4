"""The scripted server's responses over plain HTTP, and what it refuses as OpenAI does."""

import json

import aiohttp
import pytest

from podium.demo.scenario import parse_scenario
from podium.demo.scripted_server import serve

SCENARIO = """
api_key = "k"
models = ["m"]

[[conversation]]
name = "worker T1"
when = ["role: worker", "T1"]

[[conversation.turn]]
think = "A file first."
say = "I look."
call = [{ tool = "read_file", arguments = { path = "a.py" } }, { tool = "todos" }]
usage = { input_tokens = 50, cached_tokens = 20, output_tokens = 7 }

[[conversation.turn]]
expect = "print"
say = "Done."

[[conversation.turn]]
cut = true
call = [{ tool = "read_file", arguments = { path = "a.py" } }]
"""
Json = dict[str, object]
USER: Json = {"role": "user", "content": [{"type": "input_text", "text": "Do T1."}]}
CALL: Json = {"type": "function_call", "call_id": "a", "name": "read_file", "arguments": "{}"}
OUTPUT: Json = {"type": "function_call_output", "call_id": "a", "output": "print(1)"}
SAID: Json = {
    "type": "message",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "Hm"}],
}
THOUGHT: Json = {"type": "reasoning", "summary": [], "encrypted_content": "x"}


async def post(*items: object, key: object = "k", **changes: object) -> tuple[int, str]:
    body = {"model": "m", "instructions": "role: worker", "input": [USER, *items]} | changes
    async with (
        serve(parse_scenario(SCENARIO)) as server,
        aiohttp.ClientSession() as session,
        session.post(
            f"{server.url}/v1/responses", json=body, headers={"Authorization": f"Bearer {key}"}
        ) as response,
    ):
        return response.status, await response.text()


async def test_a_whole_response() -> None:
    _, text = await post()
    response = json.loads(text)
    thought, message, first, second = response["output"]
    assert thought["type"] == "reasoning"
    assert message["content"] == [{"type": "output_text", "text": "I look.", "annotations": []}]
    assert (first["name"], first["arguments"]) == ("read_file", '{"path": "a.py"}')
    assert first["call_id"] != second["call_id"]
    assert response["status"] == "completed"
    usage = response["usage"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (50, 7)
    assert usage["input_tokens_details"]["cached_tokens"] == 20


async def test_a_stream_gives_the_same_piece_by_piece_and_ends_with_it() -> None:
    _, text = await post(stream=True)
    events = [
        json.loads(it.removeprefix("data: ")) for it in text.split("\n") if it.startswith("data")
    ]
    assert [it["sequence_number"] for it in events] == list(range(len(events)))
    said = "".join(it["delta"] for it in events if it["type"] == "response.output_text.delta")
    assert said == "I look."
    deltas = [it for it in events if it["type"] == "response.function_call_arguments.delta"]
    assert "".join(it["delta"] for it in deltas) == '{"path": "a.py"}{}'
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"] == json.loads((await post())[1])


async def test_what_the_model_put_out_at_once_is_one_answer() -> None:
    _, text = await post(THOUGHT, SAID, CALL, OUTPUT)
    (message,) = json.loads(text)["output"]
    assert message["content"][0]["text"] == "Done."


async def test_an_answer_at_the_limit_says_so() -> None:
    _, text = await post(CALL, OUTPUT, SAID, USER)
    response = json.loads(text)
    assert response["status"] == "incomplete"
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}
    assert response["output"][-1]["arguments"] == '{"path": "a.py'


REFUSED: list[tuple[list[Json], Json, int, str]] = [
    ([], {"max_tokens": 9}, 400, "Unknown parameter: 'max_tokens'."),
    ([], {"messages": []}, 400, "Unknown parameter: 'messages'."),
    ([], {"stream_options": {"include_usage": True}}, 400, "Unknown parameter: 'stream_opt"),
    ([], {"max_output_tokens": 9}, 400, "integer below minimum value. Expected a value >= 16"),
    ([], {"input": "x"}, 400, "'input' must be a list"),
    ([], {"tools": [{"type": "function", "function": {}}]}, 400, "'tools[0].function'"),
    ([{"type": "x"}], {}, 400, "Invalid value: 'x' at 'input[1].type'."),
    ([{**SAID, "cache_control": {}}], {}, 400, "Unknown parameter: 'input[1].cache_control'."),
    ([SAID, OUTPUT], {}, 400, "No tool call found for function call output a."),
    ([CALL, OUTPUT, OUTPUT], {}, 400, "No tool call found for function call output a."),
    ([CALL, USER], {}, 400, "No tool output found for function call a."),
    ([{**CALL, "call_id": "x" * 65}], {}, 400, "Expected a string with maximum length 64."),
    ([{**CALL, "id": "fc_1"}], {}, 404, "Item with id 'fc_1' not found."),
    ([], {"model": "gone"}, 404, "The model `gone` does not exist"),
    ([], {"key": "no"}, 401, "Incorrect API key provided: no"),
]


@pytest.mark.parametrize(("items", "changes", "status", "words"), REFUSED)
async def test_what_openai_refuses_is_refused(
    items: list[Json], changes: Json, status: int, words: str
) -> None:
    found, text = await post(*items, **changes)
    assert found == status
    assert words in json.loads(text)["error"]["message"]
