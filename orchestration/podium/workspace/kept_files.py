"""The user's files that a merge replaces, kept under a second name until it is made.

Git writes a new file instead of changing the old one, so a hard link keeps the old one to
the byte.  The directories on the way to it are kept with their modes, because git removes one
that has become empty.  A file is given back if it is missing, or is what the merge brings or the
beginning of that, while the user's index has what was there before.  Any other is the user's.
"""

import asyncio
import os
import shutil
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from podium.domain.base import Commit
from podium.workspace.git import Repository
from podium.workspace.git_command import run_git
from podium.workspace.hostile import LINK, SUBMODULE
from podium.workspace.removal import remove_tree

_NOTHING: Final = "000000"


class _Entry(NamedTuple):
    """What a tree or an index has at a path."""

    mode: str
    blob: str


class _Change(NamedTuple):
    """What the merge changes at one path; None where nothing is."""

    path: str
    old: _Entry | None
    new: _Entry | None


class KeptFiles:
    """Those that differ between two commits, kept in ``directory``."""

    def __init__(self, workspace: Path, directory: Path, repository: Repository) -> None:
        self._workspace = workspace
        self._directory = directory
        self._repository = repository

    async def keep(self, base: Commit, merged: Commit) -> None:
        """Give a second name to the files that git will replace or remove."""
        for it in await self._changes(base, merged):
            place, kept = self._workspace / it.path, self._directory / it.path
            _make_directories(self._directory, it.path, like=self._workspace)
            if it.old is None or not _is_there(place):  # A sparse checkout lacks some.
                continue
            try:
                os.link(place, kept, follow_symlinks=False)
            except OSError:  # Another file system, or somebody else's file.
                shutil.copy2(place, kept, follow_symlinks=False)

    async def give_back(self, base: Commit, merged: Commit) -> None:
        """Put them back, and remove what the merge has added."""
        if not self._directory.is_dir():
            return  # Git has not written anything yet.
        index = await self._index()
        for it in await self._changes(base, merged):
            place = self._workspace / it.path
            if index.get(it.path) != it.old or not _is_reachable(self._workspace, place):
                continue
            if await self._is_replaced(it):
                place.unlink(missing_ok=True)
                if it.old is not None:
                    _make_directories(self._workspace, it.path, like=self._directory)
                    shutil.move(self._directory / it.path, place)
            if it.old is None:
                self._remove_new(place.parent)

    async def forget(self) -> None:
        """Remove the second names."""
        await asyncio.to_thread(remove_tree, self._directory)

    async def _changes(self, base: Commit, merged: Commit) -> list[_Change]:
        """Return what differs, added files first: one may be where a directory was."""
        ran = await self._repository.git(
            "diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", "--raw", base, merged
        )
        changes: list[_Change] = []
        for about, path in zip(ran.fields[::2], ran.fields[1::2], strict=True):
            old_mode, new_mode, old, new, _status = about.removeprefix(":").split()
            if SUBMODULE not in {old_mode, new_mode}:
                changes.append(_Change(path, _entry(old_mode, old), _entry(new_mode, new)))
        return sorted(changes, key=lambda it: it.old is not None)

    async def _index(self) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        for line in (await run_git("ls-files", "--stage", "-z", cwd=self._workspace)).fields:
            about, _, path = line.partition("\t")
            mode, blob, _stage = about.split()
            found[path] = _Entry(mode, blob)
        return found

    async def _is_replaced(self, change: _Change) -> bool:
        """Return whether what is on disk was left there by a merge on its way."""
        place, kept = self._workspace / change.path, self._directory / change.path
        if not _is_there(place):
            return _is_there(kept)
        if _is_there(kept) and os.path.samestat(place.lstat(), kept.lstat()):
            return False
        if change.new is None or (change.old is not None and not _is_there(kept)):
            return False
        is_link = place.is_symlink()
        if (change.new.mode == LINK) != is_link or not (is_link or place.is_file()):
            return False
        how = ("-p",) if is_link else ("--filters", f"--path={change.path}")
        brought = await run_git("cat-file", *how, change.new.blob, cwd=self._workspace)
        return brought.output.startswith(_content(place))

    def _remove_new(self, directory: Path) -> None:
        """Remove empty directories, up to the first that was there before the merge."""
        with suppress(OSError):
            while not (self._directory / directory.relative_to(self._workspace)).is_dir():
                if _is_there(directory):
                    directory.rmdir()
                directory = directory.parent


def _entry(mode: str, blob: str) -> _Entry | None:
    return None if mode == _NOTHING else _Entry(mode, blob)


def _content(place: Path) -> bytes:
    return os.fsencode(place.readlink()) if place.is_symlink() else place.read_bytes()


def _is_there(place: Path) -> bool:
    return os.path.lexists(place)


def _make_directories(root: Path, path: str, *, like: Path) -> None:
    """Make the directories on the way to ``path`` that ``like`` has, with their modes."""
    for it in reversed(PurePath(path).parents):
        if (like / it).is_symlink() or not (like / it).is_dir():
            return
        if not (root / it).is_dir():
            (root / it).mkdir()
            shutil.copymode(like / it, root / it)


def _is_reachable(workspace: Path, place: Path) -> bool:
    """Return whether only directories lead to ``place``, as far as they exist."""
    parents = place.parents[: len(place.parents) - len(workspace.parents) - 1]
    return all(it.is_dir() and not it.is_symlink() for it in parents if _is_there(it))
