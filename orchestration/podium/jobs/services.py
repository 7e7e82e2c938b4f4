"""What jobs work with, made when the first job needs it.

Planning pays for no sandbox, and reading the board for no model: litellm alone takes
seconds to import.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from podium.configuration import Configuration, user_file
from podium.domain.base import PlanId, known
from podium.domain.request import Request
from podium.domain.run import Run
from podium.gates.baseline import Baseline
from podium.jobs.configured import Configured
from podium.jobs.port import Reporter, Transcripts
from podium.languages.launch import sandboxed
from podium.languages.servers import LanguageServers
from podium.models.budget import Budget
from podium.models.gateway import Gateway
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Completed, Sandbox, project_command
from podium.workspace.git import Repository
from podium.workspace.merging import Unsaved
from podium.workspace.tree import Tree


class Record(Reporter, Transcripts, Protocol):
    """Where jobs say what happened and find what was said: the engine's coordinator."""


class PlanDocuments(Protocol):
    """The plan documents, wherever their current text is."""

    def text(self, plan: PlanId) -> str | None:
        """Return the current text, None when there is no document."""
        ...

    async def write(self, plan: PlanId, change: Callable[[str], str], *, label: str) -> None:
        """Change the document on disk, or in the editor that holds it, as soon as that is possible.

        ``change`` gets the current text again at each try: what is in it already, or was typed
        there meanwhile, it leaves alone.
        """
        ...


@dataclass
class Services:
    """The parts of the engine that jobs use.

    Args:
        workspace: The root of the user's repository.
        record: Takes events and transcripts.
        documents: Reads and writes plan documents.
        settings: Returns the configuration as it is now.
        request: Returns a request of the board as it is now.
        repository: Opens the private repository.
        unsaved: Returns which files have unsaved text in an editor just now.
    """

    workspace: Path
    record: Record
    documents: PlanDocuments
    settings: Callable[[], Configuration]
    request: Callable[[PlanId], Request]
    repository: Callable[[], Awaitable[Repository]]
    unsaved: Unsaved
    _gateway: Configured[Gateway] = field(init=False)
    _servers: Configured[LanguageServers] = field(init=False)
    _baseline: Configured[Baseline] = field(init=False)
    _sandbox: Sandbox | None = None
    _finding_sandbox: asyncio.Lock = field(default_factory=asyncio.Lock)
    _budgets: dict[str, Budget] = field(default_factory=dict[str, Budget])

    def __post_init__(self) -> None:
        """Say how each part is made that the configuration decides."""

        async def gateway(settings: Configuration) -> Gateway:
            return Gateway(settings)

        async def servers(settings: Configuration) -> LanguageServers:
            launch = sandboxed(await self.sandbox(), self.workspace, settings.sandbox)
            return LanguageServers(settings.languages, launch)

        async def baseline(_settings: Configuration) -> Baseline:
            return Baseline()

        self._gateway = Configured(self.settings, gateway, Gateway.aclose)
        self._servers = Configured(self.settings, servers, LanguageServers.aclose)
        self._baseline = Configured(self.settings, baseline)

    async def gateway(self) -> Gateway:
        """Return the way to the models."""
        return await self._gateway.get()

    async def sandbox(self) -> Sandbox:
        """Return the sandbox.

        Raises:
            NoSandbox: None works here, so no command runs.
        """
        async with self._finding_sandbox:
            if self._sandbox is None:
                self._sandbox = await asyncio.to_thread(find_sandbox, self.settings().sandbox)
            return self._sandbox

    async def servers(self) -> LanguageServers:
        """Return the language servers, which run inside the sandbox."""
        return await self._servers.get()

    async def run_command(
        self, text: str, tree: Path, *, timeout_s: float | None = None
    ) -> Completed:
        """Run a shell command of the project in ``tree``, which alone it may write.

        Args:
            text: The command.
            tree: A worktree or a checkout.
            timeout_s: How long it may take; by default what the sandbox's settings say.

        Raises:
            UserError: There is no sandbox, or it cannot start the command.
        """
        command = project_command(text, tree, self.workspace, self.settings().sandbox)
        if timeout_s is not None:
            command = command.evolve(timeout_s=timeout_s)
        return await (await self.sandbox()).run(command)

    def agents_commands(self, tree: Path) -> Callable[[str, float], Awaitable[Completed]]:
        """Return how an agent runs commands in its tree: no longer than the settings allow."""

        async def run(text: str, timeout_s: float) -> Completed:
            limit = min(timeout_s, self.settings().sandbox.timeout_s)
            return await self.run_command(text, tree, timeout_s=limit)

        return run

    async def baseline(self) -> Baseline:
        """Return what is known of base trees."""
        return await self._baseline.get()

    def run(self, plan: PlanId) -> Run:
        """Return a request's run, which exists while a job of it is awaited."""
        return known(self.request(plan).run)

    def budget(self, plan: PlanId) -> Budget:
        """Return what may still be spent: on the run, or on planning before there is one."""
        request = self.request(plan)
        if request.run is not None and request.phase.has_live_run:
            key, limit = str(request.run.id), request.run.budget_usd
            spent = request.run_spent_usd
        else:
            key, limit = f"{plan}/planning-{request.n_runs}", self.settings().budget.run_usd
            spent = request.planning_usd
        budget = self._budgets.setdefault(key, Budget(limit, spent + request.in_flight_usd))
        budget.limit_usd = limit
        return budget

    async def aclose(self) -> None:
        """End the language servers and hang up on the models."""
        await self._servers.aclose()
        await self._gateway.aclose()


def users_skills() -> Tree | None:
    """Return the user's own folder of skills, if there is one."""
    folder = user_file().parent / "skills"
    return Tree(folder) if folder.is_dir() else None
