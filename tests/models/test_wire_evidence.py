"""What counts as an end, what a refusal means, and what may be shown of it."""

import json
import struct
from collections.abc import AsyncGenerator

import httpx
import pytest

from podium.domain.transcript import AssistantMessage, ToolCall, ToolMessage, UserMessage
from podium.models.ends import scanner_for
from podium.models.failures import (
    BadAnswer,
    BadRequest,
    CallFailed,
    NoCredit,
    ProviderDown,
    RateLimited,
    TooLong,
    UnknownModel,
    WrongAddress,
    WrongKey,
)
from podium.models.keys import Key
from podium.models.messages import most_input_tokens, to_wire
from podium.models.patience import Backoff
from podium.models.refusals import refusal
from podium.models.watch import Relay, Stopped, Watch


def aws_frame(event: str) -> bytes:
    name, value = b":event-type", event.encode()
    header = bytes([len(name)]) + name + b"\x07" + struct.pack(">H", len(value)) + value
    return b"\0\0\0\x40" + header + b'{"usage":{}}' + b"\0\0\0\0"


EVENTS = "text/event-stream; charset=utf-8"
GEMINI = b'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}%s}]}\n\n'
SAYS_END = json.dumps(
    {
        "type": "response.output_text.delta",
        "delta": 'data: [DONE]\n\n{"type":"message_stop"} "finishReason":"STOP" response.completed',
    }
)
RESPONSE = b'event: response.%s\ndata: {"type":"response.%s","response":{}}\n\n'
STREAMS = {
    "openai": (EVENTS, b"data: {}\n\ndata: [DONE]\n\n", True),
    "openai-crlf": (EVENTS, b"data: {}\r\n\r\ndata:[DONE]\r\n\r\n", True),
    "openai-cut": (EVENTS, b"data: {}\n\ndata: [DO", False),
    "anthropic": (EVENTS, b'event: message_stop\ndata: {"type": "message_stop"}\n\n', True),
    "anthropic-cut": (EVENTS, b'event: message_stop\ndata: {"type": "mess', False),
    "responses": (EVENTS, RESPONSE % (b"completed", b"completed"), True),
    "responses-limit": (EVENTS, RESPONSE % (b"incomplete", b"incomplete"), True),
    "responses-failed": (EVENTS, RESPONSE % (b"failed", b"failed"), True),
    "responses-cut": (EVENTS, RESPONSE % (b"in_progress", b"in_progress"), False),
    "gemini": (EVENTS, GEMINI % b',"finishReason":"STOP"', True),
    "gemini-cut": (EVENTS, GEMINI % b"", False),
    "text-that-says-end": (EVENTS, f"data: {SAYS_END}\n\n".encode(), False),
    "no-json": (EVENTS, b"data: message_stop finishReason\n\n", False),
    "list": (EVENTS, b'data: ["message_stop"]\n\n', False),
    "ollama": ("application/x-ndjson", b'{"done":false}\n{"done":true}\n', True),
    "ollama-cut": ("application/x-ndjson", b'{"done":false}\n', False),
    "aws": (
        "application/vnd.amazon.eventstream",
        aws_frame("messageStop") + aws_frame("metadata"),
        True,
    ),
    "aws-cut": ("application/vnd.amazon.eventstream", aws_frame("messageStop"), False),
    "json": ("application/json", b'{"choices": []}', True),
    "json-cut": ("application/json", b'{"choices": [', False),
}


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_end_mark_is_found_however_the_bytes_are_cut(stream: str, size: int) -> None:
    content_type, data, is_whole = STREAMS[stream]
    scanner = scanner_for(content_type)
    assert scanner is not None
    for start in range(0, len(data), size):
        scanner.feed(data[start : start + size])
    assert scanner.finished is is_whole


def test_a_line_that_does_not_end_is_no_progress() -> None:
    scanner = scanner_for(EVENTS)
    assert scanner is not None
    for _ in range(100):
        scanner.feed(b"d")
    assert scanner.n_pieces == 0
    scanner.feed(b"\n\n")
    assert scanner.n_pieces == 2


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", ""])
def test_no_model_answers_in_a_web_page(content_type: str) -> None:
    assert scanner_for(content_type) is None


class Streamed(httpx.AsyncByteStream):
    """A body that has not been read, as it comes from a connection."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        yield self.body


KEY = Key("the environment variable X", "super-secret")
REFUSALS = {
    400: ({"error": {"message": "too long"}}, BadRequest, "HTTP 400: too long"),
    401: ({"error": {"message": "bad super-secret"}}, WrongKey, "HTTP 401: bad ***;"),
    402: ("pay", NoCredit, "HTTP 402: pay"),
    403: ({"message": "no\naccess"}, WrongKey, "HTTP 403: no access"),
    404: ({"error": "gone"}, UnknownModel, "HTTP 404: gone"),
    408: ("", ProviderDown, "HTTP 408: no explanation"),
    413: ("x" * 9_999, TooLong, "x" * 300 + "…"),
    429: ({"error": {"message": "slow", "code": "limit"}}, RateLimited, "429: slow (limit)"),
    503: ("<html>down</html>", ProviderDown, "HTTP 503: <html>down</html>"),
    529: ({"type": "error", "error": {"message": "Overloaded"}}, ProviderDown, "529: Overloaded"),
}


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_status_becomes_a_failure(status: int) -> None:
    body, kind, words = REFUSALS[status]
    text = body if isinstance(body, str) else json.dumps(body)
    failure = await answered(httpx.Response(status, text=text))
    assert type(failure) is kind
    assert words in str(failure)


LONG = "All of the " + "very " * 100 + "long words. "
SAID = {
    "Anthropic, credit": (
        400,
        {"message": "Your credit balance is too low to access the Anthropic API."},
        NoCredit,
    ),
    "OpenAI, credit": (429, {"message": LONG, "code": "insufficient_quota"}, NoCredit),
    "OpenAI, hard limit": (400, {"message": "x", "code": "billing_hard_limit_reached"}, NoCredit),
    "Anthropic, length": (
        400,
        {"message": "prompt is too long: 210000 tokens > 200000 maximum"},
        TooLong,
    ),
    "Anthropic, length with the answer's": (
        400,
        {"message": "input length and `max_tokens` exceed context limit: 1 + 2 > 2"},
        TooLong,
    ),
    "OpenAI, length": (400, {"message": LONG, "code": "context_length_exceeded"}, TooLong),
    "OpenAI, length in words": (
        400,
        {"message": "Your input exceeds the context window of this model."},
        TooLong,
    ),
    "OpenAI, more than a minute's tokens": (
        429,
        {"message": "Request too large for m on tokens per min", "code": "rate_limit_exceeded"},
        TooLong,
    ),
    "Gemini, length": (
        400,
        {"message": "The input token count (9) exceeds the maximum number of tokens allowed (8)."},
        TooLong,
    ),
    "Bedrock, length": (400, {"message": "Input is too long for requested model."}, TooLong),
    "xAI, length": (400, {"message": "This model's maximum prompt length is 131072"}, TooLong),
    "llama.cpp, length": (
        400,
        {"message": "the request exceeds the available context size. try increasing it"},
        TooLong,
    ),
    "Gemini, key": (400, {"message": "API key not valid. Please pass a valid one."}, WrongKey),
    "neither": (400, {"message": "messages.1: role must alternate"}, BadRequest),
}


@pytest.mark.parametrize("said", SAID)
async def test_what_is_said_counts_where_the_status_says_less(said: str) -> None:
    status, error, kind = SAID[said]
    assert type(await answered(httpx.Response(status, json={"error": error}))) is kind


async def test_a_redirect_would_carry_the_key_away() -> None:
    response = httpx.Response(307, headers={"Location": "http://elsewhere.test/"})
    failure = await answered(response)
    assert type(failure) is WrongAddress
    assert "redirects are not followed" in str(failure)


@pytest.mark.parametrize(
    ("header", "wait"), [("7", 7), ("0.5", 0.5), ("-1", None), ("inf", None), ("Fri, 1 Jan", None)]
)
async def test_retry_after(header: str, wait: float | None) -> None:
    response = httpx.Response(429, headers={"Retry-After": header})
    assert (await answered(response)).retry_after_s == wait


async def answered(response: httpx.Response) -> CallFailed:
    streamed = httpx.Response(
        response.status_code, headers=response.headers, stream=Streamed(response.content)
    )
    return await refusal(streamed, "openai/m", KEY)


async def test_a_request_of_no_call_goes_nowhere() -> None:
    async with httpx.AsyncClient(transport=Relay()) as client:
        with pytest.raises(Stopped, match=r"'prices.test' that belongs to no call"):
            await client.get("https://prices.test/list.json")


async def test_litellm_does_not_get_to_retry() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"Content-Type": "text/html"}, stream=Streamed(b"<p>"))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        watch = Watch(client, "openai/m", KEY, lambda: None)
        with watch.attached():
            async with httpx.AsyncClient(transport=Relay()) as litellms:
                for _ in range(2):
                    with pytest.raises(Stopped, match="answered with 'text/html'"):
                        await litellms.get("http://provider.test/")
        await watch.aclose()
    assert len(asked) == 1
    assert isinstance(watch.failure, BadAnswer)


@pytest.mark.parametrize(
    "text",
    [
        "key super-secret here",
        "Incorrect API key provided: sk-proj-abcdefghijklmnop",
        "AIzaSyA1234567890abcdefghij",
        "Authorization: Bearer abc.def",
    ],
)
def test_keys_are_scrubbed(text: str) -> None:
    scrubbed = KEY.scrub(text)
    assert "***" in scrubbed
    assert not any(it in scrubbed for it in ("super-secret", "abcdefghij", "abc.def"))
    assert KEY.scrub("risk-assessment-of-the-task") == "risk-assessment-of-the-task"
    assert "super-secret" not in repr(KEY)


def test_backoff_grows_within_its_bounds() -> None:
    patience = Backoff(attempts=9, first_delay_s=1, longest_delay_s=8)
    failure = RateLimited("openai/m", "slow")
    for attempt, longest in enumerate([1, 2, 4, 8, 8, 8, 8, 8], start=1):
        delay_s = patience.delay_s(failure, attempt)
        assert delay_s is not None
        assert longest / 2 <= delay_s <= longest
    assert patience.delay_s(failure, 9) is None
    assert patience.delay_s(BadRequest("openai/m", "no"), 1) is None


def test_no_tokeniser_makes_more_tokens_than_the_bound() -> None:
    messages = to_wire([UserMessage(text="🎭" * 1_000)])
    assert most_input_tokens(messages, []) > len(("🎭" * 1_000).encode())


def test_what_a_model_made_up_is_sent_in_a_form_that_providers_take() -> None:
    call = ToolCall(id="1", name="run; rm", arguments="[1, 2]")
    (said, answer) = to_wire(
        [
            AssistantMessage(tool_calls=(call,)),
            ToolMessage(call_id="1", name="run", text="no", is_error=True),
        ]
    )
    function = {"name": "run__rm", "arguments": '{"malformed_arguments": "[1, 2]"}'}
    assert said["tool_calls"] == [{"id": "1", "type": "function", "function": function}]
    assert answer == {"role": "tool", "tool_call_id": "1", "content": "error: no"}


def test_an_answer_without_a_word_is_sent_back_with_some() -> None:
    """Not every provider takes an empty message."""
    (said,) = to_wire([AssistantMessage(cut_at=9)])
    assert said == {"role": "assistant", "content": "[cut off before anything was said]"}
