"""The one module that imports litellm, and what Podium uses of it.

Importing it takes seconds, so it happens on the first call and in a thread.  Tried
against 1.106: every asynchronous HTTP client that it makes, for whatever provider, takes
its transport from ``AsyncHTTPHandler.create_async_transport``; replacing that one function
puts `Relay` under all of them.  Should a later version make its clients in another way,
no request reaches a watch, and the gateway refuses the answer instead of believing it.
"""

import asyncio
import importlib
import logging
import os
import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from podium.models.keys import Key
from podium.models.messages import Json
from podium.models.prices import PriceList
from podium.models.watch import Relay

_HANDLER = "litellm.llms.custom_httpx.http_handler"
_LOGGING = "litellm.litellm_core_utils.litellm_logging"
_LATE = ("litellm.litellm_core_utils.default_encoding",)
"""What litellm would import in the middle of the first call, on the event loop."""
_lock = threading.Lock()
_loaded: "Litellm | None" = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as litellm takes it."""

    model: str
    messages: Sequence[Json]
    tools: Sequence[Json]
    tool_choice: Literal["auto", "required"]
    max_output_tokens: int
    timeout_s: float
    api_base: str | None

    def options(self, api_key: str | None) -> Json:
        """Return the keyword arguments; litellm's own retries are off."""
        options: Json = {
            "model": self.model,
            "messages": list(self.messages),
            "max_tokens": self.max_output_tokens,
            "timeout": self.timeout_s,
            "stream": True,
            "stream_options": {"include_usage": True},
            "num_retries": 0,
            "max_retries": 0,
            "drop_params": True,
            # Or a call with tools imports litellm's proxy, whose dependencies are not installed.
            "_skip_mcp_handler": True,
            "api_key": api_key,
            "api_base": self.api_base,
        }
        if self.tools:
            options |= {"tools": list(self.tools), "tool_choice": self.tool_choice}
        return options


class Litellm:
    """litellm, imported and quiet."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - litellm's types are mostly unknown
        self._module = module

    @property
    def price_list(self) -> PriceList:
        """Return the prices of the models that litellm knows."""
        return self._module.model_cost

    async def stream(self, call: Call, key: Key) -> AsyncGenerator[Any]:
        """Yield the chunks of an answer; raises whatever litellm does."""
        chunks = await self._module.acompletion(**call.options(key.value))
        async for chunk in chunks:
            yield chunk


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
    return module


def _relay(*_: object, **__: object) -> Relay:
    return Relay()


async def _log_nothing(*_: object, **__: object) -> None:
    """Nobody listens to what litellm prices, copies and shortens after each call."""
