"""What the methods of the engine's API work with."""

import asyncio
import time
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from podium.domain.base import PlanId
from podium.domain.request import Request
from podium.domain.run import Run
from podium.engine.coordinator import Coordinator
from podium.engine.documents import PlanDocuments
from podium.engine.subscriptions import Subscriptions
from podium.errors import UserError
from podium.protocol.wire import Peer
from podium.settings.notices import Notices
from podium.settings.settings import Settings
from podium.workspace import left_locks
from podium.workspace.git import Repository


class Refused(UserError):
    """A command cannot be carried out in the current state; nothing was changed."""


class UnknownPlan(Refused):
    """A command names a plan that the board does not have."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(name, known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"plans: {', '.join(known) or 'none'}"
        super().__init__(f"there is no plan {name!r}; {hint}")


@dataclass
class Engine:
    """The parts of a running engine.

    Attributes:
        umask: The user's, as whoever started the engine had it, like the environment; it holds
            for all that is written outside of ``state``.  Inside, nothing is for others.
    """

    workspace: Path
    state: Path
    umask: int
    notices: Notices
    settings: Settings
    coordinator: Coordinator
    documents: PlanDocuments
    subscriptions: Subscriptions
    started_s: float = field(default_factory=time.monotonic)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    has_looked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the board knows the plans on disk."""
    peers: set[Peer] = field(default_factory=set[Peer])
    editors: set[Peer] = field(default_factory=set[Peer])
    """The peers that serve an editor."""
    editors_are_back: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when editors have had time to find a restarted engine."""
    _repository: Repository | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def repository(self) -> Repository:
        """Return the private repository, opened at first use.

        Raises:
            GitError: The workspace is not a repository with a commit, or git is missing.
        """
        async with self._opening:
            if self._repository is None:
                await left_locks.clear(self.state)
                self._repository = await Repository.open(
                    self.workspace, self.state, umask=self.umask
                )
                self.notices.put("repository", *self._repository.notices)
            return self._repository

    @property
    def is_busy(self) -> bool:
        """Whether any job is under way."""
        return any(it.due for it in self.coordinator.board.requests.values())

    def request(self, plan: PlanId) -> Request:
        """Return a request that exists.

        Raises:
            UnknownPlan: The board has none of that name.
        """
        requests = self.coordinator.board.requests
        if plan not in requests:
            raise UnknownPlan(plan, tuple(requests))
        return requests[plan]

    def run(self, plan: PlanId) -> Run:
        """Return a request's run.

        Raises:
            Refused: It was never started.
        """
        run = self.request(plan).run
        if run is None:
            message = f"plan {plan!r} has no run yet; approve it and start it"
            raise Refused(message)
        return run
