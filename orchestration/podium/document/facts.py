"""What the checks want to know about the tree that a plan talks about."""

import os
import shutil
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, Protocol

MAX_FILE_BYTES = 4_000_000
"""A longer file is not read: any line range is inside it."""
_MAX_LISTED = 20_000
_MAX_CACHED = 20_000
_FRESH_S = 1.0
_LISTING_FRESH_S = 30.0
_UNCOUNTED = 1_000_000_000
_SKIPPED = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__", "target"})


class TreeFacts(Protocol):
    """Answers about a tree; cheap enough to be asked a thousand times at each keystroke."""

    @property
    def categories(self) -> Collection[str]:
        """The categories that configuration maps to models; none to leave categories unchecked."""
        ...

    def line_counts(self, paths: Iterable[str]) -> Mapping[str, int | None]:
        """Return the lines of each file: 0 for a directory, ``None`` if it does not exist."""
        ...

    def nearest(self, path: str) -> str | None:
        """Return the file whose path is most like ``path``, which does not exist."""
        ...

    def has_command(self, name: str) -> bool:
        """Whether the shell would find a command of that name."""
        ...


class _Stamp(NamedTuple):
    inode: int
    mtime_ns: int
    size: int


class _Known(NamedTuple):
    checked_s: float
    stamp: _Stamp | None
    lines: int | None


class WorkspaceFacts:
    """The tree on disk beneath ``root``; what a symbolic link leads to does not count as there.

    What is found is believed for a second, then compared with the file's inode, time and size.
    """

    def __init__(self, root: Path, categories: Collection[str]) -> None:
        self.categories: Collection[str] = frozenset(categories)
        self._root = root
        self._known: dict[str, _Known] = {}
        self._commands: dict[str, bool] = {}
        self._files: dict[str, list[str]] = {}
        """Paths by the name of the file, in small letters."""
        self._listed_s = float("-inf")

    def line_counts(self, paths: Iterable[str]) -> Mapping[str, int | None]:
        """Return the lines of each file: 0 for a directory, ``None`` if it does not exist."""
        now = time.monotonic()
        if len(self._known) >= _MAX_CACHED:
            self._known.clear()
        counts: dict[str, int | None] = {}
        for path in paths:
            known = self._known.get(path)
            if known is None or now - known.checked_s >= _FRESH_S:
                known = self._known[path] = self._look(path, known, now)
            counts[path] = known.lines
        return counts

    def nearest(self, path: str) -> str | None:
        """Return the file of the same name with the likeliest path, else one of a similar name."""
        self._list()
        name = path.rpartition("/")[2].casefold()
        names = [name] if name in self._files else get_close_matches(name, self._files, n=1)
        paths = [found for it in names for found in self._files[it]]
        close = get_close_matches(path, paths[:100], n=1, cutoff=0.0)
        return close[0] if close else None

    def has_command(self, name: str) -> bool:
        """Whether ``name`` is on PATH; asked once."""
        if name not in self._commands:
            if len(self._commands) >= _MAX_CACHED:
                self._commands.clear()
            self._commands[name] = shutil.which(name) is not None
        return self._commands[name]

    def _look(self, path: str, known: _Known | None, now: float) -> _Known:
        stamp = self._stamp(path)
        if known is not None and known.stamp == stamp:
            return known._replace(checked_s=now)
        return _Known(now, stamp, None if stamp is None else _count_lines(self._root, path))

    def _stamp(self, path: str) -> _Stamp | None:
        try:
            found = os.lstat(self._root / path)
        except (OSError, ValueError):  # ValueError: a NUL in the path.
            return None
        return _Stamp(found.st_ino, found.st_mtime_ns, found.st_size)

    def _list(self) -> None:
        now = time.monotonic()
        if now - self._listed_s < _LISTING_FRESH_S:
            return
        self._listed_s = now
        self._files = {}
        for path in _walk(self._root):
            self._files.setdefault(path.rpartition("/")[2].casefold(), []).append(path)


def _walk(root: Path) -> Iterator[str]:
    """Yield the first files beneath ``root``, ``/`` between names; no link is followed.

    Folders that lie too deep for a path are left out.
    """
    n_listed = 0
    waiting = [""]
    while waiting:
        above = waiting.pop()
        names, folders = _names(f"{root}/{above}")
        for name in names:
            n_listed += 1
            if n_listed > _MAX_LISTED:
                return
            yield above + name
        waiting += (f"{above}{it}/" for it in reversed(folders) if it not in _SKIPPED)


def _names(folder: str) -> tuple[list[str], list[str]]:
    """Return the files of a folder and the folders in it, both sorted."""
    files: list[str] = []
    folders: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for it in entries:
            if not it.is_dir():
                files.append(it.name)
            elif not it.is_symlink():
                folders.append(it.name)
    return sorted(files), sorted(folders)


def _count_lines(root: Path, path: str) -> int | None:
    """Open ``path`` one directory at a time, following no link, and count its lines."""
    parts = [it for it in path.split("/") if it not in {"", "."}]
    if ".." in parts or path.startswith("/"):
        return None
    try:
        return _count_opened(root, parts)
    except (OSError, ValueError):
        return None


def _count_opened(root: Path, parts: Iterable[str]) -> int | None:
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            inner = os.open(part, flags, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            return 0
        if not stat.S_ISREG(found.st_mode):
            return None
        if found.st_size > MAX_FILE_BYTES:
            return _UNCOUNTED
        with os.fdopen(os.dup(descriptor), "rb") as opened:
            return count_lines(opened.read(MAX_FILE_BYTES))
    finally:
        os.close(descriptor)


def count_lines(content: bytes) -> int:
    """Return how many lines a file has; a line end at its end begins no new one."""
    ends = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    return ends + (not content.endswith((b"\n", b"\r")) and content != b"")
