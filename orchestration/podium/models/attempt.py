"""One request to one model, from the reservation of its worst case to its reply."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import httpx

from podium.configuration.models import Limits
from podium.domain.transcript import Reply, Usage
from podium.models.budget import Funds, Reservation
from podium.models.call import ModelCall
from podium.models.failures import (
    BadAnswer,
    CallFailed,
    EmptyAnswer,
    NotSent,
    ProviderDown,
    TimedOut,
    Unwatched,
)
from podium.models.keys import Key
from podium.models.litellm_port import told_by
from podium.models.messages import most_input_tokens
from podium.models.prices import Price
from podium.models.refusals import meaning, shown
from podium.models.replies import Collector
from podium.models.watch import Watch

_BYTES_PER_TOKEN = 4
"""For an estimate of what was used; the bound of what may be used is another matter."""
_LEAST_OUTPUT_TOKENS = 4_096
"""An answer that must be shorter would be cut off, paid for and of no use."""
_TOLD_BEFORE_SENDING = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""What litellm says of a key or a model without asking the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A request that can be made again."""

    stream: Callable[[ModelCall, Key], AsyncGenerator[Any]]
    client: httpx.AsyncClient
    call: ModelCall
    key: Key
    price: Price
    family: str
    limits: Limits
    budget: Funds

    async def run(self) -> Reply:
        """Make the request; its connection is closed when this returns, raises or is cancelled.

        Raises:
            BudgetExceeded: Nothing was sent.
            CallFailed: No usable answer came.
        """
        idle = asyncio.timeout(self.limits.idle_timeout_s)
        watch = Watch(self.client, self.call.model, self.key, lambda: self._keep_alive(idle))
        collector = Collector()
        most_input = self._most_input()
        wanted = self.call.max_output_tokens
        worst_usd = self.price.worst(most_input, wanted)
        least_usd = self.price.worst(most_input, min(wanted, _LEAST_OUTPUT_TOKENS))
        async with self.budget.reserve(worst_usd, least_usd) as reservation:
            tokens = self.price.output_tokens(reservation.worst_usd, most_input, wanted)
            call = replace(self.call, max_output_tokens=tokens)
            try:
                await self._collect(watch, idle, call, collector)
                return self._reply(watch, collector, call, reservation)
            except BaseException:
                reservation.charge(self._thrown_away_usd(watch, collector))
                raise
            finally:
                await watch.aclose()

    def _most_input(self) -> int:
        return most_input_tokens(self.call.messages, self.call.tools)

    def _keep_alive(self, idle: asyncio.Timeout) -> None:
        if not idle.expired():
            now = asyncio.get_running_loop().time()
            idle.reschedule(now + self.limits.idle_timeout_s)

    async def _collect(
        self, watch: Watch, idle: asyncio.Timeout, call: ModelCall, collector: Collector
    ) -> None:
        """Read the stream to its end, or raise why it is not to be believed."""
        whole = asyncio.timeout(self.limits.turn_timeout_s)
        error: Exception | None = None
        try:
            with watch.attached():
                async with (
                    whole,
                    idle,
                    aclosing(self.stream(call, self.key)) as chunks,
                ):
                    async for chunk in chunks:
                        collector.take(chunk)
        except Exception as raised:  # noqa: BLE001 - litellm raises anything; the watch knows better
            error = raised
        failure = watch.failure or self._expired(whole, idle)
        if failure is None and error is not None:
            failure = self._explain(error, was_sent=watch.was_used)
        if failure is not None:
            raise failure

    def _expired(self, whole: asyncio.Timeout, idle: asyncio.Timeout) -> CallFailed | None:
        if idle.expired():
            reason = f"nothing new came for {self.limits.idle_timeout_s:g} s"
        elif whole.expired():
            reason = f"the answer was not complete after {self.limits.turn_timeout_s:g} s"
        else:
            return None
        return TimedOut(self.call.model, reason)

    def _explain(self, error: Exception, *, was_sent: bool) -> CallFailed:
        """Return the failure for an exception that came from litellm and not from the wire."""
        model, (status, told) = self.call.model, told_by(error)
        said = shown(told, self.key) or type(error).__name__
        if status in _TOLD_BEFORE_SENDING or (status and was_sent):
            return meaning(status, told, model, self.key, said=said)
        if not was_sent:
            return NotSent(model, said)
        if isinstance(error, ValueError | TypeError | RecursionError):
            return BadAnswer(model, f"a part of the answer cannot be read: {said}")
        return ProviderDown(model, f"the provider has a problem: {said}")

    def _reply(
        self, watch: Watch, collected: Collector, call: ModelCall, reservation: Reservation
    ) -> Reply:
        model = call.model
        if not watch.was_used:
            raise Unwatched(model)
        if not watch.finished:
            raise BadAnswer(model, "the answer was cut off before its end mark")
        message = collected.message()
        if collected.finish_reason == "length":
            said = collected.usage.output_tokens or call.max_output_tokens
            message = message.evolve(cut_at=min(said, call.max_output_tokens))
        if not message.text and not message.tool_calls and not message.cut_at:
            ending = collected.finish_reason or "none"
            raise EmptyAnswer(model, f"the answer is empty (finish reason {ending!r})")
        usage = collected.usage if collected.usage.input_tokens else self._estimated_usage(watch)
        reservation.charge(self.price.cost(usage))
        return Reply(
            call=reservation.call,
            message=message,
            model=model,
            family=self.family,
            usage=usage.at_most(self._most_input(), call.max_output_tokens),
            cost_usd=reservation.cost_usd,
        )

    def _thrown_away_usd(self, watch: Watch, collected: Collector) -> Decimal:
        """Return about what an answer has cost that is not used; nothing if it was refused."""
        if not watch.was_taken:
            return Decimal(0)
        # A thought that nobody saw is in the usage alone, and the usage of a cut answer is short.
        return max(map(self.price.cost, (collected.usage, self._estimated_usage(watch))))

    def _estimated_usage(self, watch: Watch) -> Usage:
        """Return a usage for an answer that came without: a piece is about a token."""
        n_input = self._most_input() // _BYTES_PER_TOKEN
        return Usage(input_tokens=n_input, output_tokens=watch.n_pieces)
