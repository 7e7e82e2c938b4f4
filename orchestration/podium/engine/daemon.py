"""The engine's process: one per workspace.

A lock on `engine.lock` decides who is the engine; the socket and the pid file are only
signs.  So whatever a crash left behind is replaced without asking.
"""

import asyncio
import contextlib
import fcntl
import importlib.metadata
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Final, TextIO, cast

import structlog

from podium.engine import api
from podium.engine.context import Engine
from podium.engine.coordinator import Coordinator
from podium.engine.documents import EDITORS_BACK_S, PlanDocuments
from podium.engine.journal import Journal
from podium.engine.plan_files import PlanFiles
from podium.engine.subscriptions import Subscriptions
from podium.engine.tidying import tidy, tidy_when_idle
from podium.engine.watching import watch
from podium.errors import UserError
from podium.jobs.port import Jobs
from podium.protocol.client import IS_RUNNING_ALREADY
from podium.protocol.wire import MAX_FRAME_BYTES, Peer, WireError
from podium.settings.notices import Notices
from podium.settings.settings import Settings
from podium.workspace.git import DIRECTORY
from podium.workspace.landing import GUARD, settle
from podium.workspace.state import socket_path, state_directory

FAREWELL_S: Final = 0.5
SETTLE_RETRY_S: Final = 30.0
"""Before the next attempt to settle a killed merge, as when the user's git holds a lock."""
STDERR: Final = 2
LOCK_FILE: Final = "engine.lock"
PID_FILE: Final = "engine.pid"
LOCK_PATIENCE_S: Final = 10.0
"""How long to wait for another engine that is ending."""

MakeJobs = Callable[[Engine], Jobs]
"""Makes what carries out the engine's jobs; called once, before the journal is folded."""

log = structlog.stdlib.get_logger()


class AlreadyRunning(UserError):
    """Another engine is in charge of the workspace."""


def main(workspace: Path, make_jobs: MakeJobs, *, idle_s: float | None = None) -> int:
    """Be the engine of ``workspace`` until told to stop or idle for too long.

    Args:
        workspace: The root of the user's repository.
        make_jobs: Makes what carries out jobs.
        idle_s: Seconds without client and job until it leaves; the configuration's by default.

    Returns:
        The exit status: 0, 2 when it could not start, `IS_RUNNING_ALREADY` when another runs.
    """
    umask = os.umask(0o077)
    _log_to_stderr()
    try:
        state, path = state_directory(workspace), socket_path(workspace)
        with _lock(state, path), _marked(state, path):
            compose = partial(_compose, workspace.resolve(), state, umask)
            asyncio.run(_serve(compose, path, make_jobs, idle_s))
    except AlreadyRunning as error:
        print(f"podium: {error}", file=sys.stderr)  # noqa: T201  # Clients read it from the log.
        return IS_RUNNING_ALREADY
    except (UserError, OSError) as error:
        print(f"podium: {error}", file=sys.stderr)  # noqa: T201  # As above.
        return 2
    return 0


async def _serve(
    compose: Callable[[], Engine], path: Path, make_jobs: MakeJobs, idle_s: float | None
) -> None:
    engine = compose()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, engine.stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(engine.coordinator.aclose)
        await engine.coordinator.start(make_jobs(engine), on_end=engine.stopping.set)
        engine.documents.expect_editors()
        stack.push_async_callback(engine.documents.aclose)
        server = await asyncio.start_unix_server(
            partial(_converse, engine), path, limit=MAX_FRAME_BYTES
        )
        await asyncio.to_thread(path.chmod, 0o600)
        asyncio.get_running_loop().call_later(EDITORS_BACK_S, engine.editors_are_back.set)
        stack.push_async_callback(_hang_up, engine, server)
        log.info("engine.started", workspace=str(engine.workspace), pid=os.getpid())
        watching = asyncio.create_task(watch(engine.workspace, partial(_look, engine)))
        stack.push_async_callback(_end, watching)
        settling = asyncio.create_task(_settle(engine))
        stack.push_async_callback(_end, settling)
        tidying = asyncio.create_task(
            tidy_when_idle(lambda: engine.is_busy, partial(_tidy, engine))
        )
        stack.push_async_callback(_end, tidying)
        await _until_done(engine, idle_s)
    log.info("engine.stopped")


def _compose(workspace: Path, state: Path, umask: int) -> Engine:
    version = importlib.metadata.version("podium")
    notices = Notices()
    journal = Journal(state, version=version)
    subscriptions = Subscriptions(lambda: coordinator.board, lambda: notices.all)
    settings = Settings(workspace, notices, subscriptions.mark)
    coordinator = Coordinator(journal, notices, subscriptions.mark)
    notices.on_change = subscriptions.mark
    files = PlanFiles(workspace, umask)
    files.sweep()
    documents = PlanDocuments(files, settings.facts, coordinator, notices)
    return Engine(workspace, state, umask, notices, settings, coordinator, documents, subscriptions)


async def _look(engine: Engine) -> None:
    """Check what has changed on disk; clients that ask for plans wait for the first check."""
    try:
        await engine.documents.rescan()
    finally:
        engine.has_looked.set()


async def _settle(engine: Engine) -> None:
    """Settle what a killed merge has left, until that succeeds.

    The merge itself may never be tried again: after an edit of its plan, or without its journal.
    """
    while (engine.state / GUARD).exists():
        try:
            await settle(engine.workspace, await engine.repository())
        except UserError as error:
            engine.notices.put("merge", str(error))
            await asyncio.sleep(SETTLE_RETRY_S)
        else:
            engine.notices.put("merge")
            return


async def _tidy(engine: Engine) -> None:
    """Remove what runs that are over have left."""
    has_repository = (engine.state / DIRECTORY).is_dir()
    repository = await engine.repository() if has_repository else None
    await tidy(engine.coordinator.board, engine.coordinator.journal, repository, time.time())


async def _converse(
    engine: Engine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Serve one client until it disconnects."""
    if engine.stopping.is_set() or not _is_ours(writer):
        writer.close()
        return
    peer = Peer(reader, writer, lambda method, params: api.answer(engine, peer, method, params))
    engine.peers.add(peer)
    try:
        await peer.run()
    finally:
        engine.peers.discard(peer)
        engine.editors.discard(peer)
        engine.subscriptions.remove(peer)
        engine.documents.release_all(peer)


def _is_ours(writer: asyncio.StreamWriter) -> bool:
    """Return whether the client is a process of this user.

    The socket's mode says so already; on Linux the kernel names the process as well.
    """
    if sys.platform != "linux":
        return True
    connection: socket.socket = writer.get_extra_info("socket")
    size = struct.calcsize("3i")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return uid == os.getuid()


async def _until_done(engine: Engine, idle_s: float | None) -> None:
    """Return when the engine is told to stop, or has been idle for too long."""
    quiet_since = time.monotonic()
    while not engine.stopping.is_set():
        limit = idle_s or engine.settings.usable().limits.engine_idle_s
        if engine.peers or engine.is_busy:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > limit:
            log.info("engine.idle", after_s=limit)
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(engine.stopping.wait(), min(limit / 4, 5.0))


async def _hang_up(engine: Engine, server: asyncio.Server) -> None:
    server.close()
    await asyncio.gather(*(_dismiss(peer) for peer in engine.peers))
    await engine.subscriptions.aclose()


async def _dismiss(peer: Peer) -> None:
    """Tell a client that the engine is stopping on purpose, so that it does not start another."""
    with contextlib.suppress(WireError, TimeoutError):
        await asyncio.wait_for(peer.notify("engine/stopping"), FAREWELL_S)
    await peer.aclose()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


@contextlib.contextmanager
def _lock(state: Path, path: Path) -> Generator[None]:
    """Hold the workspace's lock, waiting a little for an engine that is ending.

    Raises:
        AlreadyRunning: Another engine holds it.
    """
    descriptor = _open_lock(state / LOCK_FILE)
    deadline = time.monotonic() + LOCK_PATIENCE_S
    try:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if _answers(path):
                message = "the engine of this workspace is already running"
                raise AlreadyRunning(message)
            if time.monotonic() > deadline:
                message = (
                    f"another engine holds {str(state / LOCK_FILE)!r} and does not answer; "
                    f"end the process that {str(state / PID_FILE)!r} names"
                )
                raise UserError(message)
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"cannot use {str(path)!r}: {error.strerror}"
        raise UserError(message) from None


@contextlib.contextmanager
def _marked(state: Path, path: Path) -> Generator[None]:
    """Keep the pid file; replace a socket that a crash left behind."""
    path.unlink(missing_ok=True)
    (state / PID_FILE).write_text(f"{os.getpid()}\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        (state / PID_FILE).unlink(missing_ok=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


class _Stderr:
    """Standard error, which is the log file, on a disk that may be full: writing never fails."""

    def write(self, text: str) -> None:
        """Write, or lose the line."""
        with contextlib.suppress(OSError):
            os.write(STDERR, text.encode(errors="replace"))

    def flush(self) -> None:
        """Nothing is buffered."""


def _log_to_stderr() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event")),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Stderr())),
    )
