"""Bring a run's branch into the user's branch, at a human's command.

The merge commit is made in the private repository, where a conflict touches
nothing, and checked against the user's files there; what happens in the user's
repository is one fast-forward, wholly or not at all (`landing`).  A tree that nobody
has judged does not arrive: it is handed back to be judged first.  A command
that is given again after a crash finds its merge commit in the branch.

Hooks do not run for it.  They are the user's own, but a hooks directory is often
inside the tree (`core.hooksPath`), and then the merge itself would bring the
program that runs; the gates have judged the content already.  The user's filters
run, as on each checkout: only their own configuration names them.
"""

import asyncio
import os
import shlex
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from pathlib import Path, PurePath
from typing import TypeAlias

from podium.domain.base import Commit
from podium.domain.effect import MergeRun
from podium.domain.run import Candidate
from podium.errors import UserError
from podium.workspace import landing, users_repository
from podium.workspace.descent import folders
from podium.workspace.git import ChangedFile, Conflict, Repository
from podium.workspace.git_command import run_git
from podium.workspace.users_repository import CheckedOut

_IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_N_SHOWN = 10
_TRIES = 3
_BRANCHES = "refs/heads/"

Unsaved: TypeAlias = Callable[[], Awaitable[Collection[str]]]
"""Asks the editors which files have unsaved text now; raises `CannotMerge` if they do not say."""


class CannotMerge(UserError):
    """The merge would touch what the user has not committed, or does not fit; nothing changed."""


async def merge_into(
    workspace: Path, repository: Repository, spec: MergeRun, unsaved: Unsaved
) -> Commit | Candidate:
    """Merge a run into the branch that it started on, which must be checked out.

    A run that started on a detached HEAD merges into a detached HEAD.

    Args:
        workspace: The root of the user's repository.
        repository: The private one, which has the run's commits.
        spec: What to merge, and the tree that the gates have passed; the same job merges once.
        unsaved: Asked before the merge is made, and again when nothing else is left to do.

    Returns:
        The merge commit, or the user's own if it holds the run's head already.  A `Candidate`
        if the merge has another tree, because the branch has moved: nothing was changed, and
        it is to be judged.

    Raises:
        MergeRefused: See there; the message says what is in the way, and what to do.
        GitError: Git failed for another reason, a lock file for example; nothing changed.
    """
    users = await users_repository.describe(workspace)
    async with landing.checkout(workspace, users.git_directory, repository) as checkout:
        for _ in range(_TRIES):
            _refuse_in_progress(users.git_directory)
            known = await _known(workspace, repository, spec)
            if known is not None:
                return known
            onto = await repository.fetch_checked_out()
            await _refuse_elsewhere(repository, spec, onto)
            candidate = await _candidate(repository, spec, onto.commit)
            changes = await repository.changed_files(onto.commit, candidate.commit)
            await _refuse_touching(workspace, changes, unsaved)
            if candidate.tree != spec.tree:
                return candidate
            if await _to_its_end(_land(workspace, checkout, onto, candidate, changes, unsaved)):
                return candidate.commit
    message = f"HEAD of {workspace} keeps moving; merge again when nothing else commits"
    raise CannotMerge(message)


async def _known(workspace: Path, repository: Repository, spec: MergeRun) -> Commit | None:
    """Return the commit with which the run is in the user's branch already, if it is."""
    tip = spec.branch or "HEAD"
    for merge in (spec.candidate, await repository.commit_of(spec.job)):
        # A merge of something else bears the job's id where a backup of the journal was put back.
        if merge is None or spec.head not in await repository.parents(merge):
            continue
        if await users_repository.holds(workspace, tip, merge):
            return merge
    if await users_repository.holds(workspace, tip, spec.head):
        return Commit((await run_git("rev-parse", f"{tip}^{{commit}}", cwd=workspace)).line)
    return None


async def _refuse_elsewhere(repository: Repository, spec: MergeRun, now: CheckedOut) -> None:
    """Merge only where the run started, and only if what it started from is still there."""
    began, here = _place(spec.branch, spec.base), _place(now.branch, now.commit)
    if now.branch != spec.branch:
        switch = await _switch(repository.workspace, spec)
        message = (
            f"run {spec.run!r} started on {began}, but {here} is checked out; "
            f"`git switch {switch}`, then merge"
        )
        raise CannotMerge(message)
    if not await repository.is_ancestor(spec.base, now.commit):
        message = (
            f"run {spec.run!r} started on {began}, but {here} no longer contains that commit, "
            f"and the merge would bring it back; `git merge {spec.base[:12]}` if you want it, "
            "then merge; or discard the run"
        )
        raise CannotMerge(message)


async def _switch(workspace: Path, spec: MergeRun) -> str:
    """Return what to tell ``git switch``, so that the run can be merged."""
    if not spec.branch:
        return f"--detach {spec.base[:12]}"
    name = shlex.quote(spec.branch.removeprefix(_BRANCHES))
    ran = await run_git("rev-parse", "-q", "--verify", spec.branch, cwd=workspace, accept=(0, 1))
    return name if ran.status == 0 else f"-c {name} {spec.base[:12]}"  # Deleted, or renamed.


async def _candidate(repository: Repository, spec: MergeRun, onto: Commit) -> Candidate:
    """Return the merge with what the user has: the one that was judged, if that is still it."""
    merged: Commit | Conflict
    if spec.candidate is not None and (await repository.parents(spec.candidate))[0] == onto:
        merged = spec.candidate
    else:
        merged = await repository.merge(onto, spec.head, message=spec.title, job=spec.job)
    if isinstance(merged, Conflict):
        paths = _listed(merged.paths)
        message = f"run {spec.run!r} conflicts with newer commits of yours in {paths}"
        raise CannotMerge(message + "; ask for the run to be redone on them, or merge by hand")
    return Candidate(commit=merged, tree=await repository.tree_of(merged), onto=onto)


async def _land(  # noqa: PLR0917  # All that was found out before the lock was taken.
    workspace: Path,
    checkout: landing.Checkout,
    onto: CheckedOut,
    candidate: Candidate,
    changes: Sequence[ChangedFile],
    unsaved: Unsaved,
) -> bool:
    """Fast-forward the user's checkout; `False` if it has moved since it was looked at."""
    with checkout.locked():
        if await users_repository.checked_out(workspace) != onto:
            return False
        await _refuse_touching(workspace, changes, unsaved)
        await checkout.fast_forward(onto.commit, candidate.commit)
    return True


async def _to_its_end(landing: Coroutine[None, None, bool]) -> bool:
    """Return what it returns, even when the caller is cancelled meanwhile.

    A git that is killed in between would leave half a merge, and a merge that was made is told.
    """
    task = asyncio.ensure_future(landing)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None and not task.result():
        raise cancelled
    return task.result()


def _refuse_in_progress(git_directory: Path) -> None:
    for name, what in _IN_PROGRESS.items():
        if (git_directory / name).exists():
            message = f"{what} is in progress in your repository; finish or abort it, then merge"
            raise CannotMerge(message)


async def _refuse_touching(
    workspace: Path, changes: Sequence[ChangedFile], unsaved: Unsaved
) -> None:
    touched = {it.path for it in changes}
    # First: what is saved after that is found on disk.
    if both := touched.intersection(await unsaved()):
        message = f"unsaved text in {_listed(both)}; save or undo it, commit, then merge"
        raise CannotMerge(message)
    if both := touched & await _dirty(workspace):
        message = f"uncommitted changes in {_listed(both)}; commit or stash them, then merge"
        raise CannotMerge(message)
    # Git itself would overwrite such a file without a word if it is an ignored one.
    gone = {it.path for it in changes if it.status == "deleted"}
    in_the_way = {
        it.path for it in changes if it.status == "added" and _occupied(workspace, it.path, gone)
    }
    if in_the_way:
        message = f"files that git does not track would be overwritten: {_listed(in_the_way)}"
        raise CannotMerge(message + "; move them away, then merge")


async def _dirty(workspace: Path) -> set[str]:
    """Return the tracked files that differ from HEAD in the index or on disk."""
    ran = await run_git(
        *("status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all"),
        "--no-renames",
        cwd=workspace,
    )
    return {field[3:] for field in ran.fields}


def _occupied(workspace: Path, path: str, gone: Collection[str]) -> bool:
    """Return whether anything but what the merge removes is where ``path`` goes."""
    for it in reversed(PurePath(path).parents):
        if (workspace / it).is_symlink() or (workspace / it).is_file():
            return str(it) not in gone
    place = workspace / path
    if place.is_symlink() or not place.is_dir():
        return os.path.lexists(place)
    return any(
        f"{path}/{folder.path_of(it)}" not in gone
        for folder in folders(place)
        for it in folder.entries
        if not it.is_dir(follow_symlinks=False)
    )


def _place(branch: str, commit: Commit) -> str:
    """Return a branch and its commit, or the commit alone, in words."""
    if not branch:
        return f"no branch (at {commit[:12]})"
    return f"{branch.removeprefix(_BRANCHES)!r} (at {commit[:12]})"


def _listed(paths: Iterable[str]) -> str:
    names = sorted(paths)
    more = f" and {len(names) - _N_SHOWN} more" if len(names) > _N_SHOWN else ""
    return ", ".join(names[:_N_SHOWN]) + more
