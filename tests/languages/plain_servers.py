"""Language servers as plain processes: what confines them is another room's test."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from podium.configuration import LanguageSettings
from podium.languages import LanguageServers, Patience

PATIENCE = Patience(start_s=20, answer_s=20, quiet_s=0.2)
HASTE = Patience(start_s=20, answer_s=0.5, quiet_s=0.1)
"""For servers that will not answer."""


class PlainProcess:
    """A `podium.sandbox.port.Spawned` without a sandbox."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout
        self.private = Path("/nowhere/private")
        self._process = process

    def complaints(self) -> str:
        return ""

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def wait(self) -> int:
        return await self._process.wait()


class Launcher:
    """Starts servers and remembers what it started."""

    def __init__(self) -> None:
        self.started: list[PlainProcess] = []
        self.has_started = asyncio.Event()

    async def __call__(self, argv: Sequence[str], tree: Path) -> PlainProcess:
        process = await asyncio.create_subprocess_exec(
            *argv, cwd=tree, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={"PATH": _VENV}
        )
        self.started.append(PlainProcess(process))
        self.has_started.set()
        return self.started[-1]


class ServersOf(Protocol):
    """Makes the language servers of `.py` files; they are ended with the test."""

    def __call__(
        self, *commands: tuple[str, ...], patience: Patience = PATIENCE
    ) -> LanguageServers: ...


def of_python(
    launcher: Launcher, *commands: tuple[str, ...], patience: Patience = PATIENCE
) -> LanguageServers:
    settings = LanguageSettings(extensions=(".py",), servers=commands)
    return LanguageServers({"python": settings}, launcher, patience=patience)


def scripted(behaviour: str) -> tuple[str, ...]:
    """Return the command of a server that behaves as `scripted_server` describes."""
    return (sys.executable, "-I", str(Path(__file__).with_name("scripted_server.py")), behaviour)


_VENV = str(Path(sys.executable).parent)
