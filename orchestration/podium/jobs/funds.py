"""A run's money as one job draws on it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from podium.domain.base import TaskId
from podium.domain.effect import Job
from podium.domain.events import Event
from podium.domain.events.progress import CallSent, ModelSwitched, TurnTaken
from podium.domain.roles import Role
from podium.domain.transcript import ModelSwitch, Reply
from podium.jobs.port import Addition, EngineCalls, Lease, NoMoney, Paused
from podium.models.budget import BudgetExceeded, Reservation


@dataclass(frozen=True)
class LeasedFunds:
    """Money that the engine sets aside call by call; each lease is on record before it is used.

    So an engine that dies in the middle of a call leaves what the next one must count.

    Args:
        spec: The job that pays.
        role: Who calls.
        engine: Sets it aside, and keeps the record.
        task: What about, if it is about a task.
    """

    spec: Job
    role: Role
    engine: EngineCalls
    task: TaskId | None = None
    _telling: set[asyncio.Task[None]] = field(init=False, default_factory=set[asyncio.Task[None]])

    @asynccontextmanager
    async def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AsyncGenerator[Reservation]:
        """Set ``worst_usd`` aside for one call, or all that is left, and settle a lost call.

        What a reply has cost is for `turn` to record, together with where it is said.

        Raises:
            BudgetExceeded: Even ``least_usd`` is more than what is left.
            Paused: Nothing is paid for any more, until somebody resumes.
        """
        least_usd = worst_usd if least_usd is None else least_usd
        reservation = Reservation(worst_usd)
        sent = CallSent(
            plan=self.spec.plan,
            job=self.spec.job,
            call=reservation.call,
            role=self.role.name,
            task=self.task,
            worst_usd=worst_usd,
        )
        try:
            answer = await self.engine.reserve(sent, least_usd)
            if isinstance(answer, Lease):
                reservation.worst_usd = answer.usd
                yield reservation
                return
        except BaseException:
            self._tell(sent.charged(reservation.cost_usd))
            raise
        if isinstance(answer, NoMoney):
            raise BudgetExceeded(answer.limit_usd, answer.spent_usd, least_usd)
        raise Paused

    async def turn(self, reply: Reply, doing: str, transcript: Addition | None = None) -> None:
        """Count a paid reply, in one transaction with where it is said.

        Args:
            reply: What was paid.
            doing: One line for people: what its agent does next.
            transcript: Where it is said, if that is on record.
        """
        turn = TurnTaken(
            plan=self.spec.plan,
            job=self.spec.job,
            call=reply.call,
            role=self.role.name,
            task=self.task,
            model=reply.model,
            family=reply.family,
            usage=reply.usage,
            cost_usd=reply.cost_usd,
            doing=doing,
            is_author=self.role.is_author,
        )
        await self.engine.report(turn, transcript=transcript)

    def switched(self, switch: ModelSwitch) -> None:
        """Tell the board of a fallback at once, not only when it has answered."""
        self._tell(ModelSwitched(plan=self.spec.plan, job=self.spec.job, switch=switch))

    def _tell(self, event: Event) -> None:
        """Report without waiting, which somebody who is cancelled could not do."""
        telling = asyncio.create_task(self.engine.report(event))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
