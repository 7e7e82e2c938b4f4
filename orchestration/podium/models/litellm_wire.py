"""The wires that most models speak: litellm translates, Podium sends.

``acompletion`` spends 20 to 60 ms of CPU time on a turn, nearly all of it on copies, checks,
logs and prices that nobody here asked for.  What Podium wants of it, each provider's form of a
request and of an answer, takes two.  So the requests to OpenAI, over its chat completions and
its responses (`podium.models.responses_wire`), to whatever imitates it, and to Anthropic are
made with litellm's translations alone; every other provider goes the long way.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
from pydantic_core import to_json

from podium.models.call import ModelCall
from podium.models.ends import END_MARK, LAST_EVENTS
from podium.models.keys import Key
from podium.models.litellm_port import SIGNATURE, Litellm, Translation
from podium.models.messages import Json
from podium.models.providers import Endpoint, known
from podium.models.responses_wire import checked, completed
from podium.models.watch import Relay

_LINGER_S = 0.5
"""How long an answer's stream may stay open after its last event."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to one model."""

    endpoint: Endpoint
    translation: Translation
    over_responses: bool

    async def stream(self, call: ModelCall, key: Key) -> AsyncGenerator[Any]:
        """Yield the chunks of an answer in litellm's form."""
        address = self.endpoint.url_for(call.api_base)
        messages = [_without_signature(it) for it in call.messages]
        url, headers, body = self.translation.request(
            replace(call, messages=messages), key, address
        )
        read = self.translation.reader()
        if self.over_responses:
            body, read = completed(body), checked(read)
        else:
            body = {**body, **self.endpoint.extra, "stream": True}
        request = httpx.Request("POST", url, headers=headers, content=to_json(body))
        response = await Relay().handle_async_request(request)
        async for data in _events(response.aiter_lines()):
            yield read(data)


async def stream(litellm: Litellm, call: ModelCall, key: Key) -> AsyncGenerator[Any]:
    """Yield the chunks of an answer in litellm's form; raises whatever litellm does."""
    wire = wire_for(litellm, call)
    chunks = await litellm.call(call, key) if wire is None else wire.stream(call, key)
    async for chunk in chunks:
        yield chunk


def wire_for(litellm: Litellm, call: ModelCall) -> Wire | None:
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
    name, over_responses = litellm.asked_as(provider, model, call)
    if endpoint is None and over_responses:
        message = (
            "it takes tools over OpenAI's responses alone, which Podium speaks with the provider "
            "'openai' only: name a service that speaks them as OpenAI does in "
            f"`providers.openai.api_base`, and the model 'openai/responses/{model}'"
        )
        raise ValueError(message)
    if endpoint is None:
        return None
    translation = litellm.translation(provider, name, over_responses=over_responses)
    return Wire(endpoint, translation, over_responses)


def _without_signature(message: Json) -> Json:
    """Return a message whose ids of calls are without what litellm hides in them for Gemini.

    ``acompletion`` takes it out as well: with it an id is longer than OpenAI accepts.
    """
    changed: Json = {}
    if isinstance(call_id := message.get("tool_call_id"), str):
        changed["tool_call_id"] = call_id.partition(SIGNATURE)[0]
    if calls := message.get("tool_calls"):
        changed["tool_calls"] = [
            it | {"id": str(it["id"]).partition(SIGNATURE)[0]} for it in cast("list[Json]", calls)
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
