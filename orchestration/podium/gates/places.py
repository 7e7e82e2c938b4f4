"""Files that output names, as paths of the tree."""

from pathlib import Path, PurePosixPath

from podium.gates.failures import Exists
from podium.workspace.tree import Tree


def finder(root: Path) -> Exists:
    """Return how to find a file that a command named which ran in ``root``."""
    tree = Tree(root)

    def find(named: str) -> str | None:
        path = PurePosixPath(named)
        if path.is_absolute():
            if not path.is_relative_to(root):
                return None
            path = path.relative_to(root)
        relative = path.as_posix()
        return relative if tree.exists(relative) and not tree.is_directory(relative) else None

    return find
