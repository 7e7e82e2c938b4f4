"""The way to a model: the first of a list that answers, within limits, budget and time.

Each attempt waits for its turn (by model, then by provider, first come first served),
reserves its worst case in the budget, and runs under two clocks of our own: one for the
whole answer and one for the time without a new piece of it.  What the watch saw on the
wire decides whether an answer is believed, asked for again, or left to the next model.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import zip_longest

import httpx
import structlog
from pydantic import Field

from podium.configuration.defaults import MAX_OUTPUT_TOKENS
from podium.configuration.models import Configuration, ModelSettings, Provider
from podium.domain.base import Frozen
from podium.domain.transcript import Message, ModelSwitch, Reply, ToolSchema
from podium.models import litellm_port
from podium.models.attempt import Attempt
from podium.models.budget import Funds
from podium.models.call import ModelCall
from podium.models.failures import CallFailed, NoModelAnswered
from podium.models.families import family_of
from podium.models.keys import find_key
from podium.models.litellm_wire import stream
from podium.models.messages import to_wire, tools_to_wire
from podium.models.patience import Backoff
from podium.models.prices import price_of
from podium.models.providers import provider_of

log = structlog.get_logger()
_KEEP_ALIVE_S = 60
"""How long a connection waits for the next turn, which a command of the agent may hold up."""


class ModelRequest(Frozen):
    """What to ask, and of which models in which order."""

    models: tuple[str, ...] = Field(min_length=1)
    messages: tuple[Message, ...]
    tools: tuple[ToolSchema, ...] = ()
    max_output_tokens: int = Field(default=MAX_OUTPUT_TOKENS, ge=1)
    """Tokens that the answer may have; for a model whose settings say another number, that one."""


OnSwitch = Callable[[ModelSwitch], None]


class Gateway:
    """All models of one engine; its limits hold across all callers of one event loop."""

    def __init__(self, configuration: Configuration, *, patience: Backoff | None = None) -> None:
        self._configuration = configuration
        self._patience = patience or Backoff()
        connections = httpx.Limits(max_connections=None, keepalive_expiry=_KEEP_ALIVE_S)
        self._client = httpx.AsyncClient(limits=connections)
        limits = configuration.limits
        self._by_model = defaultdict[str, asyncio.Semaphore](
            lambda: asyncio.Semaphore(limits.per_model)
        )
        self._by_provider: dict[str, asyncio.Semaphore] = {}

    async def ask(
        self, ask: ModelRequest, *, budget: Funds, on_switch: OnSwitch | None = None
    ) -> Reply:
        """Return the reply of the first model that gives one.

        Args:
            ask: What to ask.
            budget: Where the worst case is reserved before each request, and the cost charged.
            on_switch: Told of each fallback when it is taken.

        Raises:
            BudgetExceeded: The next request could cost more than is left; it was not sent.
            CallFailed: The only model failed, or one in a way that no other would mend.
            NoModelAnswered: All models of a longer list failed.
        """
        failures: list[CallFailed] = []
        for model, following in zip_longest(ask.models, ask.models[1:]):
            try:
                reply = await self._ask_one(model, ask, budget)
            except CallFailed as failure:
                failures.append(failure)
                if following is None or not failure.switchable:
                    break
                if on_switch is not None:
                    on_switch(
                        ModelSwitch(from_model=model, to_model=following, reason=failure.reason)
                    )
            else:
                return reply
        raise failures[0] if len(failures) == 1 else NoModelAnswered(failures)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask_one(self, model: str, ask: ModelRequest, budget: Funds) -> Reply:
        """Ask one model until it answers or patience ends."""
        attempt = await self._prepare(model, ask, budget)
        number = 0
        while True:
            number += 1
            try:
                async with self._by_model[model], self._provider_limit(model):
                    return await attempt.run()
            except CallFailed as failure:
                delay_s = self._patience.delay_s(failure, number)
                if delay_s is None:
                    raise
                log.warning("model.retried", model=model, reason=failure.reason, after_s=delay_s)
                await asyncio.sleep(delay_s)

    async def _prepare(self, model: str, ask: ModelRequest, budget: Funds) -> Attempt:
        """Look up all that can be missing before a request is made."""
        configuration = self._configuration
        litellm = await litellm_port.load()
        key = await find_key(model, configuration)
        price = price_of(model, configuration, litellm.price_list)
        provider = configuration.providers.get(provider_of(model), Provider())
        settings = configuration.models.get(model, ModelSettings())
        call = ModelCall(
            model=model,
            messages=to_wire(ask.messages),
            tools=tools_to_wire(ask.tools),
            max_output_tokens=settings.max_output_tokens
            or min(ask.max_output_tokens, price.max_output_tokens or ask.max_output_tokens),
            timeout_s=configuration.limits.turn_timeout_s,
            api_base=provider.api_base,
        )
        return Attempt(
            stream=partial(stream, litellm),
            client=self._client,
            call=call,
            key=key,
            price=price,
            family=family_of(model, configuration),
            limits=configuration.limits,
            budget=budget,
        )

    def _provider_limit(self, model: str) -> asyncio.Semaphore:
        name, configuration = provider_of(model), self._configuration
        provider = configuration.providers.get(name, Provider())
        at_once = provider.max_concurrent or configuration.limits.per_provider
        return self._by_provider.setdefault(name, asyncio.Semaphore(at_once))
