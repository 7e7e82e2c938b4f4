"""Whether the user trusts a workspace's own configuration.

Kept in the state directory, where no repository can put it, and bound to the
workspace's path.
"""

import os
from pathlib import Path

from podium.workspace.state import state_directory


def is_trusted(workspace: Path) -> bool:
    """Return whether `trust` was called for this path, and not taken back."""
    try:
        return _mark(workspace).read_bytes() == _content(workspace)
    except FileNotFoundError:
        return False


def trust(workspace: Path) -> None:
    """Let the workspace's configuration name commands, servers, URLs, keys and gates."""
    mark = _mark(workspace)
    mark.touch(mode=0o600)
    mark.write_bytes(_content(workspace))


def distrust(workspace: Path) -> None:
    """Take the trust back."""
    _mark(workspace).unlink(missing_ok=True)


def _mark(workspace: Path) -> Path:
    return state_directory(workspace) / "trusted"


def _content(workspace: Path) -> bytes:
    return os.fsencode(workspace.resolve()) + b"\n"
