"""The user's tree as the server reads it: files that are not open, and folders to complete."""

from collections.abc import Sequence
from pathlib import Path

from podium.configuration import load
from podium.document.facts import WorkspaceFacts
from podium.errors import PodiumError
from podium.workspace.tree import Tree

_MAX_LISTED = 500


class Files:
    """Reads beneath ``root``; links that lead out of it, pipes and huge files count as absent."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)
        self.facts = WorkspaceFacts(root, _categories(root))

    def text(self, path: str) -> str | None:
        """Return the text of a file, or ``None`` if there is none to be read."""
        try:
            return self._tree.read_text(path)
        except PodiumError:
            return None

    def listing(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, hidden ones left out, folders with a slash at the end."""
        try:
            names = self._tree.list(folder or ".").paths
        except PodiumError:
            return ()
        return [it for it in names if not it.startswith(".")][:_MAX_LISTED]


def _categories(root: Path) -> frozenset[str]:
    try:
        return frozenset(load(root).configuration.categories)
    except PodiumError:
        return frozenset()  # The engine says what is wrong; here they only stay unchecked.
