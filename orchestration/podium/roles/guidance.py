"""What the repository tells agents: its `AGENTS.md` files."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from podium.errors import ToolRetry
from podium.text.models import fenced
from podium.workspace.tree import Tree

NAMES = ("AGENTS.md", "CLAUDE.md")
"""In this order in each directory; only the first there counts."""
MAX_CHARACTERS = 6_000
MAX_FILES = 4


def guidance(tree: Tree, paths: Sequence[str] = ()) -> str:
    """Return the root's file and the nearest to each of ``paths``, fenced; the nearer wins."""
    found = [it for it in (_in(tree, "."), *(_nearest(tree, path) for path in paths)) if it]
    files = sorted(dict.fromkeys(found), key=lambda it: (it.count("/"), it))[:MAX_FILES]
    shown: list[str] = []
    for path in files:
        try:
            shown.append(fenced(path, tree.read_text(path), MAX_CHARACTERS, f"read {path}"))
        except ToolRetry:  # Not text, or gone meanwhile.
            continue
    if not shown:
        return ""
    which = " Where they differ, the one nearest to the file holds." if len(shown) > 1 else ""
    return "\n".join([f"The project's conventions.{which}", *shown])


def _nearest(tree: Tree, path: str) -> str:
    for directory in (PurePosixPath(path), *PurePosixPath(path).parents):
        if found := _in(tree, str(directory)):
            return found
    return ""


def _in(tree: Tree, directory: str) -> str:
    paths = (str(PurePosixPath(directory) / name) for name in NAMES)
    return next((it for it in paths if tree.exists(it)), "")
