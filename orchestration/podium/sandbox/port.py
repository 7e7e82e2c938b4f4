"""The port through which anything that an agent's tree can influence is run.

There is no way to run such a command without a sandbox: where none works,
`podium.sandbox.finder.find_sandbox` raises and nothing runs.
"""

from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pydantic import Field

from podium.configuration import SandboxSettings
from podium.domain.base import Frozen
from podium.errors import UserError
from podium.sandbox import toolchain


class NoSandbox(UserError):
    """Commands cannot be confined on this machine, so none is run."""


class SandboxFailed(UserError):
    """The sandbox could not start a command, or ended without reporting the outcome."""


class Command(Frozen):
    """What to run, and everything that it may touch: no network, and no other files."""

    argv: tuple[str, ...] = Field(min_length=1)
    cwd: Path = Field(description="Absolute; always readable.")
    writable: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = Field(
        default=(), description="Besides the system's programs and libraries."
    )
    timeout_s: float = Field(default=300, gt=0)
    memory_mb: int = Field(default=4096, ge=64)
    processes: int = Field(default=256, ge=8)
    file_mb: int = Field(default=1024, ge=1, description="The largest file it may write.")
    env: dict[str, str] = Field(
        default_factory=dict[str, str],
        description="The whole environment, but for HOME and TMPDIR, which are private.",
    )


class Completed(Frozen):
    """How a command ended; one that was ended by a signal has 128 plus the signal's number."""

    exit_status: int
    output: str = Field(description="Both streams as they came; the middle left out if long.")
    duration_s: float
    timed_out: bool = False


class Spawned(Protocol):
    """A running confined process that one communicates with over its standard streams."""

    @property
    def stdin(self) -> StreamWriter:
        """What it reads."""
        ...

    @property
    def stdout(self) -> StreamReader:
        """What it writes; standard error is kept apart, see `complaints`."""
        ...

    @property
    def private(self) -> Path:
        """The directory of its own ``HOME`` and ``TMPDIR``, removed when it has ended."""
        ...

    def complaints(self) -> str:
        """Return the end of what it wrote to standard error."""
        ...

    def kill(self) -> None:
        """End it and everything that it started; `wait` returns when that is done."""
        ...

    async def wait(self) -> int:
        """Return its exit status when it and everything that it started has ended."""
        ...


class Sandbox(Protocol):
    """Runs commands confined to what they name."""

    async def run(self, command: Command) -> Completed:
        """Run ``command`` to its end or its time limit; cancelling ends its whole tree.

        Raises:
            SandboxFailed: It was not run.
        """
        ...

    async def spawn(self, command: Command) -> Spawned:
        """Start ``command`` and leave it running, without a time limit."""
        ...


def shell(command: str) -> tuple[str, ...]:
    """Return the arguments that have a POSIX shell run ``command``."""
    return ("/bin/sh", "-c", command)


def project_command(
    text: str | Sequence[str], tree: Path, workspace: Path, settings: SandboxSettings
) -> Command:
    """Return a command of the project, to be run in ``tree``: the one place that decides how.

    Args:
        text: For a shell; or a list of arguments.
        tree: The worktree it runs in and may write.
        workspace: The user's repository; only its virtual environment is readable.
        settings: The limits, and more readable paths.

    Raises:
        toolchain.NotReadable: A readable path of ``settings`` holds secrets or the user's
            files, or the workspace is where everything is readable.
    """
    argv = shell(text) if isinstance(text, str) else tuple(text)
    surroundings = toolchain.surroundings(workspace, settings.readable)
    return _command(argv, tree, surroundings, settings).evolve(writable=(tree,))


def server_command(
    argv: Sequence[str], tree: Path, workspace: Path, settings: SandboxSettings
) -> Command:
    """Return a language server for ``tree``: it writes nowhere, and may be one of Podium's own.

    Raises:
        toolchain.NotReadable: As for `project_command`.
    """
    surroundings = toolchain.surroundings(workspace, settings.readable, with_podiums=True)
    return _command(tuple(argv), tree, surroundings, settings)


def _command(
    argv: tuple[str, ...],
    tree: Path,
    surroundings: toolchain.Surroundings,
    settings: SandboxSettings,
) -> Command:
    return Command(
        argv=argv,
        cwd=tree,
        readable=surroundings.readable,
        timeout_s=settings.timeout_s,
        memory_mb=settings.memory_mb,
        processes=settings.processes,
        file_mb=settings.file_mb,
        env=surroundings.env,
    )
