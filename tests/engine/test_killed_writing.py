"""A process that is killed while it writes leaves nothing that is taken for work or a plan."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.engine_home import Home, git
from podium.domain.base import JobId
from podium.workspace.git import Repository

STEPS = ("fdopen", "fchmod", "rename")
"""What of `os` is called next when the writing process dies; each comes after the one before."""

KILLED = """
import os, sys
from pathlib import Path

sys.path[:0] = {path!r}
from podium.domain.base import PlanId
from podium.engine.plan_files import PlanFiles
from podium.workspace.tree import Tree

os.{step} = lambda *_, **__: os.kill(os.getpid(), 9)
{write}
"""


def write_and_die(step: str, write: str) -> None:
    """Have a process write, and kill it when it comes to a step."""
    code = KILLED.format(path=sys.path, step=step, write=write)
    died = subprocess.run([sys.executable, "-c", code], check=False)
    assert died.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
async def test_an_agents_edit_leaves_nothing_in_its_worktree(home: Home, step: str) -> None:
    repository = await Repository.open(home.workspace, home.state, umask=0o022)
    base = await repository.fetch_base()
    tree = await repository.worktree("run.T1.0", base)
    write_and_die(step, f"Tree(Path({str(tree)!r})).write_text('README.md', 'new')")
    write_and_die(step, f"Tree(Path({str(tree)!r})).write_text('src/new.py', 'new')")

    assert names(tree) <= {"README.md", "src"}
    assert (tree / "README.md").read_text() == "# Titles\n"
    job = JobId("run/T1/work-1")
    assert await repository.commit_all(tree, parent=base, message="Work", job=job) == base
    assert repository.places() == {"run.T1.0"}
    await repository.remove("run.T1.0")
    assert names(home.state / "worktrees") == set()


@pytest.mark.parametrize("step", STEPS)
async def test_what_a_killed_engine_left_of_a_plan_is_gone_when_the_next_starts(
    home: Home, step: str
) -> None:
    folder = home.workspace / ".podium/plans"
    folder.mkdir(parents=True)
    (folder / "slugs.md").write_text("# Slugs\n")
    (folder / ".podium-0123456789abcdef").write_text("somebody's own\n")
    git(home.workspace, "add", "-A")
    git(home.workspace, "-c", "user.name=A", "commit", "-q", "-m", "Plans")
    files = f"PlanFiles(Path({str(home.workspace)!r}), 0o022)"
    write_and_die(step, f"{files}.write(PlanId('slugs'), 'new', before='# Slugs\\n')")
    assert len(names(folder)) == 3

    watcher = await home.watch()
    assert git(home.workspace, "status", "--porcelain") == ""
    await watcher.until(lambda it: it.requests.keys() == {"slugs"})
    assert watcher.notices == []


async def test_a_lock_of_a_killed_git_is_not_in_the_next_engines_way(home: Home) -> None:
    repository = await Repository.open(home.workspace, home.state, umask=0o022)
    await repository.fetch_base()
    lock = repository.directory / "refs/podium/base.lock"
    lock.touch()
    watcher = await home.watch()
    await watcher.carry_out("slugs")
    assert not lock.exists()


def names(folder: Path) -> set[str]:
    return {it.name for it in folder.iterdir()}
