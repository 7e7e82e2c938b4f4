"""What a gate is given to judge."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from podium.configuration import Configuration
from podium.domain.base import TreeHash
from podium.domain.plan import Task
from podium.gates.baseline import Baseline
from podium.gates.commands import CommandRunner
from podium.gates.installed import Installation
from podium.languages import LanguageServers
from podium.workspace.history import ChangedFile


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
        installation: What of the user's files is installed where these commands look.
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
    installation: Installation
    servers: LanguageServers
    configuration: Configuration
    baseline: Baseline
