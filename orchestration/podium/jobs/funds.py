"""A run's money as one conversation draws on it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from podium.jobs.conversations import RecordedConversation
from podium.jobs.port import Paused
from podium.jobs.services import Services
from podium.models.budget import Reservation


@dataclass(frozen=True)
class RecordedFunds:
    """The budget of a conversation's plan; no call is sent before the record has its worst case.

    So an engine that dies in the middle of a call leaves what the next one must count.
    """

    talk: RecordedConversation
    services: Services

    @asynccontextmanager
    async def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AsyncGenerator[Reservation]:
        """Set ``worst_usd`` aside for one call, or all that is left, in the budget and on record.

        Raises:
            BudgetExceeded: Even ``least_usd`` is more than what is left.
            Paused: Nothing is paid for any more, until somebody resumes.
        """
        plan = self.talk.plan
        async with self.services.budget(plan).reserve(worst_usd, least_usd) as reservation:
            if self.services.request(plan).paused:
                raise Paused
            async with self.talk.paying(reservation):
                yield reservation
