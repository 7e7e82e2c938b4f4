"""Anthropic's messages wire format, as far as an agent uses it."""

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

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
}


class AnthropicWire:
    """``POST /v1/messages``."""

    name = "anthropic"

    def key(self, headers: dict[str, str]) -> str | None:
        """Return the ``x-api-key`` header."""
        return headers.get("x-api-key")

    def read(self, body: Json) -> ScriptedRequest:
        """Return what is asked."""
        messages = messages_of(body)
        if not isinstance(body.get("max_tokens"), int):
            raise ScriptedRefusal(400, "max_tokens: Field required")
        opening, latest, turn = transcript(text_of(body.get("system")), messages)
        told = (messages, body.get("system", ""), body.get("tools", ""))
        return ScriptedRequest(
            model=model_of(body),
            opening=opening,
            latest=latest,
            turn=turn,
            stream=body.get("stream") is True,
            caches="cache_control" in body,
            n_characters=sum(len(json.dumps(it)) for it in told),
        )

    def events(self, answer: Answer, *, wants_usage: bool) -> Iterator[bytes]:
        """Yield the events from ``message_start`` to ``message_stop``."""
        del wants_usage  # This format always tells.
        started: Json = {
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": _usage(answer.usage, n_output=1),
        }
        yield _event("message_start", message=_envelope(answer) | started)
        yield _event("ping")
        for index, block in enumerate(_blocks(answer)):
            yield from _block_events(answer, index, block)
        delta = {"stop_reason": _finish(answer), "stop_sequence": None}
        usage = {"output_tokens": answer.usage.output_tokens}
        yield _event("message_delta", delta=delta, usage=usage)
        yield _event("message_stop")

    def whole(self, answer: Answer) -> Json:
        """Return a ``message``."""
        usage = _usage(answer.usage, n_output=answer.usage.output_tokens)
        return _envelope(answer) | {
            "content": list(_blocks(answer)),
            "stop_reason": _finish(answer),
            "stop_sequence": None,
            "usage": usage,
        }

    def error(self, refused: ScriptedRefusal) -> Json:
        """Return Anthropic's error object."""
        kind = _KINDS.get(refused.status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": refused.message}}


def _blocks(answer: Answer) -> Iterator[Json]:
    turn = answer.turn
    if turn.think:
        yield {"type": "thinking", "thinking": turn.think, "signature": "c2NyaXB0ZWQ="}
    if turn.say:
        yield {"type": "text", "text": turn.say}
    for index, call in enumerate(turn.call):
        tool_id = answer.call_id(index)
        yield {"type": "tool_use", "id": tool_id, "name": call.tool, "input": call.arguments}


def _block_events(answer: Answer, index: int, block: Json) -> Iterator[bytes]:
    match block:
        case {"type": "thinking", "thinking": str(text), "signature": str(signature)}:
            empty: Json = {"type": "thinking", "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": it} for it in pieces(text)]
            deltas.append({"type": "signature_delta", "signature": signature})
        case {"type": "text", "text": str(text)}:
            empty = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": it} for it in pieces(text)]
        case _:
            empty = {"type": "tool_use", "id": block["id"], "name": block["name"], "input": {}}
            call = next(
                it for n, it in enumerate(answer.turn.call) if answer.call_id(n) == block["id"]
            )
            text = answer.arguments(call)
            deltas = [{"type": "input_json_delta", "partial_json": it} for it in pieces(text)]
    yield _event("content_block_start", index=index, content_block=empty)
    for delta in deltas:
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _finish(answer: Answer) -> str:
    if answer.turn.cut:
        return "max_tokens"
    return "tool_use" if answer.turn.call else "end_turn"


def _usage(usage: ScriptedUsage, *, n_output: int) -> Json:
    return {
        "input_tokens": usage.input_tokens - usage.cached_tokens - usage.cache_written_tokens,
        "cache_creation_input_tokens": usage.cache_written_tokens,
        "cache_read_input_tokens": usage.cached_tokens,
        "output_tokens": n_output,
    }


def _envelope(answer: Answer) -> Json:
    return {"id": f"msg_{answer.id}", "type": "message", "role": "assistant", "model": answer.model}


def _event(kind: str, **fields: object) -> bytes:
    data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()
