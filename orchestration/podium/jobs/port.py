"""The narrow port between the coordinator and whatever carries out its effects.

Specifications go in, events come out.  Both serialise, so that an adapter for an
existing distributed engine needs nothing else.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from podium.domain.base import JobId
from podium.domain.effect import JobSpec
from podium.domain.event import Event
from podium.domain.transcript import Message
from podium.errors import PodiumError


class Paused(PodiumError):
    """The job's run was paused: it leaves before it pays for anything, and is outstanding still."""


class Addition(NamedTuple):
    """Messages to be saved at the end of a conversation, whose key is the job's to choose."""

    conversation: str
    messages: tuple[Message, ...]


class Reporter(Protocol):
    """Where jobs say what has happened."""

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        """Record ``events`` and ``transcript`` in one transaction; durable when it returns.

        While the journal cannot be written, as on a full disk, it waits instead of
        failing, so that no job loses a paid turn.  Cancelling the caller does not
        take back what was handed over.
        """
        ...


class Transcripts(Protocol):
    """Where a job that is run again finds what was said."""

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        """Return the conversation's messages in order, none when it has not begun."""
        ...


class Jobs(Protocol):
    """What carries out jobs."""

    def submit(self, spec: JobSpec) -> None:
        """Start a job, or do nothing when a job of this id is under way already.

        It starts only after every cancelled job of its plan has ended.
        """
        ...

    def cancel(self, jobs: Sequence[JobId], *, gently: bool = False) -> None:
        """Begin to stop jobs, down to the commands that they run; their ids are free at once.

        ``gently``: only those that have not begun.  The others leave by `Paused`, and
        go on if they are submitted again before that.
        """
        ...

    async def aclose(self) -> None:
        """Stop everything and wait for it; what was under way stays outstanding."""
        ...
