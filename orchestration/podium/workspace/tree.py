"""A worktree as agents' tools see it: every path stays beneath its root.

A refusal is a `ToolRetry`, because a model reads it and can do better.
"""

import errno
import os
import re
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.text.plain import shown_path
from podium.workspace import beneath
from podium.workspace.begun import file_beginning

MAX_FILE_BYTES = 4_000_000
MAX_ENTRIES = 20_000
MAX_DEPTH = 64
SKIPPED = frozenset({".git", ".venv", "node_modules", "__pycache__"})
"""Directories that `walk` and `glob` pass by: no work of an agent is in them."""


class Listing(Frozen):
    """Paths in order; ``cut`` when there were more than were looked at."""

    paths: tuple[str, ...]
    cut: bool = False


class Tree:
    """The files beneath ``root``; paths are relative to it, with ``/`` between names.

    A file that is written is begun beside ``root``, where no command reaches it and what a crash
    leaves is not committed.  Only worktrees are written to; what lies beside them goes with them.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def read_bytes(self, path: str) -> bytes:
        """Return the content of a regular file with one link, of at most `MAX_FILE_BYTES`."""
        with _refusals(path), beneath.root(self.root) as directory:
            descriptor = beneath.open_at(directory, _relative(path), os.O_RDONLY)
            with os.fdopen(descriptor, "rb") as file:
                _check_regular(os.fstat(descriptor), path)
                content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            message = f"{path!r} is larger than {MAX_FILE_BYTES:,} bytes; use a command to read it"
            raise ToolRetry(message)
        return content

    def read_text(self, path: str) -> str:
        """Return a file's text; line ends stay as they are."""
        content = self.read_bytes(path)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            message = f"{path!r} is not a text file in UTF-8"
            raise ToolRetry(message)
        return text

    def write_text(self, path: str, text: str) -> None:
        """Replace or make a file, with the directories it needs; its mode stays.

        New ones are for this user alone; git keeps no more of a mode than whether it executes.
        Another reader sees the old content or the new, never a part of it.
        """
        try:
            content = text.encode()
        except UnicodeEncodeError:
            message = f"the text for {path!r} holds characters that UTF-8 cannot; leave them out"
            raise ToolRetry(message) from None
        if len(content) > MAX_FILE_BYTES:
            message = (
                f"{len(content):,} bytes are too many for {path!r}; {MAX_FILE_BYTES:,} are allowed"
            )
            raise ToolRetry(message)
        name = _relative(path)
        if name == ".":
            message = "a file needs a name"
            raise ToolRetry(message)
        with (
            _refusals(path),
            beneath.root(self.root) as directory,
            beneath.parent(directory, name, create=0o700) as (within, last),
        ):
            _replace(within, last, content, path, file_beginning(self.root))

    def exists(self, path: str) -> bool:
        """Return whether ``path`` is a regular file or a directory, reached without links."""
        return self._is(path, lambda mode: stat.S_ISREG(mode) or stat.S_ISDIR(mode))

    def is_directory(self, path: str) -> bool:
        """Return whether ``path`` is a directory, reached without links."""
        return self._is(path, stat.S_ISDIR)

    def list(self, path: str = ".") -> Listing:
        """Return the names in a directory; ``/`` follows a directory's, ``@`` a link's."""
        with _refusals(path), beneath.root(self.root) as directory:
            names = _names(directory, _relative(path))
        shown = (name + _MARKS.get(kind, "") for name, kind in names[:MAX_ENTRIES])
        return Listing(paths=tuple(shown), cut=len(names) > MAX_ENTRIES)

    def walk(self, path: str = ".") -> Listing:
        """Return the regular files beneath ``path``, with their whole paths."""
        with _refusals(path), beneath.root(self.root) as directory:
            return _files(directory, _relative(path))

    def glob(self, pattern: str) -> Listing:
        """Return the files that match; ``**`` stands for any number of directories."""
        wanted = _relative(pattern).split("/")
        if len(wanted) > MAX_DEPTH:
            message = f"the pattern has more than {MAX_DEPTH} parts"
            raise ToolRetry(message)
        walked = self.walk()
        matching = (it for it in walked.paths if _matches(it.split("/"), wanted))
        return walked.evolve(paths=tuple(matching))

    def _is(self, path: str, wanted: Callable[[int], bool]) -> bool:
        try:
            name = _relative(path)
            with beneath.root(self.root) as directory:
                descriptor = beneath.open_at(directory, name, os.O_RDONLY)
        except (OSError, ToolRetry):
            return False
        try:
            return wanted(os.fstat(descriptor).st_mode)
        finally:
            os.close(descriptor)


_MARKS = {"directory": "/", "link": "@"}
_REASONS = {
    errno.ENOENT: "does not exist; list the directory to see what does",
    errno.ENOTDIR: "goes through something that is not a directory",
    errno.EISDIR: "is a directory",
    errno.ELOOP: "is or goes through a symbolic link, which is not followed",
    errno.EXDEV: "leaves the worktree",
    errno.EACCES: "may not be opened",
    errno.ENAMETOOLONG: "is too long a name",
    errno.ENXIO: "is not a regular file",
    errno.ENOSPC: "cannot be written: the disk is full",
}


@contextmanager
def _refusals(path: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"cannot be used: {error.strerror}")
        message = f"{path!r} {reason}"
        raise ToolRetry(message) from None


def _relative(path: str) -> str:
    """Return ``path`` without empty parts and dots."""
    if "\0" in path or re.search("[\ud800-\udfff]", path):
        _refuse(path, "is not a path")
    if path.startswith(("/", "~")):
        _refuse(path, "is not relative to the worktree; write it as `src/app.py`")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if ".." in parts:
        _refuse(path, "leaves the worktree")
    return "/".join(parts) or "."


def _refuse(path: str, reason: str) -> NoReturn:
    message = f"{path!r} {reason}"
    raise ToolRetry(message)


def _check_regular(status: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        _refuse(path, "is a directory")
    if not stat.S_ISREG(status.st_mode):
        _refuse(path, "is not a regular file")
    if status.st_nlink > 1:
        _refuse(path, "has more than one hard link, so it may be a file outside the worktree")


def _replace(directory: int, name: str, content: bytes, path: str, begun: Path) -> None:
    mode = 0o600
    with suppress(FileNotFoundError):
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            _refuse(path, "is a symbolic link, which is not followed")
        _check_regular(status, path)
        mode = stat.S_IMODE(status.st_mode) & 0o777
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(begun, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(descriptor, mode)
        os.rename(begun, name, dst_dir_fd=directory)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


def _names(root: int, path: str) -> list[tuple[str, str]]:
    """Return the names in a directory with their kinds, sorted, one more than the bound."""
    descriptor = beneath.open_at(root, path, os.O_RDONLY | os.O_DIRECTORY)
    found: list[tuple[str, str]] = []
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                found.append((shown_path(entry.name), _kind(entry)))
                if len(found) > MAX_ENTRIES:
                    break
    finally:
        os.close(descriptor)
    return sorted(found)


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "directory"
    return "file" if entry.is_file(follow_symlinks=False) else "special"


def _files(root: int, path: str) -> Listing:
    found: list[str] = []
    n_seen, cut = 0, False
    waiting = [path]
    while waiting and not cut:
        directory = waiting.pop()
        prefix = "" if directory == "." else f"{directory}/"
        try:
            names = _names(root, directory)
        except OSError:
            if directory == path:
                raise
            continue  # It went away meanwhile, or its name is not UTF-8.
        n_seen += len(names)
        cut = n_seen > MAX_ENTRIES
        found += [prefix + name for name, kind in names if kind == "file"]
        if prefix.count("/") < MAX_DEPTH:
            below = (name for name, kind in names if kind == "directory" and name not in SKIPPED)
            waiting += [prefix + name for name in below]
    return Listing(paths=tuple(sorted(found)), cut=cut)


def _matches(names: list[str], wanted: list[str]) -> bool:
    """Return whether the names of a path match a pattern's, in time linear in both."""
    reached = {0}
    for name in names:
        reached = _past_stars(reached, wanted)
        reached = {
            at if wanted[at] == "**" else at + 1
            for at in reached
            if at < len(wanted) and (wanted[at] == "**" or fnmatchcase(name, wanted[at]))
        }
    return len(wanted) in _past_stars(reached, wanted)


def _past_stars(reached: set[int], wanted: list[str]) -> set[int]:
    more = set(reached)
    for at in range(len(wanted)):
        if at in more and wanted[at] == "**":
            more.add(at + 1)
    return more
