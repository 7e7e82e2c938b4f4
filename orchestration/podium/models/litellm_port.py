"""The one module that imports litellm, and what Podium uses of it.

Importing it takes seconds, so it happens on the first call and in a thread.  Tried
against 1.106: every asynchronous HTTP client that it makes, for whatever provider, takes
its transport from ``AsyncHTTPHandler.create_async_transport``; replacing that one function
puts `Relay` under all of them.  Should a later version make its clients in another way,
no request reaches a watch, and the gateway refuses the answer instead of believing it.
"""

import asyncio
import importlib
import json
import logging
import os
import threading
from collections.abc import AsyncGenerator, Callable
from typing import Any

from podium.models.call import ModelCall
from podium.models.ends import END_MARK
from podium.models.keys import Key
from podium.models.litellm_wire import wire_for
from podium.models.prices import PriceList
from podium.models.responses_wire import BRIDGE, PARAMETERS
from podium.models.watch import Relay

_HANDLER = "litellm.llms.custom_httpx.http_handler"
_LOGGING = "litellm.litellm_core_utils.litellm_logging"
_EVENTS = "litellm.llms.base_llm.base_model_iterator"
_PARSE = "_handle_string_chunk"
_LATE = ("litellm.litellm_core_utils.default_encoding", BRIDGE, PARAMETERS)
"""What litellm would import in the middle of the first call, on the event loop."""
_lock = threading.Lock()
_loaded: "Litellm | None" = None


class Litellm:
    """litellm, imported and quiet."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - litellm's types are mostly unknown
        self._module = module

    @property
    def price_list(self) -> PriceList:
        """Return the prices of the models that litellm knows."""
        return self._module.model_cost

    async def stream(self, call: ModelCall, key: Key) -> AsyncGenerator[Any]:
        """Yield the chunks of an answer; raises whatever litellm does."""
        wire = wire_for(self._module, call)
        chunks = await self._whole_way(call, key) if wire is None else wire.stream(call, key)
        async for chunk in chunks:
            yield chunk

    async def _whole_way(self, call: ModelCall, key: Key) -> Any:  # noqa: ANN401 - as above
        """Let litellm make the call; its own retries are off."""
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


async def load() -> Litellm:
    """Import litellm once per process, without holding up the event loop."""
    return _loaded or await asyncio.to_thread(_load)


def _load() -> Litellm:
    global _loaded  # noqa: PLW0603 - an import is per process
    with _lock:
        if _loaded is None:
            _loaded = Litellm(_import())
    return _loaded


def _import() -> Any:  # noqa: ANN401 - litellm's types are mostly unknown
    # Or the import reads a `.env` of the working directory, or above its own place, into our
    # environment: a repository would choose where requests and keys go.
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Or the import fetches prices.
    # Or openai's SDK walks the whole transcript, type by type, before it sends the same request:
    # half of the CPU time of a turn in a conversation of 60 replies.
    os.environ["EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"] = "True"
    module: Any = importlib.import_module("litellm")
    module.suppress_debug_info = True  # Or errors are printed on stdout.
    module.telemetry = False
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).disabled = True  # They log whole requests.
    for name in _LATE:
        importlib.import_module(name)
    handler = importlib.import_module(_HANDLER).AsyncHTTPHandler
    handler.create_async_transport = staticmethod(_relay)
    importlib.import_module(_LOGGING).Logging.dispatch_success_handlers = _log_nothing
    events = importlib.import_module(_EVENTS).BaseModelResponseIterator
    setattr(events, _PARSE, _told_apart(getattr(events, _PARSE)))
    return module


def _told_apart(parse: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``parse`` mended: litellm takes any text with "[DONE]" in it for the end."""

    def parse_line(parser: Any, str_line: str) -> Any:  # noqa: ANN401 - litellm's types, as above
        data = str_line.removeprefix("data:").strip()
        if END_MARK in data and data != END_MARK:
            return parser.chunk_parser(chunk=json.loads(data))
        return parse(parser, str_line=str_line)

    return parse_line


def _relay(*_: object, **__: object) -> Relay:
    return Relay()


async def _log_nothing(*_: object, **__: object) -> None:
    """Nobody listens to what litellm prices, copies and shortens after each call."""
