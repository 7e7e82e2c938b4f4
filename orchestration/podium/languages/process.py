"""The process that a language server runs in, as far as this room needs to know it."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

from podium.errors import UserError


class ServerOutput(Protocol):
    """The server's standard output; `asyncio.StreamReader` is one."""

    async def readline(self) -> bytes:
        """Return a line with its newline, or what is left at the end."""
        ...

    async def readexactly(self, n: int, /) -> bytes:
        """Return ``n`` bytes."""
        ...

    async def read(self, n: int, /) -> bytes:
        """Return at most ``n`` bytes; none at the end."""
        ...


class Input(Protocol):
    """The server's standard input; `asyncio.StreamWriter` is one."""

    def write(self, data: bytes, /) -> None:
        """Queue ``data``."""
        ...

    async def drain(self) -> None:
        """Wait until the queue is short."""
        ...

    def close(self) -> None:
        """Send the end of the file."""
        ...


class ServerProcess(Protocol):
    """A running server; whoever starts it decides what it may reach."""

    @property
    def stdin(self) -> Input:
        """Where requests go."""
        ...

    @property
    def stdout(self) -> ServerOutput:
        """Where answers come from."""
        ...

    @property
    def pid(self) -> int:
        """The process's number."""
        ...

    @property
    def private(self) -> Path:
        """The directory of its own ``HOME`` and ``TMPDIR``."""
        ...

    def complaints(self) -> str:
        """Return the end of what it wrote to standard error."""
        ...

    def kill(self) -> None:
        """End it and what it started, at once; harmless when it has ended."""
        ...

    async def wait(self) -> int:
        """Wait for its end and return its exit status."""
        ...


Launch = Callable[[Sequence[str], Path], Awaitable[ServerProcess]]
"""Start a server's command in a tree.

Raises `podium.errors.UserError` when the command cannot be started.
"""


class ServerFailed(UserError):
    """A language server gave no answer that can be believed; the message says why."""


class ServerDied(ServerFailed):
    """The server's process ended, so that a new one may answer."""


class ServerRefused(ServerFailed):
    """The server answered one question with an error; it may answer others."""
