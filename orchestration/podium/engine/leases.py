"""What a run, or the planning of one, may still spend.

The worst case of every call is on record before it is sent, and counts until the call is
settled.  So calls that run at the same time cannot exceed the limit together.  A call whose
worst case would fit if the others had ended waits for them.  One that does not fit even then,
because an answer may be long, gets all that is left and must make do with a shorter answer;
only if that would be too short, it is refused.
"""

import asyncio
from decimal import Decimal
from typing import NamedTuple

from podium.domain.base import CallId, PlanId
from podium.domain.events.progress import CallSent
from podium.domain.request import Request
from podium.engine.coordinator import Coordinator
from podium.jobs.port import Lease, NoMoney, OnHold
from podium.settings.settings import Settings


class _Purse(NamedTuple):
    """What there is, what of it is gone, and what calls hold that have not ended."""

    limit_usd: Decimal
    spent_usd: Decimal
    held_usd: Decimal


class Leases:
    """Sets money aside for calls, one decision after the other; the board says what there is.

    Args:
        coordinator: Has the board, and records calls.
        settings: Says what planning may cost; a run has its own budget.
    """

    def __init__(self, coordinator: Coordinator, settings: Settings) -> None:
        self._coordinator = coordinator
        self._settings = settings
        self._granted: dict[PlanId, set[CallId]] = {}
        self._turn = asyncio.Lock()

    async def reserve(self, call: CallSent, least_usd: Decimal) -> Lease | NoMoney | OnHold:
        """Do what `podium.jobs.port.EngineCalls.reserve` says."""
        while True:
            async with self._turn:
                request = self._coordinator.board.request(call.plan)
                answer = self._answer(request, call, least_usd)
                if isinstance(answer, Lease):
                    await self._coordinator.report(call.evolve(worst_usd=answer.usd))
            if answer is not None:
                return answer
            await self._until_other_than(request)

    async def _until_other_than(self, request: Request) -> None:
        await self._coordinator.until(request.id, lambda it: it is not request)

    def _answer(
        self, request: Request, call: CallSent, least_usd: Decimal
    ) -> Lease | NoMoney | OnHold | None:
        """Return the answer as things are, None while it depends on calls under way."""
        if request.paused or not request.awaits(call.job):
            return OnHold()
        purse = self._purse(request)
        left_usd = purse.limit_usd - purse.spent_usd
        if least_usd > left_usd:
            return NoMoney(limit_usd=purse.limit_usd, spent_usd=purse.spent_usd)
        usd = min(call.worst_usd, left_usd)
        if purse.held_usd + usd > left_usd:
            return None
        self._granted[request.id].add(call.call)
        return Lease(usd=usd)

    def _purse(self, request: Request) -> _Purse:
        """Return what the request's run has, or its planning.

        What another engine had in flight is as good as spent: nobody settles it.
        """
        granted = self._granted.get(request.id, set()) & request.in_flight.keys()
        self._granted[request.id] = granted
        held_usd = sum((request.in_flight[it].worst_usd for it in granted), Decimal(0))
        lost_usd = request.in_flight_usd - held_usd
        if request.run is not None and request.phase.has_live_run:
            limit_usd, spent_usd = request.run.budget_usd, request.run_spent_usd
        else:
            limit_usd = self._settings.current().budget.run_usd
            spent_usd = request.planning_usd
        return _Purse(limit_usd, spent_usd + lost_usd, held_usd)
