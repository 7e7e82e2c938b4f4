"""What a gate is given to judge."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from podium.configuration import Configuration
from podium.domain.base import TreeHash
from podium.domain.plan import Task
from podium.gates.baseline import Baseline
from podium.languages import LanguageServers
from podium.workspace.history import ChangedFile
from podium.workspace.sandbox import Command, Completed, Sandbox, project_command


@dataclass(frozen=True, kw_only=True)
class GateContext:
    """A candidate tree beside the tree that it started from.

    Args:
        tasks: Whose work the candidate holds: one, or all of a run.
        granted: Paths that a task asked for and got, besides its ``files``.
        base_tree: A checkout of what was there before.
        tree: A checkout of the candidate.
        base_hash: The tree of ``base_tree``.
        tree_hash: The tree of ``tree``, which verdicts are about.
        changed: What differs between the two.
        restore: Makes both checkouts exactly their trees again; each gate that reads files
            or runs commands calls it first, because commands may write into them.
        sandbox: Where commands run.
        servers: The language servers.
        configuration: Which suite and which limits.
        workspace: The user's repository, whose ``.venv`` commands use.
        baseline: What is known of base trees already.
    """

    tasks: tuple[Task, ...]
    granted: tuple[str, ...] = ()
    base_tree: Path
    tree: Path
    base_hash: TreeHash
    tree_hash: TreeHash
    changed: tuple[ChangedFile, ...]
    restore: Callable[[], Awaitable[None]]
    sandbox: Sandbox
    servers: LanguageServers
    configuration: Configuration
    workspace: Path
    baseline: Baseline

    async def run(self, text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
        """Run a shell command of the project in one of the checkouts.

        Raises:
            UserError: There is no sandbox, or it cannot start the command.
        """
        return await self.sandbox.run(self._command(text, tree, timeout_s))

    def _command(self, text: str, tree: Path, timeout_s: float | None) -> Command:
        command = project_command(text, tree, self.workspace, self.configuration.sandbox)
        return command if timeout_s is None else command.evolve(timeout_s=timeout_s)
