"""Plan documents on disk: `.podium/plans/*.md`, in a repository that may be hostile.

No path component is followed through a symbolic link, names are checked before they mean
anything, and a document is replaced as a whole or not at all.
"""

import errno
import os
import re
import secrets
import stat
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, TypeAlias

from podium.domain.base import PlanId
from podium.errors import UserError
from podium.workspace import beneath
from podium.workspace.state import workspace_hash

FOLDER: Final = ".podium/plans"
MAX_BYTES: Final = 4_000_000
MAX_FILES: Final = 5_000
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""What a plan may be called: it becomes part of branch names, job ids and file names."""

Stamp: TypeAlias = tuple[int, int, int]
"""Inode, time of change and size: differs when a file was written."""


class PlanFileError(UserError):
    """A plan document cannot be read or written; nothing of it was changed."""


class Scan(NamedTuple):
    """The plan documents that are there, and the names of files that cannot be plans."""

    stamps: dict[PlanId, Stamp]
    unusable: tuple[str, ...]


def path_of(plan: PlanId) -> str:
    """Return a plan document's path, relative to the workspace."""
    return f"{FOLDER}/{plan}.md"


def plan_of(path: str) -> PlanId:
    """Return which plan a path, relative to the workspace, is the document of.

    Raises:
        PlanFileError: None.
    """
    folder, _, name = path.removeprefix("./").rpartition("/")
    stem = name.removesuffix(".md")
    if folder != FOLDER or stem == name or not SAFE_NAME.fullmatch(stem):
        message = (
            f"{path!r} cannot be a plan document: call it {FOLDER}/NAME.md, "
            "with a NAME of at most 64 letters a-z, digits, '-' and '_'"
        )
        raise PlanFileError(message)
    return PlanId(stem)


class PlanFiles:
    """The plan documents of one workspace.

    Args:
        workspace: The root of the user's repository.
        umask: The user's, for new files and folders; who only reads needs none.
    """

    def __init__(self, workspace: Path, umask: int = 0o077) -> None:
        self._workspace = workspace
        self._umask = umask
        # A name that nobody else uses, not even an author of the repository who knows Podium.
        self._begun = f".podium-{workspace_hash(workspace)}-"

    def scan(self) -> Scan:
        """Return what is in the folder now; nothing when there is no folder."""
        stamps: dict[PlanId, Stamp] = {}
        unusable: list[str] = []
        for name in self._names():
            if name.startswith(".") or not name.endswith(".md"):
                continue
            try:
                plan = plan_of(f"{FOLDER}/{name}")
            except PlanFileError:
                unusable.append(name)
                continue
            found = self._stamp(plan)
            if found is not None:
                stamps[plan] = found
        return Scan(stamps, tuple(sorted(unusable)))

    def read(self, plan: PlanId) -> str | None:
        """Return a document's text with its line ends as they are, None when there is none.

        Raises:
            PlanFileError: It is not a readable text file of at most `MAX_BYTES`.
        """
        with _failures(plan), self._root() as root:
            try:
                descriptor = beneath.open_at(root, path_of(plan), os.O_RDONLY)
            except FileNotFoundError:
                return None
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                _refuse(plan, "is not a regular file; remove it")
            with os.fdopen(descriptor, "rb") as file:
                content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            _refuse(plan, f"is larger than {MAX_BYTES:,} bytes; break it down into several plans")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            _refuse(plan, f"is not UTF-8 in line {line}; save it as UTF-8")

    def write(self, plan: PlanId, text: str, *, before: str | None) -> bool:
        """Replace a document, or make it; other readers see the old text or the new.

        Returns:
            False if the file no longer says ``before``, and nothing was written.

        Raises:
            PlanFileError: It cannot be written; the old text is still there.
        """
        with (
            _failures(plan),
            self._root() as root,
            beneath.parent(root, path_of(plan), create=0o777 & ~self._umask) as (folder, name),
        ):
            mode = _mode(folder, name, plan)
            temporary = f"{self._begun}{secrets.token_hex(8)}"
            _write_temporary(folder, temporary, text.encode(), mode, 0o666 & ~self._umask)
            try:
                if self.read(plan) != before:
                    return False
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
                temporary = ""
                os.fsync(folder)
            finally:
                if temporary:
                    os.unlink(temporary, dir_fd=folder)
        return True

    def sweep(self) -> None:
        """Remove what a crash left of documents that were being written; nothing else is."""
        left = [it for it in self._names() if it.startswith(self._begun)]
        with (
            suppress(OSError),
            self._root() as root,
            beneath.parent(root, f"{FOLDER}/", create=None) as (folder, _),
        ):
            for name in left:
                os.unlink(name, dir_fd=folder)

    def _names(self) -> list[str]:
        try:
            with self._root() as root:
                folder = beneath.open_at(root, FOLDER, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    with os.scandir(folder) as entries:
                        return [it.name for it in islice(entries, MAX_FILES)]
                finally:
                    os.close(folder)
        except OSError:
            return []  # There is none, or it is a link, which is as good as none.

    def _stamp(self, plan: PlanId) -> Stamp | None:
        try:
            found = (self._workspace / path_of(plan)).lstat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _root(self) -> AbstractContextManager[int]:
        return beneath.root(self._workspace.resolve())


@contextmanager
def _failures(plan: PlanId) -> Generator[None]:
    """Raise the system's complaint with the file's name and what to do."""
    try:
        yield
    except UnicodeEncodeError:
        _refuse(plan, "cannot hold half a character (a lone surrogate); take it out of the text")
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EXDEV, errno.ENOTDIR}:
            _refuse(plan, "is or goes through a symbolic link, which Podium does not follow")
        if error.errno == errno.ENOSPC:
            _refuse(plan, "cannot be written: the disk is full; make space and try again")
        _refuse(plan, f"cannot be used: {error.strerror}; check its owner and mode")


def _refuse(plan: PlanId, reason: str) -> NoReturn:
    message = f"{path_of(plan)!r} {reason}"
    raise PlanFileError(message)


def _mode(folder: int, name: str, plan: PlanId) -> int | None:
    """Return the mode of the file that is there, None when there is none."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        _refuse(plan, "is not a regular file; remove it")
    return stat.S_IMODE(found.st_mode) & 0o777


def _write_temporary(folder: int, name: str, content: bytes, mode: int | None, new: int) -> None:
    """Write ``content`` durably beside its place.

    It gets exactly ``mode``, or without one at least ``new``, as a new file does.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, new if mode is None else 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if mode is None:
                beneath.grant(descriptor, new)
            else:
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)
        raise
