"""OpenAI's responses: the one way in which it takes tools from its models that reason.

litellm has two translations that follow each other here, as in its own call: from a chat to a
request for a response, and from that to what OpenAI takes.  Podium asks for two things more:
that OpenAI keeps nothing (``store: false``), so the whole transcript goes along each time; and
that what a tool may be called without may be left out (``strict: false``; without it every
parameter counts as required here).
A tool call and its result are told by their ``call_id`` alone; what the model thought before
the call is not sent back, so it thinks again where it would have gone on.
"""

import importlib
from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

import httpx
from pydantic_core import to_json

from podium.models.call import ModelCall
from podium.models.keys import Key
from podium.models.messages import Json

# litellm's types are mostly unknown.
# ruff: noqa: ANN401

BRIDGE = "litellm.completion_extras.litellm_responses_transformation.transformation"
PARAMETERS = "litellm.responses.utils"
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


class Responses:
    """Litellm's translation of a chat into a response, and back."""

    def __init__(self, litellm: Any, provider: str, model: str) -> None:
        self._model = model
        self._translation: Any = (
            litellm.utils.ProviderConfigManager.get_provider_responses_api_config(
                model=model, provider=litellm.LlmProviders(provider)
            )
        )
        self._settings: Any = litellm.GenericLiteLLMParams

    def request(self, call: ModelCall, key: Key, options: Json, address: str) -> httpx.Request:
        """Return the request for a call."""
        settings = self._settings(api_key=key.value, api_base=address)
        headers: dict[str, str] = self._translation.validate_environment(
            headers={}, model=self._model, litellm_params=settings
        )
        url: str = self._translation.get_complete_url(api_base=address, litellm_params={})
        body = self._body(call, options, settings)
        for tool in cast("list[Json]", body.get("tools", [])):
            tool["strict"] = False
        content = to_json(body | {"store": False})
        return httpx.Request("POST", url, headers=headers, content=content)

    def _body(self, call: ModelCall, options: Json, settings: Any) -> Json:
        bridge: Any = importlib.import_module(BRIDGE).LiteLLMResponsesTransformationHandler()
        asked: Json = bridge.transform_request(
            model=self._model,
            messages=list(call.messages),
            optional_params=options,
            litellm_params={},
            headers={},
            litellm_logging_obj=SimpleNamespace(),  # Told what kind of call it is; nobody asks.
        )
        given = asked.pop("input")
        parameters: Any = importlib.import_module(PARAMETERS).ResponsesAPIRequestUtils
        wanted = parameters.get_optional_params_responses_api(
            model=self._model,
            responses_api_provider_config=self._translation,
            response_api_optional_params=parameters.get_requested_response_api_optional_param(
                asked
            ),
            drop_params=True,
        )
        body: Json = self._translation.transform_responses_api_request(
            model=self._model,
            input=given,
            response_api_optional_request_params=wanted,
            litellm_params=settings,
            headers={},
        )
        return body

    def reader(self) -> Callable[[Json], Any]:
        """Return what turns the events of one answer into litellm's chunks, one by one."""
        iterator: Any = importlib.import_module(
            BRIDGE
        ).OpenAiResponsesToChatCompletionStreamIterator
        parser: Any = iterator((), sync_stream=False)

        def read(event: Json) -> Any:
            if error := _error(event):
                raise ResponseFailed(error)
            if event.get("delta") == "":
                event = {"type": "nothing"}  # litellm takes it for a broken piece.
            return parser.chunk_parser(event)

        return read


def _error(event: Json) -> Json:
    """Return what went wrong, if an event says that something did."""
    match event:
        case {"type": "response.failed"}:
            response = _object(event.get("response"))
            return _object(response.get("error")) or {"code": "server_error"}
        case {"type": "error"}:
            return _object(event.get("error")) or event
        case _:
            return {}


def _object(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def _status(code: str) -> int:
    if code in _SERVERS_FAULT:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return _STATUS.get(code, HTTPStatus.BAD_REQUEST)
