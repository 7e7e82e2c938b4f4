"""Run git: argument lists, a scrubbed environment, no prompt, bounded output."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from podium.domain.base import Frozen
from podium.errors import UserError

TIMEOUT_S = 600
GRACE_S = 5
"""For git to remove its locks once it is told to terminate."""
MAX_OUTPUT_BYTES = 200_000_000
OLDEST = (2, 38)
"""The first with ``git merge-tree --write-tree``."""
_KEPT = ("PATH", "HOME", "TMPDIR", "XDG_CONFIG_HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK")
_ALWAYS = {
    "LC_ALL": "C",  # Messages are matched, and shown beside ours.
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ASKPASS": "true",
    "SSH_ASKPASS": "true",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ADVICE": "0",
}
ISOLATED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1"}
"""Added where the user's own configuration must not count."""
QUIET = (
    # Both may name a program that is inside a tree that an agent made.
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "submodule.recurse=false"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)


class GitError(UserError):
    """Git could not do what it was asked."""


class Ran(Frozen):
    """How a git command ended."""

    status: int
    output: bytes
    complaint: str

    @property
    def line(self) -> str:
        """Return the output without its last newline; a path may hold others."""
        return os.fsdecode(self.output.removesuffix(b"\n"))

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the NUL-terminated fields of the output."""
        return tuple(os.fsdecode(it) for it in self.output.split(b"\0")[:-1])


def scrubbed() -> dict[str, str]:
    """Return the environment that git is run with."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | _ALWAYS


async def run_git(
    *arguments: str,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    text: bytes | None = None,
    accept: Sequence[int] = (0,),
    max_bytes: int = MAX_OUTPUT_BYTES,
    umask: int = -1,
    inherited: Sequence[int] = (),
) -> Ran:
    """Run git until it exits.

    Args:
        arguments: What follows ``git``.
        cwd: Where; the repository is found from here unless ``--git-dir`` says otherwise.
        environment: Added to the scrubbed one.
        text: What it reads from its standard input.
        accept: The exit statuses that are answers; any other raises.
        max_bytes: Of output; the rest is not read.
        umask: For the files that it makes; this process's, which keeps all private, by default.
        inherited: File descriptors that stay open in it.

    Raises:
        GitError: Git is missing, failed, or took longer than `TIMEOUT_S`.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            "git",
            *QUIET,
            *arguments,
            cwd=cwd,
            env=scrubbed() | dict(environment or {}),
            stdin=DEVNULL if text is None else PIPE,
            stdout=PIPE,
            stderr=PIPE,
            umask=umask,
            pass_fds=inherited,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise GitError(_missing(cwd)) from error
    try:
        async with asyncio.timeout(TIMEOUT_S):
            ran = await _converse(process, text, max_bytes)
    except TimeoutError as error:
        message = (
            f"git {_named(arguments)} in {str(cwd)!r} took longer than {TIMEOUT_S} s; try again"
        )
        raise GitError(message) from error
    finally:
        if process.returncode is None:
            await asyncio.shield(asyncio.ensure_future(_end(process)))
    if ran.status not in accept:
        message = (
            f"git {_named(arguments)} failed in {str(cwd)!r}: {ran.complaint.strip() or ran.status}"
        )
        raise GitError(message)
    return ran


async def check_version(cwd: Path) -> None:
    """Refuse a git that is too old.

    Raises:
        GitError: It is, or there is none.
    """
    said = (await run_git("version", cwd=cwd)).line  # "git version 2.39.5 (Apple Git-154)"
    numbers = said.split()[2].split(".")
    if (int(numbers[0]), int(numbers[1])) < OLDEST:
        message = f"{said} is too old; install git {_dotted(OLDEST)} or newer"
        raise GitError(message)


async def _converse(process: asyncio.subprocess.Process, text: bytes | None, limit: int) -> Ran:
    assert process.stdout is not None  # noqa: S101 - They were asked for.
    assert process.stderr is not None  # noqa: S101 - As above.
    _, output, complaint = await asyncio.gather(
        _feed(process, text), _read(process.stdout, limit), _read(process.stderr, 20_000)
    )
    status = await process.wait()
    return Ran(status=status, output=output, complaint=complaint.decode(errors="replace"))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Terminate git; one that is killed outright leaves its locks behind."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.communicate(), GRACE_S)  # Its pipes end after it.
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _feed(process: asyncio.subprocess.Process, text: bytes | None) -> None:
    if process.stdin is not None:
        with suppress(ConnectionError):
            process.stdin.write(text or b"")
            await process.stdin.drain()
        process.stdin.close()


async def _read(stream: asyncio.StreamReader, limit: int) -> bytes:
    """Return at most ``limit`` bytes; the rest is read and discarded, so that git can exit."""
    kept = bytearray()
    while chunk := await stream.read(1 << 16):
        kept += chunk[: max(0, limit - len(kept))]
    return bytes(kept)


def _missing(cwd: Path) -> str:
    if not cwd.is_dir():
        return f"{str(cwd)!r} is not a directory; open the root of a git repository"
    return f"git is not installed; install {_dotted(OLDEST)} or newer"


def _named(arguments: Sequence[str]) -> str:
    """Return git's command; before it come options, and settings as ``name=value``."""
    return next((it for it in arguments if not it.startswith("-") and "=" not in it), "")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
