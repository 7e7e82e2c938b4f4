"""What a run may still spend.

The worst case of every call is reserved before it is made, and given back when the call
has ended and its real cost is known.  So calls that run at the same time cannot exceed
the limit together.  A call whose worst case would fit if the others had ended waits for
them.  One that does not fit even then, because an answer may be long, gets all that is left
and must make do with a shorter answer; only if that would be too short, it is refused.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from typing import Protocol
from uuid import uuid4

import structlog

from podium.domain.base import CallId
from podium.errors import ModelError

log = structlog.get_logger()

_CENT = Decimal("0.01")


class BudgetExceeded(ModelError):
    """The next call could cost more than is left; nothing was sent."""

    def __init__(self, limit_usd: Decimal, spent_usd: Decimal, worst_usd: Decimal) -> None:
        self.limit_usd, self.spent_usd, self.worst_usd = limit_usd, spent_usd, worst_usd
        limit = f"{limit_usd:.2f}" if limit_usd >= _CENT else f"{limit_usd:.4f}"
        super().__init__(
            f"the budget is ${limit}, ${spent_usd:.4f} are spent and the next call may "
            f"cost up to ${worst_usd:.4f} even with a short answer; "
            "raise `budget.run_usd` in the configuration, and resume"
        )


class Reservation:
    """Money set aside for one call."""

    def __init__(self, worst_usd: Decimal) -> None:
        self.call = CallId(uuid4().hex)
        self.worst_usd = worst_usd
        self.cost_usd = Decimal(0)

    def charge(self, cost_usd: Decimal) -> None:
        """Set what was spent: what the provider says, as far as that can be."""
        if cost_usd > self.worst_usd:
            log.warning("charge.clamped", said_usd=str(cost_usd), most_usd=str(self.worst_usd))
        self.cost_usd = min(cost_usd, self.worst_usd)


class Funds(Protocol):
    """What pays for calls: a budget, or who draws on one."""

    def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AbstractAsyncContextManager[Reservation]:
        """Set ``worst_usd`` aside, or all that is left; what is charged inside is spent."""
        ...


class Budget:
    """The money of one run, shared by its calls on one event loop.

    Args:
        limit_usd: What may be spent in all; it may be changed later.
        spent_usd: What was spent before.
    """

    def __init__(self, limit_usd: Decimal, spent_usd: Decimal = Decimal(0)) -> None:
        self.limit_usd = limit_usd
        self._spent_usd = spent_usd
        self._reserved_usd = Decimal(0)
        self._freed = asyncio.Event()

    @property
    def spent_usd(self) -> Decimal:
        """What the calls that ended have cost."""
        return self._spent_usd

    @asynccontextmanager
    async def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AsyncGenerator[Reservation]:
        """Set ``worst_usd`` aside, or all that is left; what is charged inside is spent on leaving.

        Args:
            worst_usd: What the call may cost.
            least_usd: What it must be able to cost to be worth making; all by default.

        Raises:
            BudgetExceeded: Even ``least_usd`` is more than what is left.
        """
        least_usd = worst_usd if least_usd is None else least_usd
        while True:
            left_usd = self.limit_usd - self._spent_usd
            if least_usd > left_usd:
                raise BudgetExceeded(self.limit_usd, self._spent_usd, least_usd)
            usd = min(worst_usd, left_usd)
            if self._reserved_usd + usd <= left_usd:
                break
            await self._freed.wait()
        self._reserved_usd += usd
        reservation = Reservation(usd)
        try:
            yield reservation
        finally:
            self._reserved_usd -= usd
            self._spent_usd += reservation.cost_usd
            self._freed.set()
            self._freed = asyncio.Event()
