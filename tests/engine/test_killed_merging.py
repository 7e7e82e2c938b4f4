"""An engine is killed in the middle of a merge, and nobody asks for that merge again."""

import os
import shutil
from pathlib import Path

import pytest

from engine.engine_home import Home, git, until
from podium.domain.base import PlanId
from podium.protocol.wire import WireError

PLAN = PlanId("slugify")
KILLING = """#!/bin/sh
case "$*" in *--stdin*)
    echo >> {times}
    test $(wc -l < {times}) -eq 2 && kill -9 $PPID && exit 1
esac
exec {git} "$@"
"""


async def test_half_a_merge_is_taken_back_though_its_journal_was_moved_away(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "bin/git"
    script.parent.mkdir()
    script.write_text(KILLING.format(times=tmp_path / "times", git=shutil.which("git")))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    watcher = await home.watch()
    await watcher.carry_out(PLAN)
    with pytest.raises(WireError):
        await watcher.client.call("run/merge", plan=PLAN)
    assert (home.workspace / "slug.py").exists()
    assert (home.workspace / ".git/index.lock").exists()

    for it in home.state.glob("journal.db*"):
        it.rename(tmp_path / it.name)
    await home.watch()
    await until(lambda: not (home.workspace / ".git/index.lock").exists())
    assert not (home.workspace / "slug.py").exists()
    assert git(home.workspace, "status", "--porcelain") == "?? .podium/"
