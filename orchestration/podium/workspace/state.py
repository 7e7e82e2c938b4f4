"""Where a workspace's state lives: never in the repository, readable by its owner alone."""

import hashlib
import os
import stat
import sys
from pathlib import Path

import platformdirs

from podium.errors import UserError

MAX_SOCKET_BYTES = 100
"""Linux takes 108 bytes and macOS 104, with the final NUL."""

STARTED_BY = "PODIUM_STARTED_BY"
"""The variable that tells an engine which client has started it, and given it its environment."""


class StateError(UserError):
    """A directory for state cannot be used."""


def state_directory(workspace: Path) -> Path:
    """Return the directory of the workspace's journal and worktrees; made at first use, 0700.

    The same workspace reached through a symbolic link has the same directory.

    Raises:
        StateError: It cannot be made, or somebody else owns it.
    """
    return _private(state_base() / workspace_hash(workspace))


def socket_path(workspace: Path) -> Path:
    """Return where the engine of ``workspace`` listens; its directory exists and is private.

    It is inside the state directory unless that path is too long for a Unix
    socket; the journal never moves to a runtime directory, which a logout clears.

    Raises:
        StateError: As `state_directory`.
    """
    path = state_directory(workspace) / "engine.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_BYTES:
        return path
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) / "podium" if runtime else Path(f"/tmp/podium-{os.getuid()}")  # noqa: S108 - `_private` refuses a directory that somebody else made.
    return _private(base) / f"{workspace_hash(workspace)}.sock"


def workspace_hash(workspace: Path) -> str:
    """Return 16 hexadecimal digits that stand for the workspace's real path."""
    return hashlib.sha256(os.fsencode(workspace.resolve())).hexdigest()[:16]


def state_base() -> Path:
    """Return the directory that holds the state of all workspaces; it may not exist."""
    # macOS users who set XDG_STATE_HOME mean it, and platformdirs does not read it there.
    chosen = os.environ.get("XDG_STATE_HOME")
    if sys.platform == "darwin" and chosen:
        return Path(chosen) / "podium"
    return Path(platformdirs.user_state_dir("podium", appauthor=False))


def _private(path: Path) -> Path:
    """Return ``path`` as a directory of mode 0700 that this user owns."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            message = f"{path} is not a directory of yours; remove it, or set XDG_STATE_HOME"
            raise StateError(message)
        path.chmod(0o700)  # A umask may have removed bits, an old version may have left some.
    except OSError as error:
        message = (
            f"cannot keep state in {path}: {error.strerror}; "
            "make it writable, or set XDG_STATE_HOME to a directory that is"
        )
        raise StateError(message) from error
    return path
