"""OpenAI's responses wire format, as far as an agent uses it; it refuses what OpenAI refuses.

The client that keeps nothing at OpenAI sends all items of the conversation each time: what the
model put out, calls of functions among it, and their outputs.  What the model put out between
two of the client's own items was one answer.
"""

import itertools
import json
from collections.abc import Iterator, Sequence

from podium.demo.scenario import ScriptedUsage
from podium.demo.scripted_openai import bearer, error_object
from podium.demo.scripted_wire import (
    Answer,
    Json,
    ScriptedRefusal,
    ScriptedRequest,
    messages_of,
    model_of,
    pieces,
    text_of,
    transcript,
)

_CREATED = 1_700_000_000
_EMPTY: Json = {"content": [], "status": "in_progress"}
"""A message that has only just begun."""
_PART: Json = {"type": "output_text", "text": "", "annotations": []}
_LEAST_OUTPUT_TOKENS = 16
_MAX_CALL_ID = 64
_FIELDS = {
    "body": "include input instructions max_output_tokens metadata model parallel_tool_calls "
    "prompt_cache_key reasoning service_tier store stream temperature text tool_choice tools "
    "top_p truncation user",
    "tool": "description name parameters strict type",
    "message": "content id phase role status type",
    "reasoning": "content encrypted_content id status summary type",
    "function_call": "arguments call_id id name status type",
    "function_call_output": "call_id id output status type",
}
"""What the body, a tool and each kind of item may say."""


class ResponsesWire:
    """``POST /v1/responses``."""

    name = "responses"

    def key(self, headers: dict[str, str]) -> str | None:
        """Return the bearer token."""
        return bearer(headers)

    def read(self, body: Json) -> ScriptedRequest:
        """Return what is asked."""
        _check_fields(body, "body", "")
        items = messages_of(body, "input")
        _check_limit(body.get("max_output_tokens", _LEAST_OUTPUT_TOKENS))
        for at, tool in enumerate(messages_of(body, "tools") if "tools" in body else ()):
            _check_fields(tool, "tool", f"tools[{at}].")
        _check_items(items)
        opening, latest, turn = transcript(text_of(body.get("instructions")), _messages(items))
        return ScriptedRequest(
            model=model_of(body),
            opening=opening,
            latest=latest,
            turn=turn,
            stream=body.get("stream") is True,
            n_characters=len(json.dumps(items)) + len(json.dumps(body.get("tools", ""))),
        )

    def events(self, answer: Answer, *, wants_usage: bool) -> Iterator[bytes]:
        """Yield the events from ``response.created`` to the one that ends the answer."""
        del wants_usage  # This format always tells.
        number = itertools.count()
        for kind, fields in _events(answer):
            event = {"type": kind, "sequence_number": next(number), **fields}
            yield f"event: {kind}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()

    def whole(self, answer: Answer) -> Json:
        """Return a ``response``."""
        return _response(answer, _ended(answer))

    def error(self, refused: ScriptedRefusal) -> Json:
        """Return OpenAI's error object."""
        return error_object(refused)


def _check_fields(value: Json, kind: str, where: str) -> None:
    for name in value:
        if name not in _FIELDS[kind].split():
            raise ScriptedRefusal(400, f"Unknown parameter: '{where}{name}'.")


def _check_limit(limit: object) -> None:
    if not isinstance(limit, int) or limit < _LEAST_OUTPUT_TOKENS:
        least = f"Expected a value >= {_LEAST_OUTPUT_TOKENS}, but got {limit} instead."
        raise ScriptedRefusal(
            400, f"Invalid 'max_output_tokens': integer below minimum value. {least}"
        )


def _check_items(items: Sequence[Json]) -> None:
    """Refuse items that nobody knows, and calls and outputs that have no other half."""
    called: list[object] = []
    for at, item in enumerate(items):
        kind = str(item.get("type", "message"))
        if kind not in _FIELDS or kind in ("body", "tool"):
            raise ScriptedRefusal(400, f"Invalid value: '{kind}' at 'input[{at}].type'.")
        _check_fields(item, kind, f"input[{at}].")
        call_id = item.get("call_id")
        if kind == "function_call":
            _check_call(item, at)
            called.append(call_id)
        elif kind == "function_call_output":
            if call_id not in called:
                raise ScriptedRefusal(
                    400, f"No tool call found for function call output {call_id}."
                )
            called.remove(call_id)
    if called:
        raise ScriptedRefusal(400, f"No tool output found for function call {called[0]}.")


def _check_call(item: Json, at: int) -> None:
    call_id, item_id = str(item.get("call_id", "")), item.get("id")
    if not 0 < len(call_id) <= _MAX_CALL_ID:
        limits = f"Expected a string with maximum length {_MAX_CALL_ID}"
        raise ScriptedRefusal(400, f"Invalid 'input[{at}].call_id': {limits}.")
    if item_id is not None:
        # Nothing is stored, and a call that is named by its id wants its reasoning beside it.
        raise ScriptedRefusal(404, f"Item with id '{item_id}' not found.")


def _messages(items: Sequence[Json]) -> list[Json]:
    """Return the items as messages: one of the assistant for each answer."""
    messages: list[Json] = []
    for item in items:
        if item.get("type") in ("function_call", "reasoning") or item.get("role") == "assistant":
            if not messages or messages[-1]["role"] != "assistant":
                messages.append({"role": "assistant", "content": ""})
        elif item.get("type") == "function_call_output":
            messages.append({"role": "tool", "content": item.get("output")})
        else:
            messages.append({"role": item.get("role"), "content": item.get("content")})
    return messages


def _items(answer: Answer) -> Iterator[Json]:
    """Yield what the model puts out, each item as it is in the end."""
    turn, status = answer.turn, _ended(answer)
    if turn.think or status == "incomplete":
        summary: list[Json] = []
        yield {"id": f"rs_{answer.id}", "type": "reasoning", "summary": summary}
    if turn.say:
        yield {
            "id": f"msg_{answer.id}",
            "type": "message",
            "role": "assistant",
            "content": [_PART | {"text": turn.say}],
            "status": status,
        }
    for index, call in enumerate(turn.call):
        yield {
            "id": f"fc_{answer.id}_{index}",
            "type": "function_call",
            "call_id": answer.call_id(index),
            "name": call.tool,
            "arguments": answer.arguments(call),
            "status": status,
        }


def _events(answer: Answer) -> Iterator[tuple[str, Json]]:
    begun = _response(answer, "in_progress")
    yield "response.created", {"response": begun}
    yield "response.in_progress", {"response": begun}
    for index, item in enumerate(_items(answer)):
        yield from _item_events(index, item)
    ended = _ended(answer)
    yield f"response.{ended}", {"response": _response(answer, ended)}


def _item_events(index: int, item: Json) -> Iterator[tuple[str, Json]]:
    at: Json = {"item_id": item["id"], "output_index": index}
    match item:
        case {"type": "message", "content": [{"text": str(text)}]}:
            part = at | {"content_index": 0}
            yield "response.output_item.added", {"output_index": index, "item": item | _EMPTY}
            yield "response.content_part.added", part | {"part": _PART}
            for piece in pieces(text):
                yield "response.output_text.delta", part | {"delta": piece, "logprobs": []}
            yield "response.output_text.done", part | {"text": text}
            yield "response.content_part.done", part | {"part": _PART | {"text": text}}
        case {"type": "function_call", "arguments": str(text)}:
            begun = item | {"arguments": "", "status": "in_progress"}
            yield "response.output_item.added", {"output_index": index, "item": begun}
            for piece in pieces(text):
                yield "response.function_call_arguments.delta", at | {"delta": piece}
            yield "response.function_call_arguments.done", at | {"arguments": text}
        case _:
            yield "response.output_item.added", {"output_index": index, "item": item}
    yield "response.output_item.done", {"output_index": index, "item": item}


def _ended(answer: Answer) -> str:
    return "incomplete" if answer.turn.cut else "completed"


def _response(answer: Answer, status: str) -> Json:
    is_over = status != "in_progress"
    return {
        "id": f"resp_{answer.id}",
        "object": "response",
        "created_at": _CREATED,
        "model": answer.model,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "output": list(_items(answer)) if is_over else [],
        "parallel_tool_calls": True,
        "store": False,
        "usage": _usage(answer.usage) if is_over else None,
    }


def _usage(usage: ScriptedUsage) -> Json:
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }
