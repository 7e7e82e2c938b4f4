"""The narrow port between the engine and whatever carries out its jobs.

A job's specification goes in; on the way the job makes `EngineCalls`, and reports by events.
All of that serialises, so that an adapter for an existing distributed engine needs nothing
else: beside them a job has the workspace, the private repository, a sandbox and its keys.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import Field

from podium.configuration import Configuration
from podium.domain.base import Frozen, JobId, PlanId, Usd
from podium.domain.effect import JobSpec
from podium.domain.events import Event
from podium.domain.events.progress import CallSent
from podium.domain.transcript import Message
from podium.errors import PodiumError


class Paused(PodiumError):
    """The job's run was paused: it leaves before it pays for anything, and is outstanding still."""


class Addition(NamedTuple):
    """Messages to be saved at the end of a conversation, whose key is the job's to choose."""

    conversation: str
    messages: tuple[Message, ...]


class Lease(Frozen):
    """Money for one call, set aside and on record."""

    kind: Literal["lease"] = "lease"
    usd: Usd


class NoMoney(Frozen):
    """Nothing is set aside: even the least that was asked for is more than what is left."""

    kind: Literal["no_money"] = "no_money"
    limit_usd: Usd
    spent_usd: Usd


class OnHold(Frozen):
    """Nothing is set aside: the plan is paused, or nobody waits for the job any more."""

    kind: Literal["on_hold"] = "on_hold"


class Reporter(Protocol):
    """Where jobs say what has happened."""

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        """Record ``events`` and ``transcript`` in one transaction; durable when it returns.

        While the journal cannot be written, as on a full disk, it waits instead of
        failing, so that no job loses a paid turn.  Cancelling the caller does not
        take back what was handed over.
        """
        ...


class EngineCalls(Reporter, Protocol):
    """All that a job asks of the engine: values that serialise, in both directions.

    What the user can do something about is raised as a `UserError`; only its message counts.
    """

    async def settings(self) -> Configuration:
        """Return the configuration as it is now."""
        ...

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        """Return the conversation's messages in order, none when it has not begun."""
        ...

    async def reserve(
        self, call: CallSent, least_usd: Usd
    ) -> Annotated[Lease | NoMoney | OnHold, Field(discriminator="kind")]:
        """Set the worst case of a call aside, or all that is left, and record it.

        A call that would fit if others had ended waits for them.  Who has a lease settles it:
        by the `TurnTaken` of its reply, or else by `CallSent.charged`, also when cancelled.

        Args:
            call: What is about to be sent, and may cost at most.
            least_usd: What it must be able to cost to be worth sending.
        """
        ...

    async def read_plan(self, plan: PlanId) -> str:
        """Return what a plan's document says, as soon as it can be read; empty without one."""
        ...

    async def edit_plan(self, plan: PlanId, *, before: str, text: str, label: str) -> bool:
        """Change a plan's document from ``before`` to ``text``, on disk or in its editor.

        Returns when that is done, however long it takes: False if the document has come to say
        something else than ``before``, and nothing was changed.
        """
        ...

    async def unsaved(self) -> frozenset[str]:
        """Return the files of the workspace that have unsaved text in an editor."""
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
