"""Steps 2 to 7 of the walk in a real VS Code: from a request in an input box to a merge commit."""

import re
from pathlib import Path

import pytest

from editors.demo_project import DemoProject
from editors.install_vscode import VSCode
from editors.private_home import with_podium
from editors.vscode_process import window

pytestmark = [pytest.mark.editor, pytest.mark.timeout(1200)]

STEPS = """\
told: Days in durations: approval pending: 3 tasks; read, then approve or reject
progress: podium: Days in durations: running · N of 3 tasks done
told: Days in durations: done: merge or discard it · 1 open finding
told: Days in durations: merged
"""


def test_request_becomes_a_merge_commit(
    vscode: VSCode, vsix: Path, home: Path, demo_project: DemoProject, tmp_path: Path
) -> None:
    before = demo_project.git("rev-parse", "HEAD")
    env = demo_project.environment
    with window(vscode, home, with_podium(), vsix=vsix, shots=tmp_path, env=env) as opened:
        said = opened.walk("whole_way.mjs", demo_project.root)
    assert re.sub(r"\d of 3 tasks done ·.*", "N of 3 tasks done", said) == STEPS

    assert demo_project.git("log", "-1", "--format=%P %s").startswith(before)
    # The finding was dismissed, so the line that it is about was merged.
    assert "total +=" in (demo_project.root / "durations/parsing.py").read_text()
