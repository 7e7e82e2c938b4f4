"""Whatever goes wrong on the way, a merge has moved branch, index and files, or none of them."""

import asyncio
import fcntl
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from podium.domain.base import Commit
from podium.workspace.git import Repository
from podium.workspace.git_command import GitError
from podium.workspace.merging import CannotMerge
from repositories import git_in, write
from workspace.merges import merge, snapshot, work

TESTS = Path(__file__).parents[1]
GIT = shutil.which("git")
CHANGED = {
    "a.txt": "all of it is new\n",
    "c/d.txt": "d\n",
    "was-file/new.slow": "new\n",
    "was-folder": "new\n",
    "was-link/new.txt": "new\n",
    "z.slow": "new\n",
}


@pytest.fixture
async def head(repository: Repository) -> Commit:
    """A change of every kind, and work of the user's beside it."""
    workspace, git = repository.workspace, git_in(repository.workspace)
    write(workspace, {"gone.txt": "gone\n", "run.sh": "true\n", "m.txt": "m\n", "z.slow": "z\n"})
    write(workspace, {"alone/gone.txt": "gone\n", "was-file": "f\n", "was-folder/old.txt": "o\n"})
    (workspace / "link").symlink_to("a.txt")
    (workspace / "was-link").symlink_to("src")
    (workspace / "alone").chmod(0o750)
    git("add", "-A")
    git("commit", "-q", "-m", "second")
    base = await repository.fetch_base()
    worktree = await repository.worktree("work", base)
    (worktree / "link").unlink()
    (worktree / "link").symlink_to("m.txt")
    (worktree / "run.sh").chmod(0o755)
    for name in ("gone.txt", "alone/gone.txt", "was-file", "was-folder/old.txt", "was-link"):
        (worktree / name).unlink()
    (worktree / "was-folder").rmdir()
    head = await work(repository, CHANGED)
    write(workspace, {"src/b.txt": "mine\n", "untracked.txt": "mine\n", "m.txt": "staged\n"})
    git("add", "m.txt")
    return head


def everything(workspace: Path) -> dict[str, tuple[int, bytes]]:
    """Return all that is in the workspace and in ``.git``, but for fetched objects."""
    return {
        str(path.relative_to(workspace)): (path.lstat().st_mode, content_of(path))
        for path in workspace.rglob("*")
        if "objects" not in path.parts
    }


def content_of(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(path.readlink())
    return path.read_bytes() if path.is_file() else b""


def files_of(workspace: Path) -> list[Path]:
    return sorted(it for it in workspace.rglob("*") if it.is_file() and ".git" not in it.parts)


def check_merged(workspace: Path, merged: Commit) -> None:
    git = git_in(workspace)
    assert git("rev-parse", "HEAD") == merged
    assert git("status", "--porcelain") == "M  m.txt\n M src/b.txt\n?? untracked.txt"
    left = [it.name for it in (workspace / ".git").rglob("*") if "podium" in it.name]
    assert left + list((workspace / ".git").rglob("*.lock")) == []


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
async def test_a_lock_of_the_users_git_is_named(
    repository: Repository, head: Commit, name: str
) -> None:
    lock = repository.workspace / ".git" / name
    lock.touch()
    before = everything(repository.workspace)
    with pytest.raises(GitError, match=lock.name.replace(".", r"\.")):
        await merge(repository, head)
    assert everything(repository.workspace) == before
    lock.unlink()
    check_merged(repository.workspace, await merge(repository, head))


async def test_a_branch_among_packed_references_moves(repository: Repository, head: Commit) -> None:
    git_in(repository.workspace)("pack-refs", "--all")
    lock = repository.workspace / ".git/packed-refs.lock"
    lock.touch()  # Git needs it for what it deletes only.
    merged = await merge(repository, head)
    lock.unlink()
    check_merged(repository.workspace, merged)


async def test_the_reflog_and_the_way_back_are_as_after_any_merge(
    repository: Repository, head: Commit
) -> None:
    git = git_in(repository.workspace)
    old = git("rev-parse", "HEAD")
    await merge(repository, head)
    said = "podium merge: Fast-forward"
    assert git("reflog", "-1", "--format=%gs", "HEAD") == said
    assert git("reflog", "-1", "--format=%gs", "main") == said
    assert git("rev-parse", "ORIG_HEAD", "HEAD@{1}") == f"{old}\n{old}"


async def test_a_branch_that_cannot_be_moved_after_all_takes_the_files_back(
    repository: Repository, head: Commit
) -> None:
    log = repository.workspace / ".git/logs/HEAD"
    kept = log.read_bytes()
    log.unlink()
    write(log, {"in the way": ""})  # Git finds that out when it writes the log.
    before = everything(repository.workspace)
    with pytest.raises(GitError, match="nothing was changed"):
        await merge(repository, head)
    assert everything(repository.workspace) == before
    (log / "in the way").unlink()
    log.rmdir()
    log.write_bytes(kept)
    check_merged(repository.workspace, await merge(repository, head))


def filter_slowly(workspace: Path, script: Path, text: str) -> None:
    """Have git write ``*.slow`` files through a script."""
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    (workspace / ".git/info").mkdir(exist_ok=True)
    (workspace / ".git/info/attributes").write_text("*.slow filter=slow\n")
    git_in(workspace)("config", "filter.slow.smudge", str(script))
    git_in(workspace)("config", "filter.slow.clean", "cat")
    git_in(workspace)("config", "filter.slow.required", "true")


async def test_a_file_that_cannot_be_written_takes_the_others_back(
    repository: Repository, head: Commit, tmp_path: Path
) -> None:
    workspace, script = repository.workspace, tmp_path / "smudge"
    filter_slowly(workspace, script, "exit 1")
    before, inodes = everything(workspace), [it.stat().st_ino for it in files_of(workspace)]
    with pytest.raises(GitError, match=r"was-file/new\.slow: smudge filter slow failed"):
        await merge(repository, head)
    assert everything(workspace) == before
    assert [it.stat().st_ino for it in files_of(workspace)] == inodes
    script.write_text("#!/bin/sh\ncat\n")
    check_merged(workspace, await merge(repository, head))


async def killed(
    repository: Repository, head: Commit, folder: Path, script: str
) -> asyncio.subprocess.Process:
    """Start a merge by a process of its own, whose git is ``script``; ``$git`` is the real one."""
    write(folder, {"bin/git": f"#!/bin/sh\ngit={GIT}\n{script}\n"})
    (folder / "bin/git").chmod(0o755)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "workspace.merges"),
        *(str(repository.workspace), str(repository.directory.parent), head),
        env={
            **os.environ,
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
        },
        stderr=PIPE,
    )


STEPS = ["update-ref refs/podium/landing", "fetch*landing", "--stdin", "read-tree"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("step", "time"), [*((it, 1) for it in STEPS), ("--stdin", 2)])
async def test_what_a_kill_left_is_settled_by_the_next_merge(  # noqa: PLR0917
    repository: Repository, head: Commit, tmp_path: Path, step: str, time: int, moment: str
) -> None:
    pattern = "*".join(f'"{it}"' for it in step.split("*"))
    process = await killed(
        repository,
        head,
        tmp_path,
        f"""
        case "$*" in *{pattern}*)
            echo >> "{tmp_path}/times"
            if test $(wc -l < "{tmp_path}/times") -eq {time}; then
                test {moment} = before || "$git" "$@"
                kill -9 $PPID
                exit 1
            fi
        esac
        exec "$git" "$@"
        """,
    )
    before = snapshot(repository.workspace)
    await process.communicate()
    assert process.returncode == -9
    if (step, time, moment) != ("--stdin", 2, "after"):
        with pytest.raises(CannotMerge, match="unsaved text"):
            await merge(repository, head, unsaved=["a.txt"])
        assert snapshot(repository.workspace) == before
    check_merged(repository.workspace, await merge(repository, head))


async def killed_among_the_files(repository: Repository, head: Commit, folder: Path) -> None:
    """Kill a merge, and its git while that writes files, after all others have been written."""
    mark = folder / "mark"
    filter_slowly(repository.workspace, folder / "smudge", f"touch {mark}; sleep 0.3; cat")
    script = f"""
        case "$*" in *read-tree*)
            "$git" "$@" &
            while ! test -e {mark}; do sleep 0.01; done
            kill -9 $! $PPID
            exit 1
        esac
        exec "$git" "$@"
    """
    process = await killed(repository, head, folder, script)
    await process.communicate()
    assert process.returncode == -9
    assert (repository.workspace / "a.txt").read_text() == CHANGED["a.txt"]
    assert (repository.workspace / ".git/index.lock").exists()


async def test_half_of_the_files_are_taken_back(
    repository: Repository, head: Commit, tmp_path: Path
) -> None:
    workspace = repository.workspace
    before = snapshot(workspace)
    await killed_among_the_files(repository, head, tmp_path)
    write(workspace, {"a.txt": CHANGED["a.txt"][:5]})  # As after a loss of power.
    with pytest.raises(CannotMerge, match="unsaved text"):
        await merge(repository, head, unsaved=["a.txt"])
    assert snapshot(workspace) == before
    check_merged(workspace, await merge(repository, head))


async def test_what_the_user_has_done_after_a_kill_stays(
    repository: Repository, head: Commit, tmp_path: Path
) -> None:
    workspace, git = repository.workspace, git_in(repository.workspace)
    await killed_among_the_files(repository, head, tmp_path)
    (workspace / ".git/index.lock").unlink()  # As git tells them to.
    write(workspace, {"a.txt": "mine\n", "c/d.txt": "mine\n"})
    git("add", "run.sh")
    with pytest.raises(CannotMerge, match=r"uncommitted changes in a\.txt, run\.sh;"):
        await merge(repository, head)
    assert (workspace / "a.txt").read_text() == "mine\n"
    assert (workspace / "c/d.txt").read_text() == "mine\n"
    assert git("status", "--porcelain").splitlines() == [
        *("M a.txt", "M  m.txt", "M  run.sh", " M src/b.txt", "?? c/", "?? untracked.txt")
    ]


async def test_a_git_that_outlives_its_engine_is_waited_for(
    repository: Repository, head: Commit, tmp_path: Path
) -> None:
    mark, go = tmp_path / "mark", tmp_path / "go"
    text = f"touch {mark}; while ! test -e {go}; do sleep 0.01; done; cat"
    filter_slowly(repository.workspace, tmp_path / "smudge", text)
    process = await killed(repository, head, tmp_path, 'exec "$git" "$@"')
    while not mark.exists():
        assert process.returncode is None
        await asyncio.sleep(0.01)
    process.kill()
    await process.communicate()
    again = asyncio.create_task(merge(repository, head))
    try:
        with (
            (repository.directory.parent / "merging.lock").open() as guard,
            pytest.raises(BlockingIOError),
        ):
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        go.touch()
    check_merged(repository.workspace, await again)


async def test_a_merge_that_is_cancelled_too_late_is_made_and_told(
    repository: Repository, head: Commit, tmp_path: Path
) -> None:
    mark, go = tmp_path / "mark", tmp_path / "go"
    text = f"touch {mark}; while ! test -e {go}; do sleep 0.01; done; cat"
    filter_slowly(repository.workspace, tmp_path / "smudge", text)
    merging = asyncio.create_task(merge(repository, head))
    while not mark.exists():
        assert not merging.done()
        await asyncio.sleep(0.01)
    merging.cancel()
    await asyncio.sleep(0)
    go.touch()
    check_merged(repository.workspace, await merging)
