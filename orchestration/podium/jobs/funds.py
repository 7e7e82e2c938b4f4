"""A run's money as one conversation draws on it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from podium.jobs.conversations import RecordedConversation
from podium.jobs.port import EngineCalls, Lease, NoMoney, Paused
from podium.models.budget import BudgetExceeded, Reservation


@dataclass(frozen=True)
class LeasedFunds:
    """Money that the engine sets aside call by call; each lease is on record before it is used.

    So an engine that dies in the middle of a call leaves what the next one must count.
    """

    talk: RecordedConversation
    engine: EngineCalls

    @asynccontextmanager
    async def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AsyncGenerator[Reservation]:
        """Set ``worst_usd`` aside for one call, or all that is left, and settle a lost call.

        What a reply has cost is recorded together with it, by `RecordedConversation.save_turn`.

        Raises:
            BudgetExceeded: Even ``least_usd`` is more than what is left.
            Paused: Nothing is paid for any more, until somebody resumes.
        """
        least_usd = worst_usd if least_usd is None else least_usd
        reservation = Reservation(worst_usd)
        sent = self.talk.sent(reservation)
        try:
            answer = await self.engine.reserve(sent, least_usd)
            if isinstance(answer, Lease):
                reservation.worst_usd = answer.usd
                yield reservation
                return
        except BaseException:
            self.talk.tell(sent.charged(reservation.cost_usd))
            raise
        if isinstance(answer, NoMoney):
            raise BudgetExceeded(answer.limit_usd, answer.spent_usd, least_usd)
        raise Paused
