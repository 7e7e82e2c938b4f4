"""Outside of the state directory the user's umask holds, inside nothing is for others."""

import os
import stat
from pathlib import Path

import pytest

from engine.engine_home import Home, git
from podium.domain.base import PlanId
from podium.engine.plan_files import PlanFiles

PLAN = PlanId("slugify")
PATH = f".podium/plans/{PLAN}.md"


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize(
    ("umask", "file", "folder"),
    [(0o022, "0o644", "0o755"), (0o002, "0o664", "0o775"), (0o077, "0o600", "0o700")],
)
async def test_what_a_run_leaves_has_the_modes_of_whoever_started_the_engine(
    home: Home, umask: int, file: str, folder: str
) -> None:
    await (await home.connect()).call("engine/stop")  # One whose umask counts no more.
    before = os.umask(umask)
    try:
        watcher = await home.watch()
    finally:
        os.umask(before)
    await watcher.carry_out(PLAN)
    await watcher.client.call("run/merge", plan=PLAN)
    await watcher.client.call("run/report", plan=PLAN)

    folders = {mode(home.workspace / it) for it in (".podium", ".podium/plans")}
    files = {mode(home.workspace / it) for it in (PATH, "slug.py", ".git/refs/heads/main")}
    assert (files, folders) == ({file}, {folder})
    assert git(home.workspace, "status", "--porcelain") == "?? .podium/"
    others = [it for it in home.state.rglob("*") if it.lstat().st_mode & 0o077 and it.exists()]
    assert others == []


def test_a_folder_that_a_group_shares_hands_its_group_down(tmp_path: Path) -> None:
    tmp_path.chmod(0o2775)
    PlanFiles(tmp_path, 0o002).write(PLAN, "text", before=None)
    assert [mode(it) for it in sorted(tmp_path.rglob("*"))] == ["0o2775", "0o2775", "0o664"]
