"""The Neovim plugin: what it defines, what it says when all is missing, and that it attaches."""

import subprocess
from pathlib import Path

import pytest

from editors.neovim_process import Neovim
from editors.private_home import private_home, with_podium, without_podium

pytestmark = [pytest.mark.editor, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def said(neovim: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "README.md").write_text("A project.\n", "utf-8")
    subprocess.run(["git", "init", "--quiet", workspace], check=True)
    with private_home() as home:
        return Neovim.with_plugin(neovim, home, without_podium()).walk("plugin.lua", workspace)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("command 2", id="the command is defined"),
        pytest.param("completes reject report request resume retry review", id="it completes"),
        pytest.param("map true", id="plug maps are defined"),
        pytest.param("attached 0", id="a repository without .podium is left alone"),
        pytest.param("help podium.txt", id="the help is found"),
    ],
)
def test_plugin_is_ready_once_installed(said: str, line: str) -> None:
    assert line in said.splitlines()


def test_unknown_subcommand_names_the_known_ones(said: str) -> None:
    assert 'podium: no subcommand is called "bogus"; there are answer, approve, cancel' in said


def test_missing_executable_is_said_with_what_to_do(said: str) -> None:
    complaint = 'message 4 podium: "podium" was not found; see :checkhealth podium'
    asked_for = ("request", "status")
    assert said.splitlines().count(complaint) == len(asked_for)


def test_health_check_says_what_is_missing_and_how_to_install_it(said: str) -> None:
    health = "\n".join(line for line in said.splitlines() if line.startswith("health"))
    assert '❌ ERROR "podium" was not found' in health
    assert "uv tool install '.[python]'" in health
    assert "OK Neovim" in health
    assert "OK git version" in health


def test_command_starts_the_server_and_a_plan_that_is_not_on_disk_gets_it(
    neovim: Path, home: Path, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    said = Neovim.with_plugin(neovim, home, with_podium()).walk("attach.lua", tmp_path)
    steps = [line for line in said.splitlines() if not line.startswith("message")]
    assert steps == [
        "asked What should be done?",
        f"root {tmp_path}",
        "action Plan this request",
        "lens Plan this request",
        f"health - ✅ OK attached in {tmp_path}",
    ]
