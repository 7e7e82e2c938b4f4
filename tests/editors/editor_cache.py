"""Where real editors are kept between runs: set up once, then used by every test.

A folder appears under its name only when it is whole, so that an interrupted set-up
leaves nothing that a later run would trust.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

INSTALL_TIMEOUT_S = 900


class UnavailableError(Exception):
    """This machine cannot have the editor; the message says what is missing."""


def cache_root() -> Path:
    """Return the folder that holds everything that was set up; made if it is missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    root = Path(base) / "podium-tests"
    root.mkdir(parents=True, exist_ok=True)
    return root


def cached(name: str, build: Callable[[Path], None]) -> Path:
    """Return the folder ``name``, built by the first process to ask while others wait.

    Args:
        name: Names the content with its version: another content needs another name.
        build: Fills an empty folder, which is then renamed: nothing in it may hold its path.
    """
    root = cache_root()
    place = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            fresh = root / f"{name}.partial"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            build(fresh)
            fresh.rename(place)
    return place


def need(program: str) -> str:
    """Return where ``program`` is.

    Raises:
        UnavailableError: It is not on PATH.
    """
    found = shutil.which(program)
    if found is None:
        message = f"{program!r} is not on PATH"
        raise UnavailableError(message)
    return found


def run_step(
    argv: list[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run one step of a set-up and return what it printed.

    Raises:
        UnavailableError: It failed or took too long; the message ends with what it said.
    """
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=INSTALL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{argv[0]} {argv[1]} took longer than {INSTALL_TIMEOUT_S} s"
        raise UnavailableError(message) from None
    if done.returncode != 0:
        message = f"{argv!r} exited {done.returncode}: {done.stdout[-2000:]}"
        raise UnavailableError(message)
    return done.stdout
