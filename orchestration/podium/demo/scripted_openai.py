"""OpenAI's chat-completions wire format, as far as an agent uses it."""

import json
from collections.abc import Iterator

from podium.demo.scenario import ScriptedUsage
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
_CODES = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
}


class OpenAiWire:
    """``POST /v1/chat/completions``."""

    name = "openai"

    def key(self, headers: dict[str, str]) -> str | None:
        """Return the bearer token."""
        return bearer(headers)

    def read(self, body: Json) -> ScriptedRequest:
        """Return what is asked."""
        messages = messages_of(body)
        system = "\n".join(
            text_of(it.get("content"))
            for it in messages
            if it.get("role") in ("system", "developer")
        )
        opening, latest, turn = transcript(system, messages)
        return ScriptedRequest(
            model=model_of(body),
            opening=opening,
            latest=latest,
            turn=turn,
            stream=body.get("stream") is True,
            wants_usage=_wants_usage(body),
            n_characters=len(json.dumps(messages)) + len(json.dumps(body.get("tools", ""))),
        )

    def events(self, answer: Answer, *, wants_usage: bool) -> Iterator[bytes]:
        """Yield the chunks, the usage if it was asked for, and ``[DONE]``."""
        for delta in _deltas(answer):
            yield _chunk(answer, [{"index": 0, "delta": delta, "finish_reason": None}])
        yield _chunk(answer, [{"index": 0, "delta": {}, "finish_reason": _finish(answer)}])
        if wants_usage:
            yield _chunk(answer, [], usage=_usage(answer.usage))
        yield b"data: [DONE]\n\n"

    def whole(self, answer: Answer) -> Json:
        """Return a ``chat.completion``."""
        message: Json = {"role": "assistant", "content": answer.turn.say or None, "refusal": None}
        if answer.turn.call:
            message["tool_calls"] = [_tool_call(answer, index) for index in _indexes(answer)]
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _finish(answer),
        }
        usage = _usage(answer.usage)
        return _envelope(answer, "chat.completion") | {"choices": [choice], "usage": usage}

    def error(self, refused: ScriptedRefusal) -> Json:
        """Return OpenAI's error object."""
        return error_object(refused)


def bearer(headers: dict[str, str]) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key if scheme.lower() == "bearer" else None


def error_object(refused: ScriptedRefusal) -> Json:
    """Return OpenAI's error object."""
    kind, code = _CODES.get(refused.status, ("invalid_request_error", None))
    return {"error": {"message": refused.message, "type": kind, "param": None, "code": code}}


def _wants_usage(body: Json) -> bool:
    match body.get("stream_options"):
        case {"include_usage": True}:
            return True
        case _:
            return False


def _indexes(answer: Answer) -> range:
    return range(len(answer.turn.call))


def _deltas(answer: Answer) -> Iterator[Json]:
    yield {"role": "assistant", "content": ""}
    for piece in pieces(answer.turn.think):
        yield {"reasoning_content": piece}
    for piece in pieces(answer.turn.say):
        yield {"content": piece}
    for index in _indexes(answer):
        call = _tool_call(answer, index) | {"index": index}
        arguments = answer.arguments(answer.turn.call[index])
        name = answer.turn.call[index].tool
        yield {"tool_calls": [call | {"function": {"name": name, "arguments": ""}}]}
        for piece in pieces(arguments):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _tool_call(answer: Answer, index: int) -> Json:
    call = answer.turn.call[index]
    function = {"name": call.tool, "arguments": answer.arguments(call)}
    return {"id": answer.call_id(index), "type": "function", "function": function}


def _finish(answer: Answer) -> str:
    if answer.turn.cut:
        return "length"
    return "tool_calls" if answer.turn.call else "stop"


def _usage(usage: ScriptedUsage) -> Json:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def _envelope(answer: Answer, kind: str) -> Json:
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": kind,
        "created": _CREATED,
        "model": answer.model,
    }


def _chunk(answer: Answer, choices: list[Json], usage: Json | None = None) -> bytes:
    chunk = _envelope(answer, "chat.completion.chunk") | {"choices": choices, "usage": usage}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
