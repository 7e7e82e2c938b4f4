"""A git that is killed leaves its locks, and no later git may trip over them."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from podium.domain.base import JobId, RunId
from podium.workspace import guard, left_locks
from podium.workspace.git import BRANCHES, DIRECTORY, INDEXES, Repository
from podium.workspace.git_command import run_git
from podium.workspace.history import GUARD


async def test_a_cancelled_git_takes_its_locks_away(workspace: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(
        "exec > /dev/null 2>&1\n"  # Whoever holds git's pipes open holds up its end.
        'echo $$ > "$(dirname "$0")/pid.new"\nmv "$(dirname "$0")/pid.new" '
        '"$(dirname "$0")/pid"\nexec sleep 60\n'
    )
    (workspace / "a.txt").write_text("b\n")
    environment = {"GIT_EDITOR": f"exec sh '{editor}'"} | {
        f"GIT_COMMITTER_{it}": "a@example.org" for it in ("NAME", "EMAIL")
    }
    committing = asyncio.create_task(
        run_git("commit", "-a", "--amend", cwd=workspace, environment=environment)
    )
    async with asyncio.timeout(30):
        while not (tmp_path / "pid").exists():  # noqa: ASYNC110  # A process has no other way.
            await asyncio.sleep(0.02)
    try:
        assert (workspace / ".git" / "index.lock").exists()
        committing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await committing
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert not (workspace / ".git" / "index.lock").exists()


async def test_a_checkout_is_made_over_the_lock_of_an_earlier_one(
    repository: Repository, state: Path
) -> None:
    commit = await repository.fetch_base()
    await repository.clean_checkout("r.run.base", commit)
    (index,) = repository.indexes()
    index.with_name(f"{index.name}.lock").touch()
    assert repository.indexes() == (index,)
    checkout = await repository.clean_checkout("r.run.base", commit)
    assert (checkout / "a.txt").read_text() == "a\n"
    (state / INDEXES / f"{index.name}.lock").touch()
    await repository.remove("r.run.base")
    assert not list((state / INDEXES).iterdir())


async def test_the_next_engine_clears_them_once_nothing_is_at_work(
    repository: Repository, state: Path
) -> None:
    commit = await repository.fetch_base()
    worktree = await repository.worktree("r.T1.0", commit)
    branch = repository.directory / f"{BRANCHES}r.lock"
    branch.parent.mkdir(parents=True, exist_ok=True)
    (index,) = repository.indexes()
    locks = [
        branch,
        repository.directory / "packed-refs.lock",
        index.with_name(f"{index.name}.lock"),
    ]
    for it in locks:
        it.touch()
    with guard.shared(state / DIRECTORY / GUARD) as held:
        orphan = await asyncio.create_subprocess_exec("sleep", "60", pass_fds=(held,))
    clearing = asyncio.create_task(left_locks.clear(state))
    try:
        await asyncio.sleep(0.5)
        assert all(it.exists() for it in locks)
    finally:
        orphan.kill()
        await orphan.wait()
    await clearing
    assert not any(it.exists() for it in locks)
    (worktree / "a.txt").write_text("b\n")
    made = await repository.commit_all(
        worktree, parent=commit, message="b", job=JobId("r/T1/work-1")
    )
    await repository.move_branch(RunId("r"), made, None)
    assert await repository.branch_head(RunId("r")) == made


async def test_a_workspace_without_a_repository_has_none(state: Path) -> None:
    await left_locks.clear(state)
    assert not (state / DIRECTORY).exists()
