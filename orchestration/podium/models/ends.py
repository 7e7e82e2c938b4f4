"""Whether a provider's stream said that it had finished.

litellm makes ``finish_reason="stop"`` and a usage out of a stream that was cut off, so the
end mark is looked for in the bytes themselves:

- server-sent events: ``[DONE]`` (OpenAI's chat completions and everybody who imitates them),
  a ``message_stop`` (Anthropic), a ``response.completed``, ``.incomplete`` or ``.failed``
  (OpenAI's responses), a ``finishReason`` (Gemini);
- lines of JSON: ``"done": true`` (Ollama);
- AWS event streams: the ``metadata`` event, which follows ``messageStop``;
- JSON, from providers that do not stream: a whole document.

Each scanner counts the complete pieces it has seen.  A stream that drips makes no piece,
so it is idle, however many bytes arrive.

What passes is what came, but for three characters: httpx, and so litellm, takes NEL, U+2028
and U+2029 for line ends, and would cut a line of JSON in two that says one of them.
"""

import json
import re
from collections.abc import Callable
from typing import Protocol, cast

from podium.models.messages import Json, as_object

END_MARK = "[DONE]"
"""The data of the last event of OpenAI's chat completions and of whoever imitates them."""
LAST_EVENTS = frozenset(
    {"message_stop", "response.completed", "response.incomplete", "response.failed"}
)
"""The types of the event that ends an answer, where a type says so."""
_END_MARK, _LAST_EVENTS = END_MARK.encode(), tuple(it.encode() for it in LAST_EVENTS)
_MAX_BYTES = 64 * 1024 * 1024
_LINE_ENDS_TO_SOME = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
"""NEL, U+2028 and U+2029 in UTF-8."""


class AnswerTooLong(Exception):
    """An answer larger than any model gives."""


class StreamScanner(Protocol):
    """Reads a stream as it passes."""

    @property
    def n_pieces(self) -> int:
        """Complete pieces until now."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the end mark came."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes, return what may pass on; raises `AnswerTooLong`."""
        ...


def scanner_for(content_type: str) -> StreamScanner | None:
    """Return a scanner for the content type; None when no provider answers in it."""
    match content_type.partition(";")[0].strip().lower():
        case "text/event-stream":
            return _Lines(_ends_events)
        case "application/x-ndjson":
            return _Lines(_ends_json_lines)
        case "application/vnd.amazon.eventstream":
            return _AwsFrames()
        case "application/json":
            return _Document()
        case _:
            return None


class _Lines:
    """A stream whose pieces are lines."""

    def __init__(self, is_end: Callable[[bytes], bool]) -> None:
        self.n_pieces, self.finished = 0, False
        self._is_end = is_end
        self._rest = bytearray()
        self._n_bytes = 0

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes, let whole lines pass."""
        self._n_bytes += len(data)
        if self._n_bytes > _MAX_BYTES:
            raise AnswerTooLong
        self._rest += data
        if b"\n" not in data:
            return b""
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        self.n_pieces += len(lines)
        self.finished = self.finished or any(self._is_end(line) for line in lines)
        return b"".join(_LINE_ENDS_TO_SOME.sub(_escape, line) + b"\n" for line in lines)


def _escape(found: re.Match[bytes]) -> bytes:
    r"""Return a character as JSON's ``\uXXXX``; in JSON it can only stand in a string."""
    return rb"\u%04x" % ord(found.group().decode())


def _ends_json_lines(line: bytes) -> bool:
    return _object(line).get("done") is True


def _ends_events(line: bytes) -> bool:
    """Tell whether a line of server-sent events is the last that matters.

    A model's text cannot imitate it: inside JSON its quotes and line ends are escaped.
    """
    field, _, value = line.partition(b":")
    value = value.strip()
    if field != b"data":
        return False
    if value == _END_MARK:
        return True
    if any(it in value for it in _LAST_EVENTS):
        return _object(value).get("type") in LAST_EVENTS
    if b"finishReason" in value:
        return _has_finish_reason(_object(value))
    return False


def _has_finish_reason(chunk: Json) -> bool:
    candidates = cast("list[object]", chunk.get("candidates") or [])
    return any(isinstance(as_object(it).get("finishReason"), str) for it in candidates)


def _object(text: bytes) -> Json:
    try:
        return as_object(json.loads(text))
    except ValueError:
        return {}


class _AwsFrames:
    """AWS frames: the event's type is a header: its name, type 7, a length, the value."""

    _END = b":event-type\x07\x00\x08metadata"

    def __init__(self) -> None:
        self.n_pieces, self.finished = 0, False
        self._tail = b""

    def feed(self, data: bytes) -> bytes:
        self.n_pieces += 1
        window = self._tail + data
        self.finished = self.finished or self._END in window
        self._tail = window[-len(self._END) :]
        return data


class _Document:
    """One JSON document; each part that arrives counts as a piece."""

    def __init__(self) -> None:
        self.n_pieces = 0
        self._text = bytearray()

    @property
    def finished(self) -> bool:
        return bool(_object(bytes(self._text)))

    def feed(self, data: bytes) -> bytes:
        self.n_pieces += 1
        self._text += data
        if len(self._text) > _MAX_BYTES:
            raise AnswerTooLong
        return data
