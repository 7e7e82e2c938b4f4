"""Conversations on the engine's record: what was said, and what is still to be told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from podium.domain.transcript import Message, Reply, UserMessage
from podium.jobs import places
from podium.jobs.funds import LeasedFunds
from podium.jobs.port import Addition, EngineCalls


@dataclass(frozen=True)
class RecordedInbox:
    """A durable inbox: whoever has a conversation's key can have its agent told something."""

    key: str
    engine: EngineCalls

    async def put(self, message: UserMessage) -> None:
        """Have the agent told, unless a message of this id is there already."""
        if message.id not in await self._messages():
            await self.engine.report(transcript=Addition(places.inbox(self.key), (message,)))

    async def untold(self, told: Collection[str]) -> Sequence[UserMessage]:
        """Return what it is still to be told, in order; ``told`` are the ids of what it was."""
        return [it for name, it in (await self._messages()).items() if name not in told]

    async def _messages(self) -> dict[str, UserMessage]:
        found = await self.engine.load_transcript(places.inbox(self.key))
        return {it.id: it for it in found if isinstance(it, UserMessage)}


class RecordedConversation:
    """A durable conversation; a paid turn and its cost are recorded in one transaction.

    Args:
        key: Names it in the journal.
        messages: What was said before.
        funds: What pays for its turns.
    """

    def __init__(self, key: str, messages: Sequence[Message], funds: LeasedFunds) -> None:
        self._key = key
        self._messages = list(messages)
        self.funds = funds
        self.inbox = RecordedInbox(key, funds.engine)
        self.model = ""

    @property
    def messages(self) -> Sequence[Message]:
        """Everything saved so far, in order."""
        return self._messages

    async def save(self, *messages: Message) -> None:
        """Save messages that cost nothing, all or none."""
        addition = Addition(self._key, messages)
        await self.funds.engine.report(transcript=addition)
        self._messages += messages

    async def save_turn(self, reply: Reply, doing: str) -> None:
        """Save a paid reply and count it, in one transaction."""
        await self.funds.turn(reply, doing, Addition(self._key, (reply.message,)))
        self._messages.append(reply.message)
        self.model = reply.model


async def conversation(key: str, funds: LeasedFunds) -> RecordedConversation:
    """Return a conversation as far as it was recorded."""
    messages = await funds.engine.load_transcript(key)
    return RecordedConversation(key, messages, funds)
