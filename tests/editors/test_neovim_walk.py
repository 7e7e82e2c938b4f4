"""Steps 2 to 7 of the walk in a real Neovim: from a request in a new file to a merge commit."""

import re
from pathlib import Path

import pytest

from editors.demo_project import DemoProject
from editors.neovim_process import Neovim
from editors.private_home import with_podium

pytestmark = [pytest.mark.editor, pytest.mark.timeout(1200)]

STEPS = """\
pending: approval pending: 3 tasks; read, then approve or reject
told: Days in durations: approval pending: 3 tasks; read, then approve or reject
progress: podium: days, cancellable true
lens and action: Approve Approve
lens and action: Reject… Reject…
lens and action: Review Review
wrong: ERROR durations/nowhere.py 'durations/nowhere.py' was not found in this workspace; correct it
pending: approval pending: 1 error in the way
revoked: edited after approval: nothing goes on until somebody approves this text
hint: paused
working: true
gate on: - [ ] T2: Write days on request
gate: suite failed: exited with 1, and passed before
hover: true
done: done: merge or discard it · 1 open finding
progress: podium: Days in durations, cancellable true
status:  M NOTES.md ?? .podium/
finding: INFO A unit given twice is added up instead of refused
done: done: merge or discard it · 0 open findings
asked: Throw away what run days-1-… has changed (4 of 4 tasks done, $ spent)?:
done: done: merge or discard it · 0 open findings
refused: unsaved text in README.md; save or undo it, commit, then merge
told: Days in durations: merged
"""


def test_request_becomes_a_merge_commit(
    neovim: Path, home: Path, demo_project: DemoProject
) -> None:
    editor = Neovim.with_plugin(neovim, home, with_podium())
    before = demo_project.git("rev-parse", "HEAD")
    said = editor.walk("whole_way.lua", demo_project.root, demo_project.environment)
    said = re.sub(r"(?<=run days-1-)[0-9a-f]{6}\b", "…", said)
    steps = [line.rstrip() for line in said.splitlines() if not line.startswith("message")]
    assert steps == STEPS.splitlines()

    assert demo_project.git("log", "-1", "--first-parent", "--format=%P %s").startswith(before)
    assert demo_project.git("diff", "--name-only") == "NOTES.md"
    assert "counts: dict[str, int]" in (demo_project.root / "durations/parsing.py").read_text()
