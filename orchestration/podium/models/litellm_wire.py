"""The wires that most models speak: litellm translates, Podium sends.

``acompletion`` spends 20 to 60 ms of CPU time on a turn, nearly all of it on copies, checks,
logs and prices that nobody here asked for.  What Podium wants of it, each provider's form of a
request and of an answer, takes two.  So the requests to OpenAI, over its chat completions and
its responses (`podium.models.responses_wire`), to whatever imitates it, and to Anthropic are
made with litellm's translations alone; every other provider goes the long way.
"""

import asyncio
import importlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol, cast

import httpx
from pydantic_core import to_json

from podium.models.call import ModelCall
from podium.models.ends import END_MARK, LAST_EVENTS
from podium.models.keys import Key
from podium.models.messages import Json
from podium.models.providers import Endpoint, known
from podium.models.responses_wire import Responses
from podium.models.watch import Relay

# litellm's types are mostly unknown.
# ruff: noqa: ANN401

_ANTHROPIC = "litellm.llms.anthropic.chat.handler"
_SIGNATURE = "__thought__"
"""What precedes it in an id; ``THOUGHT_SIGNATURE_SEPARATOR`` of litellm."""
_LINGER_S = 0.5
"""How long an answer's stream may stay open after its last event."""


class Translation(Protocol):
    """How one provider is asked, and how its answers are read."""

    def request(self, call: ModelCall, key: Key, options: Json, address: str) -> httpx.Request:
        """Return the request for a call.

        Args:
            call: The call.
            key: The provider's key.
            options: What litellm makes of the call's parameters for this model.
            address: The provider's base URL.
        """
        ...

    def reader(self) -> Callable[[Json], Any]:
        """Return what turns the events of one answer into litellm's chunks, one by one."""
        ...


class Chat:
    """Litellm's translation of a chat."""

    def __init__(self, litellm: Any, provider: str, model: str, endpoint: Endpoint) -> None:
        self._model, self._endpoint = model, endpoint
        self._translation: Any = litellm.utils.ProviderConfigManager.get_provider_chat_config(
            model=model, provider=litellm.LlmProviders(provider)
        )

    def request(self, call: ModelCall, key: Key, options: Json, address: str) -> httpx.Request:
        """Return the request for a call."""
        common: Json = {"model": self._model, "optional_params": options, "litellm_params": {}}
        asked: Json = {"api_key": key.value, "api_base": address}
        messages = list(call.messages)  # The translation takes the system's out of the list.
        headers: dict[str, str] = self._translation.validate_environment(
            headers={}, messages=messages, **common, **asked
        )
        url: str = self._translation.get_complete_url(stream=True, **common, **asked)
        body: Json = self._translation.transform_request(
            messages=messages, headers=headers, **common
        )
        content = to_json({**body, **self._endpoint.extra, "stream": True})
        return httpx.Request("POST", url, headers=headers, content=content)

    def reader(self) -> Callable[[Json], Any]:
        """Return what turns the events of one answer into litellm's chunks, one by one."""
        parser: Any = self._translation.get_model_response_iterator((), sync_stream=False)
        if parser is None:  # Anthropic's translation does not name its own.
            handler: Any = importlib.import_module(_ANTHROPIC)
            parser = handler.ModelResponseIterator((), sync_stream=False)
        read: Callable[[Json], Any] = parser.chunk_parser
        return read


class Wire:
    """The way to one model."""

    def __init__(
        self, litellm: Any, provider: str, model: str, endpoint: Endpoint, translation: Translation
    ) -> None:
        self._litellm, self._provider, self._model = litellm, provider, model
        self._endpoint, self.translation = endpoint, translation

    async def stream(self, call: ModelCall, key: Key) -> AsyncGenerator[Any]:
        """Yield the chunks of an answer in litellm's form."""
        options: Json = self._litellm.utils.get_optional_params(
            custom_llm_provider=self._provider, **(call.parameters() | {"model": self._model})
        )
        options.pop("extra_body", None)
        address = self._endpoint.url_for(call.api_base)
        messages = [_without_signature(it) for it in call.messages]
        request = self.translation.request(replace(call, messages=messages), key, options, address)
        response = await Relay().handle_async_request(request)
        read = self.translation.reader()
        async for data in _events(response.aiter_lines()):
            yield read(data)


def wire_for(litellm: Any, call: ModelCall) -> Wire | None:
    """Return the wire to a call's model; None if litellm must make the call itself.

    This is where it is decided which models are asked over OpenAI's responses: those of which
    litellm knows that they want it.  OpenAI itself takes tools from a model that reasons in no
    other way; whoever imitates it under another address mostly knows chat completions alone.

    Raises:
        ValueError: The model wants them, at a provider to which only litellm knows the way: that
            one would store what it is told.
    """
    provider, _, model = call.model.partition("/")
    endpoint = known(provider).endpoint
    info, name = litellm.main.responses_api_bridge_check(
        model=model,
        custom_llm_provider=provider,
        tools=call.tools,
        api_base=call.api_base,
    )
    wants_responses = info.get("mode") == "responses"
    if endpoint is None and wants_responses:
        message = (
            "it takes tools over OpenAI's responses alone, which Podium speaks with the provider "
            "'openai' only: name a service that speaks them as OpenAI does in "
            f"`providers.openai.api_base`, and the model 'openai/responses/{model}'"
        )
        raise ValueError(message)
    if endpoint is None:
        return None
    translation = (
        Responses(litellm, provider, name)
        if wants_responses
        else Chat(litellm, provider, name, endpoint)
    )
    return Wire(litellm, provider, name, endpoint, translation)


def _without_signature(message: Json) -> Json:
    """Return a message whose ids of calls are without what litellm hides in them for Gemini.

    ``acompletion`` takes it out as well: with it an id is longer than OpenAI accepts.
    """
    changed: Json = {}
    if isinstance(call_id := message.get("tool_call_id"), str):
        changed["tool_call_id"] = call_id.partition(_SIGNATURE)[0]
    if calls := message.get("tool_calls"):
        changed["tool_calls"] = [
            it | {"id": str(it["id"]).partition(_SIGNATURE)[0]} for it in cast("list[Json]", calls)
        ]
    return message | changed


async def _events(lines: AsyncIterator[str]) -> AsyncGenerator[Json]:
    """Yield the data of server-sent events until the last one, or the end."""
    async for line in lines:
        field, _, value = line.partition(":")
        if field != "data":
            continue
        if (value := value.strip()) == END_MARK:
            await _read_out(lines)
            return
        event: object = json.loads(value)
        if not isinstance(event, dict):
            message = f"an event is no JSON object: {value[:80]}"
            raise TypeError(message)
        data = cast("Json", event)
        yield data
        if data.get("type") in LAST_EVENTS:
            await _read_out(lines)
            return


async def _read_out(lines: AsyncIterator[str]) -> None:
    """Read to the end of an answer, so that its connection serves the next one, too."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            async for _ in lines:
                pass
