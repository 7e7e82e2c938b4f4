"""The VS Code extension: it honours restricted mode, says what is missing, and attaches."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from editors.install_vscode import VSCode
from editors.private_home import with_podium, without_podium
from editors.vscode_process import window

pytestmark = [pytest.mark.editor, pytest.mark.timeout(1200)]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "a workspace"
    folder.mkdir()
    (folder / "README.md").write_text("A project.\n", "utf-8")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


def test_package_holds_the_bundle_and_nothing_of_its_sources(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as package:
        names = {name for name in package.namelist() if name.startswith("extension/")}
    assert names == {
        "extension/LICENSE.txt",
        "extension/dist/extension.js",
        "extension/icon.png",
        "extension/package.json",
        "extension/readme.md",
    }


def test_workspace_decides_what_is_started_only_once_it_is_trusted(
    vscode: VSCode, vsix: Path, workspace: Path, home: Path
) -> None:
    trace = workspace.parent / "started"
    planted = workspace / "planted"
    planted.write_text(f"#!/bin/sh\ntouch '{trace}'\n", "utf-8")
    planted.chmod(0o755)
    (workspace / ".podium").mkdir()
    (workspace / ".vscode").mkdir()
    settings = json.dumps({"podium.path": str(planted)})
    (workspace / ".vscode" / "settings.json").write_text(settings, "utf-8")

    with window(
        vscode, home, without_podium(), vsix=vsix, shots=trace.parent, trusting=False
    ) as opened:
        said = opened.walk("trust.mjs", workspace, {"ANSWER": "No, I don't trust"})
        assert 'Podium\'s executable "podium" was not found.' in said
        assert "uv tool install '.[python]'" in said
        assert not trace.exists()
        opened.walk("trust.mjs", workspace, {"ANSWER": "Yes, I trust", "TRACE": str(trace)})
        assert trace.exists()


def test_command_starts_the_server_and_a_plan_gets_its_lens(
    vscode: VSCode, vsix: Path, workspace: Path, home: Path, tmp_path: Path
) -> None:
    with window(vscode, home, with_podium(), vsix=vsix, shots=tmp_path) as opened:
        said = opened.walk("attach.mjs", workspace)
    assert said.splitlines() == ["asked", "lens Plan this request"]


def test_plan_written_by_hand_gets_its_lens_without_a_command(
    vscode: VSCode, vsix: Path, workspace: Path, home: Path, tmp_path: Path
) -> None:
    with window(vscode, home, with_podium(), vsix=vsix, shots=tmp_path) as opened:
        said = opened.walk("by_hand.mjs", workspace)
    assert said.splitlines() == ["lens Plan this request"]
