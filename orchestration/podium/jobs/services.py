"""What jobs work with, made when the first job needs it.

Planning pays for no sandbox, and reading the board for no model: litellm alone takes
seconds to import.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from podium.configuration import Configuration, SandboxSettings, user_file
from podium.gates.baseline import Baseline
from podium.jobs.configured import Configured
from podium.jobs.port import EngineCalls
from podium.languages.launch import sandboxed
from podium.languages.servers import LanguageServers
from podium.models.gateway import Gateway
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Completed, Sandbox, project_command
from podium.workspace.git import Repository
from podium.workspace.tree import Tree


@dataclass
class Services:
    """What there is in the process that carries out jobs.

    Args:
        workspace: The root of the user's repository.
        engine: Answers what jobs ask.
        repository: Opens the private repository.
    """

    workspace: Path
    engine: EngineCalls
    repository: Callable[[], Awaitable[Repository]]
    _gateway: Configured[Gateway] = field(init=False)
    _servers: Configured[LanguageServers] = field(init=False)
    _baseline: Configured[Baseline] = field(init=False)
    _sandbox: Sandbox | None = None
    _finding_sandbox: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Say how each part is made that the configuration decides."""

        async def gateway(settings: Configuration) -> Gateway:
            return Gateway(settings)

        async def servers(settings: Configuration) -> LanguageServers:
            launch = sandboxed(await self.sandbox(), self.workspace, settings.sandbox)
            return LanguageServers(settings.languages, launch)

        async def baseline(_settings: Configuration) -> Baseline:
            return Baseline()

        self._gateway = Configured(self.engine.settings, gateway, Gateway.aclose)
        self._servers = Configured(self.engine.settings, servers, LanguageServers.aclose)
        self._baseline = Configured(self.engine.settings, baseline)

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
                self._sandbox = await asyncio.to_thread(
                    find_sandbox, await self._sandbox_settings()
                )
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
        command = project_command(text, tree, self.workspace, await self._sandbox_settings())
        if timeout_s is not None:
            command = command.evolve(timeout_s=timeout_s)
        return await (await self.sandbox()).run(command)

    def agents_commands(self, tree: Path) -> Callable[[str, float], Awaitable[Completed]]:
        """Return how an agent runs commands in its tree: no longer than the settings allow."""

        async def run(text: str, timeout_s: float) -> Completed:
            limit = min(timeout_s, (await self._sandbox_settings()).timeout_s)
            return await self.run_command(text, tree, timeout_s=limit)

        return run

    async def baseline(self) -> Baseline:
        """Return what is known of base trees."""
        return await self._baseline.get()

    async def _sandbox_settings(self) -> SandboxSettings:
        return (await self.engine.settings()).sandbox

    async def aclose(self) -> None:
        """End the language servers and hang up on the models."""
        await self._servers.aclose()
        await self._gateway.aclose()


def users_skills() -> Tree | None:
    """Return the user's own folder of skills, if there is one."""
    folder = user_file().parent / "skills"
    return Tree(folder) if folder.is_dir() else None
