"""From the chunks of a stream to a message and its usage."""

from dataclasses import dataclass, field
from typing import Any

from podium.domain.transcript import AssistantMessage, ToolCall, Usage

# litellm's chunks are as untyped as what providers send: only what has the right type is taken.


@dataclass(slots=True)
class _Call:
    id: str
    name: str
    arguments: list[str] = field(default_factory=list[str])


class Collector:
    """Takes chunks one by one; thinking is left out."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.usage = Usage()
        self._text: list[str] = []
        self._calls: list[_Call] = []
        self._by_index: dict[object, _Call] = {}

    def take(self, chunk: Any) -> None:  # noqa: ANN401 - see above
        """Take the next chunk."""
        for choice in getattr(chunk, "choices", None) or ():
            self.finish_reason = _text(getattr(choice, "finish_reason", "")) or self.finish_reason
            delta = getattr(choice, "delta", None)
            self._text.append(_text(getattr(delta, "content", "")))
            for call in getattr(delta, "tool_calls", None) or ():
                self._take_call(call)
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.usage = _usage(usage)

    def message(self) -> AssistantMessage:
        """Return what was said; arguments are the text that came, valid or not."""
        calls: dict[str, ToolCall] = {}
        for it in self._calls:
            call_id = it.id or "call"
            while call_id in calls:  # A result belongs to one call.
                call_id += "_"
            arguments = "".join(it.arguments) or "{}"
            calls[call_id] = ToolCall(id=call_id, name=it.name, arguments=arguments)
        return AssistantMessage(text="".join(self._text), tool_calls=tuple(calls.values()))

    def _take_call(self, delta: Any) -> None:  # noqa: ANN401 - see above
        index, call_id = getattr(delta, "index", 0), _text(getattr(delta, "id", ""))
        function = getattr(delta, "function", None)
        name = _text(getattr(function, "name", ""))
        call = self._by_index.get(index)
        # Some providers number every call 0: a new id is a new call.
        if call is None or (call_id and name and call.id != call_id):
            call = self._by_index[index] = _Call(call_id, name)
            self._calls.append(call)
        call.id, call.name = call.id or call_id, call.name or name
        call.arguments.append(_text(getattr(function, "arguments", "")))


def _text(value: object) -> str:
    """Return a text without lone surrogates, which no file and no provider takes."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _usage(usage: Any) -> Usage:  # noqa: ANN401 - see above
    details = getattr(usage, "prompt_tokens_details", None)
    return Usage(
        input_tokens=_count(getattr(usage, "prompt_tokens", 0)),
        cached_tokens=_count(getattr(details, "cached_tokens", 0)),
        cache_written_tokens=_count(getattr(details, "cache_creation_tokens", 0)),
        output_tokens=_count(getattr(usage, "completion_tokens", 0)),
    )


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0
