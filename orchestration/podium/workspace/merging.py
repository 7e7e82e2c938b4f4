"""Bring a run's branch into the user's branch, at a human's command.

The merge commit is made in the private repository, where a conflict touches
nothing, and checked against the user's files there; what happens in the user's
repository is one fast-forward, which git does wholly or not at all.  A command
that is given again after a crash finds the job's merge commit in the branch.

Hooks do not run for it.  They are the user's own, but a hooks directory is often
inside the tree (`core.hooksPath`), and then the merge itself would bring the
program that runs; the gates have judged the content already.  The user's filters
run, as on each checkout: only their own configuration names them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from podium.domain.base import Commit, JobId, RunId
from podium.errors import UserError
from podium.workspace import users_repository
from podium.workspace.git import ChangedFile, Conflict, Repository, job_ref
from podium.workspace.git_command import GitError, run_git

_IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_N_SHOWN = 10
_TRIES = 3


class MergeRefused(UserError):
    """The merge would touch what the user has not committed, or does not fit; nothing changed."""


async def merge_into(
    workspace: Path,
    repository: Repository,
    run: RunId,
    head: Commit,
    *,
    message: str,
    job: JobId,
    unsaved: Sequence[str],
) -> Commit:
    """Merge ``head`` into what the user has checked out, a branch or a detached HEAD.

    Args:
        workspace: The root of the user's repository.
        repository: The private one, which has ``head``.
        run: The run, for messages.
        head: The commit that was judged and shown.
        message: The merge commit's.
        job: Its id; the same job merges once.
        unsaved: Paths with unsaved text in an editor, relative to the root.

    Returns:
        The merge commit, or the user's HEAD if it holds ``head`` already.

    Raises:
        MergeRefused: See there; the message lists the paths.
        GitError: Git failed for another reason, a lock file for example.
    """
    for _ in range(_TRIES):
        users = await users_repository.describe(workspace)
        _refuse_in_progress(users.git_directory)
        base = await repository.fetch_base()
        done = await repository.commit_of(job)
        for known in (done, head):
            if known is not None and await repository.is_ancestor(known, base):
                return known if known == done else base
        merged = await repository.merge(base, head, message=message, job=job)
        if isinstance(merged, Conflict):
            message = (
                f"run {run!r} conflicts with newer commits of yours in {_listed(merged.paths)}"
            )
            raise MergeRefused(message + "; ask for the run to be redone on them, or merge by hand")
        changes = await repository.changed_files(base, merged)
        await _refuse_touching(workspace, changes, unsaved)
        if await _fast_forward(workspace, repository, merged, base, job):
            return merged
    message = f"HEAD of {workspace} keeps moving; merge again when nothing else commits"
    raise MergeRefused(message)


def _refuse_in_progress(git_directory: Path) -> None:
    for name, what in _IN_PROGRESS.items():
        if (git_directory / name).exists():
            message = f"{what} is in progress in your repository; finish or abort it, then merge"
            raise MergeRefused(message)


async def _refuse_touching(
    workspace: Path, changes: Sequence[ChangedFile], unsaved: Iterable[str]
) -> None:
    touched = {it.path for it in changes}
    if both := touched & set(unsaved):
        message = f"unsaved text in {_listed(both)}; save or undo it, commit, then merge"
        raise MergeRefused(message)
    if both := touched & await _dirty(workspace):
        message = f"uncommitted changes in {_listed(both)}; commit or stash them, then merge"
        raise MergeRefused(message)
    # Git itself would overwrite such a file without a word if it is an ignored one.
    in_the_way = {
        it.path for it in changes if it.status == "added" and _occupied(workspace, it.path)
    }
    if in_the_way:
        message = f"files that git does not track would be overwritten: {_listed(in_the_way)}"
        raise MergeRefused(message + "; move them away, then merge")


async def _dirty(workspace: Path) -> set[str]:
    """Return the tracked files that differ from HEAD in the index or on disk."""
    ran = await run_git(
        *("status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all"),
        "--no-renames",
        cwd=workspace,
    )
    return {field[3:] for field in ran.fields}


def _occupied(workspace: Path, path: str) -> bool:
    """Return whether anything is at ``path``, or a file where it needs a directory."""
    place = workspace / path
    if place.is_symlink() or place.exists():
        return True
    for directory in place.parents:
        if directory == workspace:
            return False
        if directory.is_symlink() or directory.is_file():
            return True
    return False


async def _fast_forward(
    workspace: Path, repository: Repository, merged: Commit, base: Commit, job: JobId
) -> bool:
    """Move the user's HEAD and files from ``base`` to ``merged``; `False` if HEAD moved."""
    await run_git(
        *("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
        *(str(repository.directory), job_ref(job)),
        cwd=workspace,
        umask=repository.umask,
    )
    try:
        await run_git(
            *("-c", "merge.autoStash=false", "-c", "merge.verifySignatures=false"),
            *("merge", "-q", "--ff-only", "--no-stat", merged),
            cwd=workspace,
            environment={"GIT_REFLOG_ACTION": "podium merge"},
            umask=repository.umask,
        )
    except GitError:
        if await users_repository.head_of(workspace) != base:
            return False
        raise
    return True


def _listed(paths: Iterable[str]) -> str:
    names = sorted(paths)
    more = f" and {len(names) - _N_SHOWN} more" if len(names) > _N_SHOWN else ""
    return ", ".join(names[:_N_SHOWN]) + more
