"""A client of the engine, for the language server and the command line.

Only the standard library and light modules are imported here.
"""

import asyncio
import inspect
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from podium.errors import UserError
from podium.protocol.wire import MAX_FRAME_BYTES, Disconnected, Params, Peer
from podium.workspace.state import STARTED_BY, socket_path, state_directory

START_TIMEOUT_S = 30.0
HELLO_TIMEOUT_S = 30.0
POLL_S = 0.02
MAX_LOG_BYTES = 5_000_000
LOG_FILE = "engine.log"
IS_RUNNING_ALREADY = 3
"""Exit status of an engine that found another one in charge."""

OnNotification: TypeAlias = Callable[[str, Params], Awaitable[object] | object]
"""Takes what the engine sends; what it returns, or what that yields, answers a request."""
Connection: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NoEngine(UserError):
    """No engine runs for a workspace, or none could be started."""


class EngineClient:
    """A connection to the engine; make it with `connect`.

    Attributes:
        hello: What the engine said of itself: ``version``, ``pid`` and ``workspace``.
        closed: Set when the connection has ended; connecting again is the caller's choice.
    """

    def __init__(self, peer: Peer) -> None:
        self.hello: Params = {}
        self.closed = peer.closed
        self._peer = peer
        self._running = asyncio.create_task(peer.run(), name="engine client")

    @classmethod
    async def connect(
        cls,
        workspace: Path,
        *,
        start: bool = True,
        on_notification: OnNotification = lambda _method, _params: None,
        name: str = "client",
        is_editor: bool = False,
        command: Sequence[str] | None = None,
    ) -> "EngineClient":
        """Connect to the engine of ``workspace``; start it in the background if there is none.

        Args:
            workspace: The root of the user's repository.
            start: Whether to start an engine that does not run.
            on_notification: Takes what the engine sends.
            name: What the engine's log calls this client, as an engine that it starts does.
            is_editor: Whether it serves an editor, and so answers ``editor/unsaved``.
            command: Starts an engine; by default ``podium engine run`` of this installation.

        Raises:
            NoEngine: None runs, or it could not be started; the message is the engine's own.
        """

        async def take(method: str, params: Params) -> object:
            answer = on_notification(method, params)
            return await answer if inspect.isawaitable(answer) else answer

        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            streams = await _find(workspace, command or _command(workspace), name, start=start)
            client = cls(Peer(*streams, take))
            try:
                await client._greet(workspace, name, is_editor=is_editor)
            except Disconnected:  # It was about to end: look for the next one.
                await client.aclose()
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(POLL_S)
            except BaseException:
                await client.aclose()
                raise
            else:
                return client

    async def _greet(self, workspace: Path, name: str, *, is_editor: bool) -> None:
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                self.hello = await self.call("hello", client=name, is_editor=is_editor)
        except TimeoutError:
            pid = state_directory(workspace) / "engine.pid"
            message = (
                f"the engine of {str(workspace)!r} does not answer; "
                f"kill the process that {str(pid)!r} names: nothing is lost"
            )
            raise NoEngine(message) from None

    async def call(self, method: str, /, **params: object) -> Params:
        """Return the engine's answer.

        Raises:
            WireError: The engine refused, with a message for the user, or went away.
        """
        answer: Params = await self._peer.call(method, params)
        return answer

    async def aclose(self) -> None:
        """Close the connection; the engine goes on."""
        await self._peer.aclose()
        await self._running


async def _find(workspace: Path, command: Sequence[str], name: str, *, start: bool) -> Connection:
    path = socket_path(workspace)
    streams = await _open(path)
    if streams is None and start:
        return await _start(workspace, path, command, name)
    if streams is None:
        message = f"no engine runs for {str(workspace)!r}"
        raise NoEngine(message)
    return streams


async def _open(path: Path) -> Connection | None:
    """Return a connection, or None when nobody listens."""
    try:
        return await asyncio.open_unix_connection(path, limit=MAX_FRAME_BYTES)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except OSError as error:
        message = f"cannot reach the engine at {str(path)!r}: {error.strerror}"
        raise NoEngine(message) from None


def _command(workspace: Path) -> Sequence[str]:
    # -P: a repository must not decide what `podium` is.
    run = (sys.executable, "-P", "-m", "podium", "engine", "run", "--workspace", str(workspace))
    return tuple(run)


async def _start(workspace: Path, path: Path, command: Sequence[str], name: str) -> Connection:
    directory = state_directory(workspace)
    log = directory / LOG_FILE
    process, begin = _spawn(command, directory, log, name)
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        streams = await _open(path)
        if streams is not None:
            return streams
        if process.returncode not in {None, IS_RUNNING_ALREADY}:
            raise NoEngine(_last_words(log, begin, process.returncode))
        await asyncio.sleep(POLL_S)
    message = f"the engine did not answer within {START_TIMEOUT_S:.0f} s; its log is {str(log)!r}"
    raise NoEngine(message)


def _spawn(
    command: Sequence[str], directory: Path, log: Path, name: str
) -> tuple["subprocess.Popen[bytes]", int]:
    """Start an engine that outlives this process; return it and where its log begins."""
    try:
        if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        message = f"cannot write the engine's log {str(log)!r}: {error.strerror}"
        raise NoEngine(message) from None
    with os.fdopen(descriptor, "ab") as file:
        process = subprocess.Popen(
            command,
            env={**os.environ, STARTED_BY: name},
            cwd=directory,  # Not the workspace: Python would import from it.
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        begin = file.tell()
    # Reaps it, should it end before this process does.
    threading.Thread(target=process.wait, name="engine", daemon=True).start()
    return process, begin


def _last_words(log: Path, begin: int, status: int | None) -> str:
    """Return why an engine did not start: what it wrote after its last ``podium: ``."""
    with log.open("rb") as file:
        file.seek(begin)
        said = file.read(100_000).decode(errors="replace").strip()
    _, found, message = f"\n{said}".rpartition("\npodium: ")
    if found:
        return message
    return f"the engine ended with status {status} at its start; its log is {str(log)!r}"
