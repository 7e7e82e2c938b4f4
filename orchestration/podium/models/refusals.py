"""What an answer with another status than 200 means, whichever provider wrote it."""

import json
from http import HTTPStatus
from typing import cast

import httpx

from podium.models.failures import (
    BadRequest,
    CallFailed,
    NoCredit,
    ProviderDown,
    RateLimited,
    UnknownModel,
    WrongKey,
)
from podium.models.keys import Key

_MAX_BYTES = 64 * 1024
_SHOWN = 300
_TRANSIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY)
_NO_CREDIT = ("insufficient_quota", "credit balance", "billing_hard_limit")


async def refusal(response: httpx.Response, model: str, key: Key) -> CallFailed:
    """Return the failure that the answer stands for; its body is read, up to a bound."""
    status = response.status_code
    said = key.scrub(f"HTTP {status}: {_message(await _read_some(response))}")
    if response.is_redirect:
        # Following would carry the key to another host.
        return BadRequest(model, f"{said}; redirects are not followed, correct `api_base`")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRANSIENT:
        wait = _retry_after_s(response.headers)
        return ProviderDown(model, f"the provider has a problem: {said}", retry_after_s=wait)
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return WrongKey(model, said, key.source)
        case HTTPStatus.NOT_FOUND:
            return UnknownModel(model, said)
        case HTTPStatus.PAYMENT_REQUIRED | HTTPStatus.TOO_MANY_REQUESTS:
            return _too_much(response, model, said)
        case _:
            return BadRequest(model, f"the provider does not take the request: {said}")


def _too_much(response: httpx.Response, model: str, said: str) -> CallFailed:
    lower = said.lower()
    if response.status_code == HTTPStatus.PAYMENT_REQUIRED or any(it in lower for it in _NO_CREDIT):
        return NoCredit(model, f"the account has no credit left: {said}")
    wait = _retry_after_s(response.headers)
    return RateLimited(model, f"too many requests: {said}", retry_after_s=wait)


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
    """Return the message in an error's body, in one short line."""
    text = body.decode("utf-8", "replace")
    line = " ".join((_told(text) or text).split()) or "no explanation"
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _told(text: str) -> str:
    try:
        body: object = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    fields = _object(body)
    error = _object(fields.get("error")) or fields
    parts = (error.get("message") or fields.get("error"), error.get("code"))
    return " ".join(f"({it})" if at else it for at, it in enumerate(parts) if isinstance(it, str))


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _retry_after_s(headers: httpx.Headers) -> float | None:
    """Return the wait that the provider asks for; a date instead of seconds counts as none."""
    try:
        wait = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return wait if 0 <= wait < float("inf") else None
