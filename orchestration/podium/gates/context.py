"""What a gate is given to judge."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from podium.configuration import Configuration
from podium.domain.base import TreeHash
from podium.domain.plan import Task
from podium.gates.baseline import Baseline
from podium.languages import LanguageServers
from podium.sandbox.port import Completed
from podium.workspace.history import ChangedFile


class CommandRunner(Protocol):
    """Runs a shell command of the project in one of the checkouts."""

    async def __call__(self, text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
        """Return how it ended.

        Raises:
            UserError: There is no sandbox, or it cannot start the command.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class GateContext:
    """A candidate tree beside the tree that it started from.

    Args:
        tasks: Whose work the candidate holds: one, or all of a run.
        workspace: The user's repository, which no command may read.
        base_tree: A checkout of what was there before.
        tree: A checkout of the candidate.
        base_hash: The tree of ``base_tree``.
        tree_hash: The tree of ``tree``, which verdicts are about.
        changed: What differs between the two.
        restore: Makes both checkouts exactly their trees again; each gate that reads files
            or runs commands calls it first, because commands may write into them.
        run: Runs commands, in the sandbox.
        servers: The language servers.
        configuration: Which suite and which limits.
        baseline: What is known of base trees already.
    """

    tasks: tuple[Task, ...]
    workspace: Path
    base_tree: Path
    tree: Path
    base_hash: TreeHash
    tree_hash: TreeHash
    changed: tuple[ChangedFile, ...]
    restore: Callable[[], Awaitable[None]]
    run: CommandRunner
    servers: LanguageServers
    configuration: Configuration
    baseline: Baseline
