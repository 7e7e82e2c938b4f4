"""Files that are locked while git writes, by the git commands too.

A git that has outlived its engine still holds what it inherited, so the next engine can tell
whether anything of the last one is at work.
"""

import asyncio
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from podium.workspace.git_command import TIMEOUT_S, GitError

_POLL_S: Final = 0.1


@contextmanager
def opened(path: Path) -> Generator[int]:
    """Open a guard, created on first use; closing it releases it, unless a git still holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def shared(path: Path) -> Generator[int]:
    """Hold a guard, shared with others."""
    with opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield descriptor


async def take(descriptor: int, otherwise: str) -> None:
    """Hold a guard exclusively, as soon as nobody else does.

    Raises:
        GitError: Somebody else does not release it; the message is ``otherwise``.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    await asyncio.sleep(_POLL_S)
                else:
                    return
    except TimeoutError as error:
        raise GitError(otherwise) from error
