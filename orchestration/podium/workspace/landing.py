"""Move the user's branch, index and files on by one merge: all of them, or none.

``git merge --ff-only`` writes the index and the files first and moves the branch last; where
that fails, or git is killed on the way, the merge is half there.  Here the move of the
branch decides, and all that comes before it can be told and taken back:

1. Git's own ``index.lock`` keeps the user's git out; a word in it says whose it is.
2. ``refs/podium/landing`` of the private repository notes which merge comes.
3. A transaction that is prepared and given up shows that nothing holds the references.
4. The files that differ get a second name (`kept_files`).  Git writes new ones in their places,
   and a copy of the index beside the real one.
5. The branch moves.  What fails before is taken back at once; from here on it is done.
6. The copy becomes the index; what was kept, the note and the lock go.

After a kill or a loss of power the next engine, or the next merge, finds the note, and takes back
or does step 6.
"""

import os
import shutil
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

from podium.domain.base import Commit
from podium.workspace import guard, users_repository
from podium.workspace.git import Repository
from podium.workspace.git_command import GitError, Ran, run_git
from podium.workspace.kept_files import KeptFiles

GUARD: Final = "merging.lock"
"""In the state directory, from the first merge on."""
NOTE: Final = "refs/podium/landing"
_MARK: Final = b"podium is merging here\n"


@asynccontextmanager
async def checkout(
    workspace: Path, git_directory: Path, repository: Repository
) -> AsyncGenerator["Checkout"]:
    """Hold the user's checkout against other merges, after settling what one left half done.

    Args:
        workspace: The root of the user's repository.
        git_directory: Its own, which has the index.
        repository: The private one.

    Raises:
        GitError: Another merge does not end, or what it left cannot be settled now.
    """
    # The git commands that write inherit it, so that one that has outlived its engine still holds.
    with guard.opened(repository.directory.parent / GUARD) as descriptor:
        await guard.take(
            descriptor,
            "git is still working on an earlier merge in your repository; wait for it, or end it",
        )
        held = Checkout(workspace, git_directory, repository, descriptor)
        await held.settle()
        yield held


async def settle(workspace: Path, repository: Repository) -> None:
    """Finish or undo what a killed merge has left in the user's repository, if anything.

    Raises:
        GitError: That cannot be done now.
    """
    users = await users_repository.describe(workspace)
    async with checkout(workspace, users.git_directory, repository):
        pass


class Checkout:
    """What the user has checked out, held. Make one with `checkout`."""

    def __init__(
        self, workspace: Path, git_directory: Path, repository: Repository, descriptor: int
    ) -> None:
        self._workspace = workspace
        self._repository = repository
        self._guard = descriptor
        self._index = git_directory / "index"
        self._lock = git_directory / "index.lock"
        self._copy = git_directory / "index.podium"
        self._kept = KeptFiles(workspace, git_directory / "podium-kept", repository)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Keep the user's git from writing the index, as git itself does.

        Raises:
            GitError: Another git holds it, or has left its lock behind.
        """
        if not self._is_lock_ours():
            self._make_lock()
        try:
            yield
        finally:
            self._lock.unlink(missing_ok=True)

    async def fast_forward(self, base: Commit, merged: Commit) -> None:
        """Move the branch, or the detached HEAD, index and files from ``base`` to ``merged``.

        The index must be `locked`, and no file that differs may hold anything of the user's.

        Raises:
            GitError: It could not be done; everything is as it was.
        """
        await self._repository.git("-c", "core.fsync=all", "update-ref", NOTE, merged)
        try:
            await self._fetch()
            await self._move_references(base, merged, "abort")
            await self._kept.keep(base, merged)
            await self._write_index(base, merged, "-u")
            await self._move_references(base, merged, "commit")
        except (GitError, OSError) as error:
            if await users_repository.head_of(self._workspace) != merged:
                await self._take_back(base, merged)
                await self._forget()
                message = f"the merge could not be written, and nothing was changed: {error}"
                raise GitError(message) from error
        self._copy.replace(self._index)
        await self._forget()

    async def settle(self) -> None:
        """Finish or undo a merge that was killed halfway."""
        merged = await self._repository.resolve(NOTE)
        if merged is None and not self._is_lock_ours():
            return
        with self.locked():
            if merged is not None:
                await self._fetch()
                await self._settle(merged)
            await self._forget()

    async def _settle(self, merged: Commit) -> None:
        base = (await self._repository.parents(merged))[0]
        head = await users_repository.head_of(self._workspace)
        if head == merged:
            with suppress(GitError):  # Where the user has staged otherwise, the index is theirs.
                await self._write_index(base, merged, "-i")
                self._copy.replace(self._index)
        elif not await users_repository.holds(self._workspace, head, merged):
            await self._take_back(base, merged)

    async def _forget(self) -> None:
        for path in (self._copy, self._copy.with_name(f"{self._copy.name}.lock")):
            path.unlink(missing_ok=True)
        await self._kept.forget()
        await self._repository.git("update-ref", "-d", NOTE)

    async def _fetch(self) -> None:
        await self._git(
            *("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
            *(str(self._repository.directory), NOTE),
        )

    async def _move_references(self, base: Commit, merged: Commit, end: str) -> None:
        """Prepare the move of the branch, which takes all its locks, and end with that."""
        lines = (
            "start",
            f"update HEAD {merged} {base}",
            f"update ORIG_HEAD {base}",
            "prepare",
            end,
        )
        text = "".join(f"{it}\n" for it in lines).encode()
        await self._git("update-ref", "-m", "podium merge: Fast-forward", "--stdin", text=text)

    async def _write_index(self, base: Commit, merged: Commit, how: str) -> None:
        """Bring a copy of the index from ``base`` to ``merged``, and with ``-u`` the files."""
        copied = {"GIT_INDEX_FILE": str(self._copy)}
        shutil.copyfile(self._index, self._copy)
        # Files that were only touched count as changed until git has looked.
        refresh = ("update-index", "-q", "--refresh")
        await self._git(*refresh, environment=copied, accept=(0, 1))
        await self._git("read-tree", "-m", how, base, merged, environment=copied)
        shutil.copymode(self._index, self._copy)
        with self._copy.open("rb") as file:
            os.fsync(file.fileno())

    async def _take_back(self, base: Commit, merged: Commit) -> None:
        try:
            await self._kept.give_back(base, merged)
        except (GitError, OSError) as error:
            # The note stays, and what was kept.
            message = (
                f"files of an interrupted merge could not be restored: {error}; "
                "correct that, then merge again to restore them"
            )
            raise GitError(message) from error

    def _make_lock(self) -> None:
        try:
            with self._lock.open("xb", buffering=0) as file:
                file.write(_MARK)
                os.fsync(file.fileno())
        except FileExistsError as error:
            message = (
                f"{str(self._lock)!r} exists: another git is running in your repository, or was "
                "killed there; end it, or remove that file, then merge"
            )
            raise GitError(message) from error
        except OSError as error:
            self._lock.unlink(missing_ok=True)
            message = f"the index of your repository cannot be locked: {error}"
            raise GitError(message) from error

    def _is_lock_ours(self) -> bool:
        try:
            return self._lock.read_bytes() == _MARK
        except OSError:
            return False

    async def _git(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        text: bytes | None = None,
        accept: tuple[int, ...] = (0,),
    ) -> Ran:
        return await run_git(
            *arguments,
            cwd=self._workspace,
            environment=environment,
            text=text,
            accept=accept,
            umask=self._repository.umask,
            inherited=(self._guard,),
        )
