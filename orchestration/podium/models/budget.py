"""What pays for a call: its worst case is reserved before it is made, and settled at its end."""

from contextlib import AbstractAsyncContextManager
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
    """What pays for calls."""

    def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AbstractAsyncContextManager[Reservation]:
        """Set ``worst_usd`` aside, or all that is left; what is charged inside is spent."""
        ...
