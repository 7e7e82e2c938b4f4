"""Conversations on the engine's record: an agent's transcript, and what its turns cost."""

import asyncio
from collections.abc import Sequence

from podium.domain.base import TaskId
from podium.domain.effect import Job
from podium.domain.event import CallSent, Event, ModelSwitched, TurnTaken
from podium.domain.roles import Role
from podium.domain.transcript import Message, ModelSwitch, Reply
from podium.jobs.port import Addition, EngineCalls
from podium.models.budget import Reservation


class RecordedConversation:
    """A durable conversation; a paid turn and its cost are recorded in one transaction.

    Args:
        key: Names it in the journal.
        messages: What was said before.
        spec: The job that talks.
        role: Who talks.
        task: What about, if it is about a task.
        record: Where it is kept.
    """

    def __init__(
        self,
        key: str,
        messages: Sequence[Message],
        *,
        spec: Job,
        role: Role,
        task: TaskId | None,
        record: EngineCalls,
    ) -> None:
        self._key = key
        self._messages = list(messages)
        self._spec = spec
        self._role = role
        self._task = task
        self._record = record
        self._telling: set[asyncio.Task[None]] = set()
        self.family = ""
        self.model = ""

    @property
    def messages(self) -> Sequence[Message]:
        """Everything saved so far, in order."""
        return self._messages

    async def save(self, *messages: Message) -> None:
        """Save messages that cost nothing, all or none."""
        await self._record.report(transcript=Addition(self._key, messages))
        self._messages += messages

    async def save_turn(self, reply: Reply, doing: str) -> None:
        """Save a paid reply and count it, in one transaction."""
        turn = TurnTaken(
            plan=self._spec.plan,
            job=self._spec.job,
            call=reply.call,
            role=self._role.name,
            task=self._task,
            model=reply.model,
            family=reply.family,
            usage=reply.usage,
            cost_usd=reply.cost_usd,
            doing=doing,
            is_author=self._role.is_author,
        )
        await self._record.report(turn, transcript=Addition(self._key, (reply.message,)))
        self._messages.append(reply.message)
        self.family, self.model = reply.family, reply.model

    def switched(self, switch: ModelSwitch) -> None:
        """Tell the board of a fallback at once, not only when it has answered."""
        self.tell(ModelSwitched(plan=self._spec.plan, job=self._spec.job, switch=switch))

    def sent(self, reservation: Reservation) -> CallSent:
        """Return the record of a call that is about to be sent."""
        return CallSent(
            plan=self._spec.plan,
            job=self._spec.job,
            call=reservation.call,
            role=self._role.name,
            task=self._task,
            worst_usd=reservation.worst_usd,
        )

    def tell(self, event: Event) -> None:
        """Report without waiting, which somebody who is cancelled could not do."""
        telling = asyncio.create_task(self._record.report(event))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)


async def conversation(
    key: str, spec: Job, role: Role, record: EngineCalls, *, task: TaskId | None = None
) -> RecordedConversation:
    """Return a conversation as far as it was recorded."""
    messages = await record.load_transcript(key)
    return RecordedConversation(key, messages, spec=spec, role=role, task=task, record=record)
