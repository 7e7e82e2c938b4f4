"""The configuration as it is now, for the engine and for the language server alike."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from podium.configuration import Configuration, ConfigurationError, load, user_file, workspace_file
from podium.document.facts import WorkspaceFacts
from podium.sandbox.environment import unused_environment
from podium.settings.notices import Notices
from podium.settings.trust import changed, is_trusted, trust_file

Stamps: TypeAlias = tuple[object, ...]


class Settings:
    """Rereads the configuration when one of its files, or the user's trust, has changed.

    Args:
        workspace: Whose configuration.
        notices: Learns what is ignored, broken or not used.
        on_change: Called after it was read again.
    """

    def __init__(
        self, workspace: Path, notices: Notices, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self._workspace = workspace
        self._notices = notices
        self._on_change = on_change
        self._stamps: Stamps | None = None
        self._facts = WorkspaceFacts(workspace, ())
        self._current: Configuration | ConfigurationError = Configuration()

    def current(self) -> Configuration:
        """Return what is set now.

        Raises:
            ConfigurationError: A file is broken.
        """
        files = (user_file(), workspace_file(self._workspace), trust_file(self._workspace))
        stamps = tuple(_stamp(it) for it in files)
        if stamps != self._stamps:
            self._stamps = stamps
            self._load()
        if isinstance(self._current, ConfigurationError):
            raise self._current
        return self._current

    def usable(self) -> Configuration:
        """Return what is set, or the defaults while a file is broken; a notice says so then."""
        try:
            return self.current()
        except ConfigurationError:
            return Configuration()

    def facts(self) -> WorkspaceFacts:
        """Return what plans are checked against; a new object when it has changed."""
        categories = frozenset(self.usable().categories)
        if categories != self._facts.categories:
            self._facts = WorkspaceFacts(self._workspace, categories)
        return self._facts

    def _load(self) -> None:
        try:
            loaded = load(self._workspace, trusted=is_trusted(self._workspace))
            differs = changed(self._workspace)
        except ConfigurationError as error:
            self._current = error
            self._notices.put("configuration", str(error))
        else:
            self._current = loaded.configuration
            lines = (*([differs] if differs else []), *loaded.ignored)
            # One message, however many keys.
            self._notices.put("configuration", *(["\n".join(lines)] if lines else []))
            readable = loaded.configuration.sandbox.readable
            unused = unused_environment(self._workspace, readable)
            self._notices.put("environment", *([unused] if unused else []))
        self._on_change()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
