"""A home for an editor, its language server and the engine: short-lived, and nobody else's."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_ENDS_WITHIN_S = 10


@contextmanager
def private_home() -> Generator[Path]:
    """Make a home with a short path, as sockets need; end the engines that were started in it."""
    home = Path(tempfile.mkdtemp(prefix="podium-"))
    try:
        yield home
    finally:
        for pid_file in home.glob("state/podium/*/engine.pid"):
            _end(int(pid_file.read_text("utf-8")))
        shutil.rmtree(home, ignore_errors=True)


def private_environment(home: Path, path: str) -> dict[str, str]:
    """Return an environment in which programs read and write below ``home`` only.

    Args:
        home: A folder.
        path: Where programs are found.
    """
    kept = {key: os.environ[key] for key in ("LANG", "TERM", "USER") if key in os.environ}
    folders = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_RUNTIME_DIR": home / "runtime",
        "XDG_STATE_HOME": home / "state",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700, exist_ok=True)
    return {**kept, **{key: str(folder) for key, folder in folders.items()}, "PATH": path}


def with_podium() -> str:
    """Return a PATH that finds the `podium` under test."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def without_podium() -> str:
    """Return this machine's PATH, less every folder that has a `podium`."""
    places = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(place for place in places if not (Path(place) / "podium").exists())


def _end(pid: int) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        end = time.monotonic() + _ENDS_WITHIN_S
        try:
            os.kill(pid, sign)
            while time.monotonic() < end:
                os.kill(pid, 0)
                time.sleep(0.05)
        except ProcessLookupError:
            return
