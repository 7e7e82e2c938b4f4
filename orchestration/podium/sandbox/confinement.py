"""The sandbox on Linux: Landlock and seccomp by ``sandlock``, one launcher for each command.

What those do not know of is refused by `metadata` and `system_calls`.

What it does not do: there is no loopback network and no ``/dev/shm``, so servers
under test and `multiprocessing` semaphores do not work in it yet.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

import podium
from podium.configuration import SandboxSettings
from podium.sandbox.port import (
    Command,
    Completed,
    SandboxFailed,
    Spawned,
)
from podium.sandbox.tail import Tail
from podium.sandbox.toolchain import SYSTEM
from podium.sandbox.trial import EXPECTED, Trial
from podium.workspace.removal import remove_tree

DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
LAUNCHER = Path(__file__).with_name("launcher.py")
GRACE_S = 10.0
MEGABYTE = 1_000_000
_PACKAGES = Path(podium.__file__).parent.parent
_CLEAN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


class Confinement:
    """A `podium.sandbox.port.Sandbox`."""

    def __init__(self, launcher: Path) -> None:
        self._launcher = launcher

    async def run(self, command: Command) -> Completed:
        """Run a command until it exits."""
        started = time.monotonic()
        tail = Tail()
        private = _private_directory()
        try:
            with _Status() as status:
                process = await self._start(command, private, status, streams=False)
                timed_out = False
                try:
                    async with asyncio.timeout(command.timeout_s):
                        await _drain(process.stdout, tail)
                        await process.wait()
                except TimeoutError:
                    timed_out = True
                finally:
                    await _end(process)
                duration_s = time.monotonic() - started
                exit_status = 124 if timed_out else status.exit_status()
        finally:
            await asyncio.to_thread(remove_tree, private)
        return Completed(
            exit_status=exit_status, output=tail.text(), duration_s=duration_s, timed_out=timed_out
        )

    async def spawn(self, command: Command) -> Spawned:
        """Start an interactive command."""
        private = _private_directory()
        status = _Status()
        try:
            process = await self._start(command, private, status, streams=True)
        except BaseException:
            status.close()
            remove_tree(private)
            raise
        return _Talking(process, private, status)

    def try_out(self, settings: SandboxSettings) -> str | None:
        """Return what keeps commands from being confined, or `None` when they are.

        A command that should be refused is run for real: it tries to write, to read
        and to reach the network, where nothing is given to it.
        """
        private = _private_directory()
        try:
            with Trial(private) as trial, _Status() as status:
                command = trial.command(settings.memory_mb)
                ended = subprocess.run(
                    self._argv(command, trial.inside, status.writer),
                    env=_CLEAN,
                    cwd="/",
                    pass_fds=(status.writer,),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=60,
                    check=False,
                    start_new_session=True,
                )
                reached = trial.reached(ended.stdout.decode(errors="replace"))
                if reached is not None:
                    return reached
                exit_status = status.exit_status()
            if exit_status != EXPECTED:
                said = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
                return (
                    f"a command that should exit with {EXPECTED} exited with {exit_status}: {said}"
                )
        except (OSError, subprocess.TimeoutExpired, SandboxFailed) as error:
            return str(error)
        finally:
            remove_tree(private)
        return None

    async def _start(
        self, command: Command, private: Path, status: "_Status", *, streams: bool
    ) -> Process:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._argv(command, private, status.writer),
                stdin=PIPE if streams else DEVNULL,
                stdout=PIPE,
                stderr=PIPE if streams else STDOUT,
                env=_CLEAN,
                cwd="/",
                pass_fds=(status.writer,),
                start_new_session=True,
            )
        except OSError as error:
            message = f"the sandbox cannot be started: {error}"
            raise SandboxFailed(message) from error
        status.close_writer()
        return process

    def _argv(self, command: Command, private: Path, status: int) -> tuple[str, ...]:
        writable = [*map(str, command.writable), str(private), *DEVICES]
        readable = [*SYSTEM, *map(str, command.readable), str(command.cwd)]
        home = {"HOME": str(private / "home"), "TMPDIR": str(private / "tmp")}
        spec = {
            "argv": command.argv,
            "cwd": str(command.cwd),
            "env": command.env | home,
            "readable": [it for it in dict.fromkeys(readable) if os.path.exists(it)],  # noqa: PTH110 - They are strings on both sides.
            "writable": writable,
            "memory_bytes": command.memory_mb * MEGABYTE,
            "file_bytes": command.file_mb * MEGABYTE,
            "processes": command.processes,
            "status": status,
            "parent": os.getpid(),
            "packages": str(_PACKAGES),
            "private": str(private),
        }
        return (sys.executable, "-I", str(self._launcher), json.dumps(spec))


class _Status:
    """The pipe on which a launcher says how the command ended; the command cannot reach it."""

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close_writer(self) -> None:
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def close(self) -> None:
        self.close_writer()
        if self._reader >= 0:
            os.close(self._reader)
            self._reader = -1

    def exit_status(self) -> int:
        """Return the status once the launcher has ended."""
        self.close_writer()
        said = os.read(self._reader, 4096)
        report: dict[str, int | str] = json.loads(said) if said else {}
        if "exit" in report:
            return int(report["exit"])
        if "signal" in report:
            return 128 + int(report["signal"])
        message = f"the sandbox did not run the command: {report.get('error', 'it was killed')}"
        raise SandboxFailed(message)


class _Talking:
    def __init__(self, process: Process, private: Path, status: _Status) -> None:
        self._process = process
        self.private = private
        self._tail = Tail()
        self._ending = asyncio.create_task(self._until_end(private, status))
        self._killing: asyncio.Task[None] | None = None

    @property
    def stdin(self) -> asyncio.StreamWriter:
        assert self._process.stdin is not None  # noqa: S101 - It was started with a pipe.
        return self._process.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        assert self._process.stdout is not None  # noqa: S101 - As above.
        return self._process.stdout

    def complaints(self) -> str:
        return self._tail.text()

    def kill(self) -> None:
        if self._killing is None:
            self._killing = asyncio.create_task(_end(self._process))

    async def wait(self) -> int:
        return await asyncio.shield(self._ending)

    async def _until_end(self, private: Path, status: _Status) -> int:
        try:
            await _drain(self._process.stderr, self._tail)
            await self._process.wait()
            with suppress(SandboxFailed):
                return status.exit_status()
            return 128 + signal.SIGKILL
        finally:
            status.close()
            remove_tree(private)


async def _drain(stream: asyncio.StreamReader | None, tail: Tail) -> None:
    while stream is not None and (chunk := await stream.read(65_536)):
        tail.add(chunk)


async def _end(process: Process) -> None:
    """Have the launcher end the process tree, and wait for it, even if cancelled meanwhile."""
    if process.returncode is None:
        await asyncio.shield(asyncio.ensure_future(_terminate(process)))


async def _terminate(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(GRACE_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _private_directory() -> Path:
    path = Path(tempfile.mkdtemp(prefix="podium-")).resolve()
    (path / "home").mkdir()
    (path / "tmp").mkdir()
    return path
