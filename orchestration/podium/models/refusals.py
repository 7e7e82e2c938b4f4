"""What an answer with another status than 200 means, whichever provider wrote it."""

import json
from collections.abc import Sequence
from http import HTTPStatus

import httpx

from podium.models.failures import (
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
from podium.models.messages import as_object

_MAX_BYTES = 64 * 1024
_SHOWN = 300
_TRANSIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY)
# What providers write beside a status that says less, in lower case.
_NO_CREDIT = (
    "insufficient_quota",
    "insufficient balance",
    "credit balance",
    "billing_hard_limit",
    "billing hard limit",
)
_TOO_LONG = (
    "context_length_exceeded",
    "context length",
    "context limit",
    "context size",
    "context window",
    "input is too long",
    "input token count",
    "maximum prompt length",
    "prompt is too long",
    "request too large",
    "request_too_large",
)
_WRONG_KEY = ("api key not valid", "api_key_invalid")


async def refusal(response: httpx.Response, model: str, key: Key) -> CallFailed:
    """Return the failure that the answer stands for; its body is read, up to a bound."""
    status, message = response.status_code, _message(await _read_some(response))
    said = f"HTTP {status}: {shown(message, key)}"
    if response.is_redirect:
        # Following would carry the key to another host.
        return WrongAddress(model, f"{said}; redirects are not followed, correct `api_base`")
    wait = _retry_after_s(response.headers)
    return meaning(status, message, model, key, said=said, wait=wait)


def meaning(
    status: int, message: str, model: str, key: Key, *, said: str, wait: float | None = None
) -> CallFailed:
    """Return why a provider does not give an answer.

    Args:
        status: Of the answer, or what it would have been if that had not begun already.
        message: All that the provider wrote.
        model: Who was asked.
        key: With which key.
        said: What a person is shown of the message.
        wait: How long to wait before the next attempt, in seconds, if the provider says.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRANSIENT:
        return ProviderDown(model, f"the provider has a problem: {said}", retry_after_s=wait)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or _says(message, _WRONG_KEY):
        return WrongKey(model, said, key.source)
    if status == HTTPStatus.NOT_FOUND:
        return UnknownModel(model, said)
    return _not_taken(status, message, model, said, wait)


def _not_taken(status: int, message: str, model: str, said: str, wait: float | None) -> CallFailed:
    """Return why a provider that knows key and model does not take the request."""
    if status == HTTPStatus.PAYMENT_REQUIRED or _says(message, _NO_CREDIT):
        return NoCredit(model, f"the account has no credit left: {said}")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or _says(message, _TOO_LONG):
        return TooLong(model, said)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(model, f"too many requests: {said}", retry_after_s=wait)
    return BadRequest(model, f"the provider does not take the request: {said}")


def shown(message: str, key: Key) -> str:
    """Return what a person is shown of a message: one line without a key, and no long one."""
    line = key.scrub(" ".join(message.split()))
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _says(message: str, any_of: Sequence[str]) -> bool:
    words = " ".join(message.lower().split())
    return any(it in words for it in any_of)


async def _read_some(response: httpx.Response) -> bytes:
    body = bytearray()
    try:
        async for data in response.aiter_raw():
            body += data
            if len(body) > _MAX_BYTES:
                break
    except httpx.HTTPError:
        pass  # What came until then is all there is to show.
    return bytes(body)


def _message(body: bytes) -> str:
    """Return the message in an error's body."""
    text = body.decode("utf-8", "replace")
    return (_told(text) or text).strip() or "no explanation"


def _told(text: str) -> str:
    try:
        body: object = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    fields = as_object(body)
    error = as_object(fields.get("error")) or fields
    parts = (error.get("message") or fields.get("error"), error.get("code"))
    return " ".join(f"({it})" if at else it for at, it in enumerate(parts) if isinstance(it, str))


def _retry_after_s(headers: httpx.Headers) -> float | None:
    """Return the wait that the provider asks for; a date instead of seconds counts as none."""
    try:
        wait = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return wait if 0 <= wait < float("inf") else None
