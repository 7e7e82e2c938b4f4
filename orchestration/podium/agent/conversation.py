"""The transcript that an agent's loop writes to, and what ends the loop."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from podium.domain.base import Frozen
from podium.domain.transcript import Message, Reply, UserMessage
from podium.tools.tool import AnyTool, Reach


class Inbox(Protocol):
    """What an agent is told while it works, by whoever has something to say to it.

    It is told before its next turn, when no call waits for its result, and once, however often
    the engine dies: the id of a message is saved with what was said.
    """

    async def put(self, message: UserMessage) -> None:
        """Have the agent told, unless a message of this id is there already."""
        ...

    async def untold(self, told: Collection[str]) -> Sequence[UserMessage]:
        """Return what it is still to be told, in order; ``told`` are the ids of what it was."""
        ...


class Conversation(Protocol):
    """A durable transcript; what was saved is in ``messages`` when a method returns."""

    @property
    def inbox(self) -> Inbox:
        """The one way into it for all but the model and its tools."""
        ...

    @property
    def messages(self) -> Sequence[Message]:
        """Everything saved so far, in order."""
        ...

    async def save(self, *messages: Message) -> None:
        """Save messages that cost nothing, all or none."""
        ...

    async def save_turn(self, reply: Reply, doing: str) -> None:
        """Save a paid reply and count it, in one transaction; ``doing`` is one line for people."""
        ...


@dataclass(frozen=True)
class Agent:
    """Who works: what it is told, which tools it has, which models answer, how long it may go on.

    Args:
        models: In fallback order.
        opening: The system message and the first user message.
        tools: What it may do; one of them submits.
        max_turns: Paid replies until it is stopped.
        input_tokens: Tokens that a call of each of the models takes, with room for the reply.
        max_output_tokens: Tokens that one reply may have, where a model's settings do not say.
    """

    models: tuple[str, ...]
    opening: tuple[Message, ...]
    tools: tuple[AnyTool, ...]
    max_turns: int
    input_tokens: int
    max_output_tokens: int

    def tool(self, name: str) -> AnyTool | None:
        """Return the tool of that name."""
        return next((it for it in self.tools if it.name == name), None)

    def names(self, *reaches: Reach) -> frozenset[str]:
        """Return the names of the tools that reach one of these."""
        return frozenset(it.name for it in self.tools if it.reach in reaches)

    @property
    def changing(self) -> frozenset[str]:
        """The tools that bring the work forward; reading does only for who cannot edit."""
        reaches = (Reach.EDITS, Reach.RUNS, Reach.REPORTS)
        return self.names(*reaches, *([] if self.names(Reach.EDITS) else [Reach.READS]))


@dataclass(frozen=True)
class Submitted:
    """The agent handed in what its role must; nobody has checked it yet."""

    value: Frozen


@dataclass(frozen=True)
class Escalated:
    """The agent cannot go on; ``reason`` is written for people."""

    reason: str


Outcome = Submitted | Escalated
