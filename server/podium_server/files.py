"""The user's tree as the server reads it: files that are not open, and folders to complete."""

from collections.abc import Collection, Sequence
from pathlib import Path

from podium.document.facts import WorkspaceFacts
from podium.errors import PodiumError
from podium.settings.notices import Notices
from podium.settings.settings import Settings
from podium.workspace.tree import Tree

_MAX_LISTED = 500


class Files:
    """Reads beneath ``root``; links that lead out of it, pipes and huge files count as absent."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)
        self._settings = Settings(root, Notices())  # The engine says what is ignored or broken.

    @property
    def facts(self) -> WorkspaceFacts:
        """What plans are checked against just now, as the engine does."""
        return self._settings.facts()

    @property
    def categories(self) -> Collection[str]:
        """The categories that configuration maps to models."""
        return self.facts.categories

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
