"""The VS Code extension: it says what is missing, honours restricted mode, and attaches."""

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
    (folder / ".podium").mkdir(parents=True)
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


def test_missing_executable_is_said_with_what_to_do(
    vscode: VSCode, vsix: Path, workspace: Path, home: Path, tmp_path: Path
) -> None:
    with window(vscode, home, without_podium(), vsix=vsix, shots=tmp_path) as opened:
        said = opened.walk("missing.mjs", workspace)
    assert 'Podium\'s executable "podium" was not found.' in said
    assert "uv tool install podium" in said


@pytest.fixture
def planted(workspace: Path, tmp_path: Path) -> Path:
    """Return a file that appears when the executable of the workspace's own settings is started."""
    trace = tmp_path / "started"
    executable = workspace / "planted"
    executable.write_text(f"#!/bin/sh\ntouch '{trace}'\n", "utf-8")
    executable.chmod(0o755)
    (workspace / ".vscode").mkdir()
    settings = json.dumps({"podium.path": str(executable)})
    (workspace / ".vscode" / "settings.json").write_text(settings, "utf-8")
    return trace


def test_restricted_mode_ignores_the_executable_that_the_workspace_names(
    vscode: VSCode, vsix: Path, workspace: Path, planted: Path, home: Path
) -> None:
    shots = planted.parent
    with window(vscode, home, without_podium(), vsix=vsix, shots=shots, trusting=False) as opened:
        said = opened.walk("missing.mjs", workspace, {"DISTRUST": "1"})
    assert 'Podium\'s executable "podium" was not found.' in said
    assert not planted.exists()


def test_trusted_workspace_may_name_the_executable(
    vscode: VSCode, vsix: Path, workspace: Path, planted: Path, home: Path
) -> None:
    shots = planted.parent
    with window(vscode, home, without_podium(), vsix=vsix, shots=shots) as opened:
        said = opened.walk("planted.mjs", workspace, {"TRACE": str(planted)})
    assert said.splitlines() == ["started"]


def test_plan_gets_the_server(
    vscode: VSCode, vsix: Path, workspace: Path, home: Path, tmp_path: Path
) -> None:
    plan = workspace / ".podium/plans/first.md"
    plan.parent.mkdir()
    plan.write_text("# First\n\n## Request\n\nRename it.\n", "utf-8")
    with window(vscode, home, with_podium(), vsix=vsix, shots=tmp_path) as opened:
        said = opened.walk("attach.mjs", workspace)
    assert "lens Plan this request" in said.splitlines()
