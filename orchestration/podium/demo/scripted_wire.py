"""What the wire formats have in common: a request as it matters here, and an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from pydantic import TypeAdapter, ValidationError

from podium.demo.scenario import CHARACTERS_PER_TOKEN, ScriptedCall, ScriptedUsage, Turn

Json = dict[str, object]
OBJECT = TypeAdapter(Json)
_OBJECTS = TypeAdapter(list[Json])
PIECE = 24
"""Characters of text in one streamed piece."""


class ScriptedRefusal(Exception):
    """The request is answered with an error in the provider's own shape."""

    def __init__(self, status: int, message: str, retry_after_s: int | None = None) -> None:
        self.status, self.message, self.retry_after_s = status, message, retry_after_s
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class ScriptedRequest:
    """A request, whichever wire it came over."""

    model: str
    opening: str
    """The system text and the first user message."""
    latest: str
    """What the client added since the last answer: tool results, user messages."""
    turn: int
    """Answers that the transcript already has."""
    stream: bool
    n_characters: int
    wants_usage: bool = True
    """Whether a stream is to tell the usage, where it does so only when asked."""
    caches: bool = True
    """Whether the client asked for a prompt cache, where one must."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One turn, ready to be written on a wire."""

    id: str
    model: str
    turn: Turn
    usage: ScriptedUsage
    malformed: bool = False

    def arguments(self, call: ScriptedCall) -> str:
        """Return the call's arguments as JSON text, cut short when they are to be malformed."""
        text = json.dumps(call.arguments)
        is_cut = self.malformed or (self.turn.cut and call is self.turn.call[-1])
        return text[: max(1, len(text) - 2)] if is_cut else text

    def call_id(self, index: int) -> str:
        """Return an id that every provider would accept."""
        return f"call_{self.id}_{index}"


class ScriptedWire(Protocol):
    """A provider's format."""

    name: str

    def key(self, headers: dict[str, str]) -> str | None:
        """Return the key that came with the request; header names are in lower case."""
        ...

    def read(self, body: Json) -> ScriptedRequest:
        """Return what is asked; raises `ScriptedRefusal` when a required field is missing."""
        ...

    def events(self, answer: Answer, *, wants_usage: bool) -> Iterator[bytes]:
        """Yield the server-sent events of a streamed answer; the last one is the end mark."""
        ...

    def whole(self, answer: Answer) -> Json:
        """Return the answer of a request that does not stream."""
        ...

    def error(self, refused: ScriptedRefusal) -> Json:
        """Return the body of an error."""
        ...


def usage_of(turn: Turn, asked: ScriptedRequest) -> ScriptedUsage:
    """Return the turn's own usage, or one computed from the lengths."""
    if turn.usage is not None:
        unused = {} if asked.caches else {"cached_tokens": 0, "cache_written_tokens": 0}
        return turn.usage.evolve(**unused)
    said = turn.say + turn.think + "".join(it.tool + json.dumps(it.arguments) for it in turn.call)
    return ScriptedUsage(
        input_tokens=asked.n_characters // CHARACTERS_PER_TOKEN + 1,
        output_tokens=len(said) // CHARACTERS_PER_TOKEN + 1,
    )


def pieces(text: str) -> Iterator[str]:
    """Yield ``text`` in the sizes in which it is streamed."""
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def text_of(content: object) -> str:
    """Return the text in a message's content: a string or blocks, tool results included."""
    match content:
        case str():
            return content
        case list():
            return "\n".join(text_of(block) for block in cast("list[object]", content))
        case {"type": "tool_result"}:
            return text_of(cast("Json", content).get("content"))
        case {"text": str(text)}:
            return text
        case _:
            return ""


def messages_of(body: Json, name: str = "messages") -> list[Json]:
    """Return a request's messages; raises `ScriptedRefusal` unless they are a list of objects."""
    try:
        return _OBJECTS.validate_python(body.get(name))
    except ValidationError:
        raise ScriptedRefusal(400, f"{name!r} must be a list of messages") from None


def model_of(body: Json) -> str:
    """Return the requested model; raises `ScriptedRefusal` when there is none."""
    match body.get("model"):
        case str(model) if model:
            return model
        case _:
            raise ScriptedRefusal(400, "'model' must be a text")


def transcript(system: str, messages: list[Json]) -> tuple[str, str, int]:
    """Return the opening, the latest texts and the number of answers in ``messages``."""
    users = (text_of(it.get("content")) for it in messages if it.get("role") == "user")
    answers = [index for index, it in enumerate(messages) if it.get("role") == "assistant"]
    since = messages[answers[-1] + 1 :] if answers else messages
    latest = "\n".join(text_of(it.get("content")) for it in since)
    return f"{system}\n{next(users, '')}", latest, len(answers)
