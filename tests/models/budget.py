"""Money in memory, for calls that no engine pays for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal

from podium.models.budget import BudgetExceeded, Reservation


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
