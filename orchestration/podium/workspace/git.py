"""The private repository: agents' worktrees, runs' branches, merges without a worktree.

It is a bare repository in the state directory.  Agents never see it: their
worktrees hold no ``.git``, their index files are kept here, and every command
names both (`--git-dir`, `--work-tree`).  It has no hooks, no filters and none of
the user's configuration, so nothing that an agent writes chooses a program that
the host then runs.

A job that commits leaves ``refs/podium/jobs/<hash of its id>``, and its id as the
trailer ``Podium-Job``: done again, it finds its commit instead of making another.
"""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from podium.domain.base import Commit, Frozen, JobId, RunId, TreeHash
from podium.text.plain import block, shown_path
from podium.workspace import hostile, users_repository
from podium.workspace.begun import beginning, beginnings, place_name
from podium.workspace.git_command import ISOLATED, GitError, check_version, run_git
from podium.workspace.history import ChangedFile, History
from podium.workspace.removal import remove_tree
from podium.workspace.users_repository import CheckedOut

DIRECTORY = "repository.git"
TRAILER = "Podium-Job"
BRANCHES = "refs/heads/podium/"
JOBS = "refs/podium/jobs/"
__all__ = ["BranchMovedError", "ChangedFile", "Conflict", "Repository", "branch_of", "job_ref"]

_COMMITTER = {"GIT_COMMITTER_NAME": "Podium", "GIT_COMMITTER_EMAIL": "podium@localhost"}
INDEXES = "indexes"
_KINDS = ("worktrees", "checkouts")
_EXCLUDED = "__pycache__/\n*.pyc\n.DS_Store\n"


class BranchMovedError(GitError):
    """A run's branch is not where it was expected; what was judged must be judged again."""


class Conflict(Frozen):
    """A merge that git could not make, and the files where."""

    paths: tuple[str, ...]


class Repository(History):
    """A workspace's private repository. Make one with `open`."""

    def __init__(
        self, workspace: Path, state: Path, author: Mapping[str, str], *, umask: int
    ) -> None:
        super().__init__(state / DIRECTORY)
        self.workspace = workspace
        self.umask = umask
        self.notices: tuple[str, ...] = ()
        self._state = state
        self._author = dict(author)
        self._fetching = asyncio.Lock()

    @classmethod
    async def open(cls, workspace: Path, state: Path, *, umask: int) -> "Repository":
        """Return the private repository of ``workspace``, created in ``state`` on first use.

        Args:
            workspace: The root of the user's repository.
            state: The engine's directory.
            umask: The user's, for what is written into their repository.

        Raises:
            GitError: ``workspace`` is not the root of a repository with a commit, or git is
                missing or too old; the message says which and what to do.
        """
        await check_version(state)
        users = await users_repository.describe(workspace)
        repository = cls(workspace, state, users.author, umask=umask)
        if not repository.directory.exists():
            await repository._initialise(users.object_format)
        (repository.directory / "info" / "exclude").write_text(_EXCLUDED + users.excluded)
        if users.has_submodules:
            repository.notices = (
                "submodules are left alone: agents see them as empty directories",
            )
        return repository

    async def fetch_base(self) -> Commit:
        """Fetch and return the commit that the user has checked out."""
        # `open` has checked that the user's own git accepts the owner of this repository.
        upload_pack = "git -c safe.directory=* upload-pack"
        ref = "refs/podium/base"
        async with self._fetching:
            await self.git(
                *("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--update-shallow"),
                *("--no-recurse-submodules", f"--upload-pack={upload_pack}"),
                *(str(self.workspace), f"+HEAD:{ref}"),
            )
            return Commit((await self.git("rev-parse", "--verify", ref)).line)

    async def fetch_checked_out(self) -> CheckedOut:
        """Fetch what the user has checked out, and return its branch and commit."""
        while True:
            now = await users_repository.checked_out(self.workspace)
            if await self.fetch_base() == now.commit:
                return now

    async def worktree(self, name: str, commit: Commit) -> Path:
        """Return the worktree ``name``, made at ``commit`` unless it exists.

        An existing one is kept with its uncommitted work, whatever it started from.
        """
        directory = self._state / "worktrees" / name
        if not (directory.is_dir() and self._index(directory).exists()):
            await self._check_out(directory, commit)
        return directory

    async def clean_checkout(self, name: str, commit: Commit) -> Path:
        """Return a checkout of exactly ``commit``; whatever a command left there is removed."""
        directory = self.checkout_of(name)
        # Made afresh: what ran there may have changed files without the index knowing.
        await self._check_out(directory, commit)
        return directory

    def checkout_of(self, name: str) -> Path:
        """Return where `clean_checkout` puts ``name``."""
        return self._state / "checkouts" / name

    async def remove(self, name: str) -> None:
        """Remove the worktree and the checkout ``name``, if they exist."""
        for kind in _KINDS:
            directory = self._state / kind / name
            for path in (directory, *beginnings(directory)):
                await asyncio.to_thread(remove_tree, path)
            self._remove_index(directory)

    def places(self) -> frozenset[str]:
        """Return the names of all worktrees and checkouts, half made ones included."""
        found = (it for kind in _KINDS for it in (self._state / kind).glob("*"))
        return frozenset(place_name(it.name) for it in found)

    def indexes(self) -> tuple[Path, ...]:
        """Return the index files of all worktrees and checkouts."""
        return tuple(it for it in (self._state / INDEXES).glob("*") if it.suffix != ".lock")

    async def tree_of_index(self, index: Path) -> TreeHash:
        """Return what an index file says as a tree."""
        written = await self.git("write-tree", environment={"GIT_INDEX_FILE": str(index)})
        return TreeHash(written.line)

    async def commit_all(
        self, worktree: Path, *, parent: Commit, message: str, job: JobId
    ) -> Commit:
        """Commit a worktree's whole content on ``parent``; ``parent`` if nothing differs.

        Ignored files stay out.  A commit that the job made of the same content is returned again.

        Raises:
            hostile.UncommittableError: It holds a nested repository, a link that leads out,
                a path too long, a name that cannot be shown, or what git does not take; nothing
                was committed.
        """
        await asyncio.to_thread(hostile.refuse_places, worktree)
        index = self._index(worktree)
        try:
            await self.git(
                *(f"--work-tree={worktree}", "add", "--all", "--", "."),
                cwd=worktree,
                environment={"GIT_INDEX_FILE": str(index)},
            )
        except GitError as error:
            hostile.refuse_what_git_refused(str(error))
            raise
        tree = await self.tree_of_index(index)
        await self._check_difference(parent, tree)
        if tree == await self.tree_of(parent):
            return parent
        done = await self.commit_of(job)
        if done is not None and await self._says(done, tree, parent):
            return done
        return await self._commit(tree, (parent,), message, job)

    async def merge(
        self, onto: Commit, commit: Commit, *, message: str, job: JobId
    ) -> Commit | Conflict:
        """Merge ``commit`` onto ``onto`` and return the merge, or where it conflicts.

        No branch moves.  ``onto`` itself is returned if it holds ``commit`` already; a
        merge that the job made on the same two commits is returned again.
        """
        done = await self.commit_of(job)
        if done is not None and await self.parents(done) == (onto, commit):
            return done
        if await self.is_ancestor(commit, onto):
            return onto
        merged = await self.git(
            *("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, commit),
            accept=(0, 1),
        )
        tree, *paths = merged.fields
        if merged.status == 1:
            return Conflict(paths=tuple(dict.fromkeys(map(shown_path, paths))))
        return await self._commit(TreeHash(tree), (onto, commit), message, job)

    async def move_branch(self, run: RunId, to: Commit, expected: Commit | None) -> None:
        """Move a run's branch from ``expected`` (`None`: it does not exist) to ``to``.

        Raises:
            BranchMovedError: It is elsewhere, and not at ``to`` already.
        """
        if await self.branch_head(run) == to:
            return
        old = expected or "0" * len(to)
        try:
            await self.git("update-ref", branch_of(run), to, old)
        except GitError as error:
            message = f"the branch of run {run!r} is no longer at {expected}"
            raise BranchMovedError(message) from error

    async def branch_head(self, run: RunId) -> Commit | None:
        """Return where a run's branch is, or `None` if it was never moved."""
        return await self.resolve(branch_of(run))

    async def commit_of(self, job: JobId) -> Commit | None:
        """Return the commit that ``job`` made, if it made one."""
        return await self.resolve(job_ref(job))

    async def _says(self, commit: Commit, tree: TreeHash, parent: Commit) -> bool:
        """Whether a commit is what would be made now; a reference alone proves nothing."""
        return await self.tree_of(commit) == tree and await self.parents(commit) == (parent,)

    async def _initialise(self, object_format: str) -> None:
        fresh = (
            self._state / ".repository.git.new"
        )  # Renamed when complete: a crash leaves nothing half made.
        await asyncio.to_thread(remove_tree, fresh)
        await run_git(
            *(
                "init",
                "-q",
                "--bare",
                "--template=",
                f"--object-format={object_format}",
                str(fresh),
            ),
            cwd=self._state,
            environment=ISOLATED,
        )
        (fresh / "info").mkdir()
        for key in ("core.protectNTFS", "core.protectHFS"):  # `.GIT` and the like are rejected.
            await run_git(
                *(f"--git-dir={fresh}", "config", key, "true"),
                cwd=self._state,
                environment=ISOLATED,
            )
        fresh.rename(self.directory)

    async def _check_out(self, directory: Path, commit: Commit) -> None:
        """Make ``directory`` afresh; it appears whole or not at all."""
        fresh = beginning(directory)
        index = self._index(directory)
        index.parent.mkdir(parents=True, exist_ok=True)
        for path in (fresh, directory):
            await asyncio.to_thread(remove_tree, path)
        self._remove_index(directory)
        fresh.mkdir(parents=True)
        await self.git(
            *("-c", "checkout.workers=2", f"--work-tree={fresh}"),
            *("read-tree", "-m", "-u", commit),
            cwd=fresh,
            environment={"GIT_INDEX_FILE": str(index)},
        )
        fresh.rename(directory)

    async def _check_difference(self, parent: Commit, tree: TreeHash) -> None:
        ran = await self.git("diff-tree", "-r", "-z", "--no-renames", "--raw", parent, tree)
        added: list[str] = []
        for about, path in zip(ran.fields[::2], ran.fields[1::2], strict=True):
            hostile.refuse_name(path)
            _old, mode, _, blob, status = about.removeprefix(":").split()
            if mode == hostile.SUBMODULE:
                message = f"{path!r} is a nested git repository, which is not committed; remove it"
                raise hostile.UncommittableError(message)
            if mode == hostile.LINK:
                target = (await self.git("cat-file", "blob", blob, max_bytes=4096)).output
                hostile.refuse_link(path, os.fsdecode(target))
            if status == "A":
                hostile.refuse_control_characters(path)
                added.append(path)
        hostile.refuse_embedded(added)

    async def _commit(
        self, tree: TreeHash, parents: tuple[Commit, ...], message: str, job: JobId
    ) -> Commit:
        # `git log` hands what is not printable to the terminal.
        lines = (it.rstrip() for it in block(message).split("\n"))
        # A message is an agent's: a trailer of ours inside it would be a forgery.
        own = (it for it in lines if not it.lower().startswith("podium-"))
        text = "\n".join(own).strip() + f"\n\n{TRAILER}: {job}\n"
        asked = [word for parent in parents for word in ("-p", parent)]
        made = await self.git(
            *("commit-tree", *asked, "-F", "-", tree),
            text=text.encode(),
            environment=_COMMITTER | self._author,
        )
        commit = Commit(made.line)
        await self.git("update-ref", job_ref(job), commit)
        return commit

    def _index(self, directory: Path) -> Path:
        return self._state / INDEXES / f"{directory.parent.name}-{directory.name}"

    def _remove_index(self, directory: Path) -> None:
        index = self._index(directory)
        for path in (index, index.with_name(f"{index.name}.lock")):  # A killed git leaves both.
            path.unlink(missing_ok=True)


def branch_of(run: RunId) -> str:
    """Return the name of a run's branch."""
    return BRANCHES + quote(run, safe="").replace(".", "%2E")


def job_ref(job: JobId) -> str:
    """Return the name of the reference to a job's commit."""
    return JOBS + hashlib.sha256(job.encode()).hexdigest()[:32]
