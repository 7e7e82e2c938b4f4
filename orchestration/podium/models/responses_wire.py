"""OpenAI's responses: the one way in which it takes tools from its models that reason.

Podium asks for two things more than litellm's translation: that OpenAI keeps nothing
(``store: false``), so the whole transcript goes along each time; and that what a tool may be
called without may be left out (``strict: false``; without it every parameter counts as required
here).
A tool call and its result are told by their ``call_id`` alone; what the model thought before
the call is not sent back, so it thinks again where it would have gone on.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from podium.models.messages import Json, as_object

_STATUS = {"rate_limit_exceeded": HTTPStatus.TOO_MANY_REQUESTS}
_SERVERS_FAULT = ("server_error", "internal_error", "overloaded")


class ResponseFailed(Exception):
    """OpenAI ended an answer with an error; ``status_code`` is what it would have been before."""

    def __init__(self, error: Json) -> None:
        code = error.get("code") or error.get("type")
        message = error.get("message")
        said = (str(it) for it in (message, f"({code})" if code else "") if it)
        super().__init__(" ".join(said) or "no explanation")
        self.status_code = _status(str(code or "server_error"))


def completed(body: Json) -> Json:
    """Return the body of a request with what Podium asks for besides."""
    for tool in cast("list[Json]", body.get("tools", [])):
        tool["strict"] = False
    return body | {"store": False}


def checked(read: Callable[[Json], Any]) -> Callable[[Json], Any]:
    """Return ``read`` for events that may say that the answer has failed."""

    def read_event(event: Json) -> Any:  # noqa: ANN401 - a chunk of litellm's
        if error := _error(event):
            raise ResponseFailed(error)
        if event.get("delta") == "":
            event = {"type": "nothing"}  # litellm takes it for a broken piece.
        return read(event)

    return read_event


def _error(event: Json) -> Json:
    """Return what went wrong, if an event says that something did."""
    match event:
        case {"type": "response.failed"}:
            response = as_object(event.get("response"))
            return as_object(response.get("error")) or {"code": "server_error"}
        case {"type": "error"}:
            return as_object(event.get("error")) or event
        case _:
            return {}


def _status(code: str) -> int:
    if code in _SERVERS_FAULT:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUS.get(code, HTTPStatus.BAD_REQUEST)
