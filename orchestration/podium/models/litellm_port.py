"""The one module that imports litellm, and the only one that knows what it is like inside.

Importing it takes seconds, so it happens on the first call and in a thread.  Tried
against 1.106: every asynchronous HTTP client that it makes, for whatever provider, takes
its transport from ``AsyncHTTPHandler.create_async_transport``; replacing that one function
puts `Relay` under all of them.  Should a later version make its clients in another way,
no request reaches a watch, and the gateway refuses the answer instead of believing it.

Most of what is used here is nothing that litellm promises to keep: its version has an upper
bound (`pyproject.toml`), and `tests/models/test_litellm_contract.py` says what is relied on.
"""

import asyncio
import importlib
import json
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from podium.models.call import ModelCall
from podium.models.ends import END_MARK
from podium.models.keys import Key
from podium.models.messages import Json
from podium.models.prices import PriceList
from podium.models.watch import Relay

# litellm's types are mostly unknown.
# ruff: noqa: ANN401

_HANDLER = "litellm.llms.custom_httpx.http_handler"
_LOGGING = "litellm.litellm_core_utils.litellm_logging"
_EVENTS = "litellm.llms.base_llm.base_model_iterator"
_ANTHROPIC = "litellm.llms.anthropic.chat.handler"
_BRIDGE = "litellm.completion_extras.litellm_responses_transformation.transformation"
_PARAMETERS = "litellm.responses.utils"
_LATE = ("litellm.litellm_core_utils.default_encoding", _BRIDGE, _PARAMETERS)
"""What litellm would import in the middle of the first call, on the event loop."""
_PARSE = "_handle_string_chunk"
_TRACE = "Traceback (most recent call last)"
"""What litellm puts behind some of its messages, and nobody can do anything with."""
_NO_PROVIDER = "LLM Provider NOT provided"
SIGNATURE = "__thought__"
"""What precedes in the id of a call what litellm hides there for Gemini."""
Asked = tuple[str, dict[str, str], Json]
"""The address, the headers and the body of a request."""
_lock = threading.Lock()
_loaded: "Litellm | None" = None


class Litellm:
    """litellm, imported and quiet."""

    def __init__(self, module: Any) -> None:
        self._module = module

    @property
    def price_list(self) -> PriceList:
        """Return the prices of the models that litellm knows."""
        return self._module.model_cost

    async def call(self, call: ModelCall, key: Key) -> Any:
        """Let litellm make a call, and return its chunks; its own retries are off."""
        return await self._module.acompletion(
            model=call.model,
            messages=list(call.messages),
            timeout=call.timeout_s,
            num_retries=0,
            max_retries=0,
            # Or a call with tools imports litellm's proxy, whose dependencies are not installed.
            _skip_mcp_handler=True,
            api_key=key.value,
            api_base=call.api_base,
            **call.parameters(),
        )

    def asked_as(self, provider: str, model: str, call: ModelCall) -> tuple[str, bool]:
        """Return the model's name for its provider, and whether it wants OpenAI's responses."""
        info, name = self._module.main.responses_api_bridge_check(
            model=model, custom_llm_provider=provider, tools=call.tools, api_base=call.api_base
        )
        return name, info.get("mode") == "responses"

    def translation(self, provider: str, model: str, *, over_responses: bool) -> "Translation":
        """Return the translation of a chat into the provider's own form, or into responses."""
        utils = self._module.utils.ProviderConfigManager
        kind, find = Translation, utils.get_provider_chat_config
        if over_responses:
            kind, find = _IntoResponses, utils.get_provider_responses_api_config
        found = find(model=model, provider=self._module.LlmProviders(provider))
        return kind(self._module, provider, model, found)


@dataclass(frozen=True, slots=True)
class Translation:
    """How one model is asked, and how its answers are read."""

    litellm: Any
    provider: str
    model: str
    translation: Any

    def options(self, call: ModelCall) -> Json:
        """Return what litellm makes of the call's parameters for this model."""
        options: Json = self.litellm.utils.get_optional_params(
            custom_llm_provider=self.provider, **(call.parameters() | {"model": self.model})
        )
        options.pop("extra_body", None)
        return options

    def request(self, call: ModelCall, key: Key, address: str) -> Asked:
        """Return the request for a call; ``address`` is the provider's base URL."""
        options = self.options(call)
        common: Json = {"model": self.model, "optional_params": options, "litellm_params": {}}
        asked: Json = {"api_key": key.value, "api_base": address}
        messages = list(call.messages)  # The translation takes the system's out of the list.
        headers = self.translation.validate_environment(
            headers={}, messages=messages, **common, **asked
        )
        url = self.translation.get_complete_url(stream=True, **common, **asked)
        body = self.translation.transform_request(messages=messages, headers=headers, **common)
        return url, headers, body

    def reader(self) -> Callable[[Json], Any]:
        """Return what turns the events of one answer into litellm's chunks, one by one."""
        parser: Any = self.translation.get_model_response_iterator((), sync_stream=False)
        if parser is None:  # Anthropic's translation does not name its own.
            parser = _inside(_ANTHROPIC).ModelResponseIterator((), sync_stream=False)
        return parser.chunk_parser


class _IntoResponses(Translation):
    """Two translations that follow each other, as in litellm's own call."""

    def request(self, call: ModelCall, key: Key, address: str) -> Asked:
        settings = self.litellm.GenericLiteLLMParams(api_key=key.value, api_base=address)
        headers = self.translation.validate_environment(
            headers={}, model=self.model, litellm_params=settings
        )
        url = self.translation.get_complete_url(api_base=address, litellm_params={})
        asked = (
            _inside(_BRIDGE)
            .LiteLLMResponsesTransformationHandler()
            .transform_request(
                model=self.model,
                messages=list(call.messages),
                optional_params=self.options(call),
                litellm_params={},
                headers={},
                litellm_logging_obj=SimpleNamespace(),  # Told what kind of call it is; nobody asks.
            )
        )
        given = asked.pop("input")
        utilities = _inside(_PARAMETERS).ResponsesAPIRequestUtils
        wanted = utilities.get_optional_params_responses_api(
            model=self.model,
            responses_api_provider_config=self.translation,
            response_api_optional_params=utilities.get_requested_response_api_optional_param(asked),
            drop_params=True,
        )
        body = self.translation.transform_responses_api_request(
            model=self.model,
            input=given,
            response_api_optional_request_params=wanted,
            litellm_params=settings,
            headers={},
        )
        return url, headers, body

    def reader(self) -> Callable[[Json], Any]:
        iterator = _inside(_BRIDGE).OpenAiResponsesToChatCompletionStreamIterator
        return iterator((), sync_stream=False).chunk_parser


def told_by(error: Exception) -> tuple[int, str]:
    """Return the HTTP status (0 for none) and the message of what was raised inside litellm."""
    said = str(error).partition(_TRACE)[0]
    if _NO_PROVIDER in said:
        return HTTPStatus.NOT_FOUND, said
    status = getattr(error, "status_code", 0)
    return status if isinstance(status, int) else 0, said


async def load() -> Litellm:
    """Import litellm once per process, without holding up the event loop."""
    return _loaded or await asyncio.to_thread(_load)


def _load() -> Litellm:
    global _loaded  # noqa: PLW0603 - an import is per process
    with _lock:
        if _loaded is None:
            _loaded = Litellm(_import())
    return _loaded


def _import() -> Any:
    # Or the import reads a `.env` of the working directory, or above its own place, into our
    # environment: a repository would choose where requests and keys go.
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Or the import fetches prices.
    # Or openai's SDK walks the whole transcript, type by type, before it sends the same request:
    # half of the CPU time of a turn in a conversation of 60 replies.
    os.environ["EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"] = "True"
    module = _inside("litellm")
    module.suppress_debug_info = True  # Or errors are printed on stdout.
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).disabled = True  # They log whole requests.
    for name in _LATE:
        _inside(name)
    _inside(_HANDLER).AsyncHTTPHandler.create_async_transport = staticmethod(_relay)
    _inside(_LOGGING).Logging.dispatch_success_handlers = _log_nothing
    events = _inside(_EVENTS).BaseModelResponseIterator
    setattr(events, _PARSE, _told_apart(getattr(events, _PARSE)))
    return module


def _inside(module: str) -> Any:
    return importlib.import_module(module)


def _told_apart(parse: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``parse`` mended: litellm takes any text with "[DONE]" in it for the end."""

    def parse_line(parser: Any, str_line: str) -> Any:
        data = str_line.removeprefix("data:").strip()
        if END_MARK in data and data != END_MARK:
            return parser.chunk_parser(chunk=json.loads(data))
        return parse(parser, str_line=str_line)

    return parse_line


def _relay(*_: object, **__: object) -> Relay:
    return Relay()


async def _log_nothing(*_: object, **__: object) -> None:
    """Nobody listens to what litellm prices, copies and shortens after each call."""
