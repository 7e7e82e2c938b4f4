"""The user's virtual environment is used; what a repository brings as one opens nothing."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox.environment import unused_environment
from podium.sandbox.port import Sandbox, project_command
from repositories import git_in, write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

SECRET = "the user's own"  # noqa: S105 - It is what the tests try to read.
PYTHON = Path(sys.executable).resolve()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "worktree"
    path.mkdir()
    return path


@pytest.fixture
def documents(home: Path) -> Path:
    """A folder of the user's that looks like nothing that commands need."""
    write(home, {"documents/letter": SECRET, "documents/bin/letter": SECRET})
    return home / "documents"


def make_environment(workspace: Path) -> Path:
    """Make the least that counts as a virtual environment."""
    write(workspace, {".venv/bin/tool": "#!/bin/sh\necho from the environment\n"})
    (workspace / ".venv/bin/tool").chmod(0o755)
    (workspace / ".venv/bin/python").symlink_to(PYTHON)
    return workspace / ".venv"


@pytest.mark.parametrize("name", ["lib", "lib64", "libexec", "share", "include"])
async def test_links_in_an_environment_open_nothing(
    sandbox: Sandbox, workspace: Path, tree: Path, documents: Path, name: str
) -> None:
    venv = make_environment(workspace)
    (venv / name).symlink_to(documents)
    command = project_command(
        f"tool; cat '{venv}/{name}/letter' {documents}/letter", tree, workspace, SandboxSettings()
    )
    done = await sandbox.run(command)
    assert done.output.startswith("from the environment\n")
    assert SECRET not in done.output


async def test_a_link_to_programs_opens_nothing(
    sandbox: Sandbox, workspace: Path, tree: Path, documents: Path
) -> None:
    (workspace / ".venv").mkdir()
    (workspace / ".venv/bin").symlink_to(documents / "bin")
    (documents / "bin/python").symlink_to(PYTHON)
    text = f"cat '{workspace}/.venv/bin/letter' {documents}/bin/letter"
    done = await sandbox.run(project_command(text, tree, workspace, SandboxSettings()))
    assert SECRET not in done.output


async def test_what_looks_like_an_installation_is_not_one(
    sandbox: Sandbox, workspace: Path, tree: Path, home: Path
) -> None:
    write(home, {"project/lib/python3.11/os.py": SECRET, "project/bin/python3": ""})
    (workspace / ".venv/bin").mkdir(parents=True)
    (workspace / ".venv/bin/python").symlink_to(home / "project/bin/python3")
    settings = SandboxSettings()
    text = f"cat {home}/project/lib/python3.11/os.py"
    done = await sandbox.run(project_command(text, tree, workspace, settings))
    assert SECRET not in done.output
    assert "is no usual place; if it is yours, name it in" in str(unused_environment(workspace))
    named = SandboxSettings(readable=("~/project",))
    assert unused_environment(workspace, named.readable) is None
    assert (await sandbox.run(project_command(text, tree, workspace, named))).output == SECRET


@pytest.mark.parametrize("place", ["fake", "a/b"])
def test_an_installation_in_the_repository_is_none(workspace: Path, tree: Path, place: str) -> None:
    write(workspace, {f"{place}/lib/python3.11/os.py": "", f"{place}/bin/python3": ""})
    (workspace / ".venv/bin").mkdir(parents=True)
    (workspace / ".venv/bin/python").symlink_to(f"../../{place}/bin/python3")
    readable = project_command("true", tree, workspace, SandboxSettings()).readable
    assert [it for it in readable if it.is_relative_to(workspace)] == []


@pytest.mark.parametrize("tracked", ["bin/tool", "pyvenv.cfg", "bin/python"])
def test_what_git_tracks_is_no_environment(workspace: Path, tree: Path, tracked: str) -> None:
    venv = make_environment(workspace)
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\n")
    settings = SandboxSettings()
    assert "VIRTUAL_ENV" in project_command("true", tree, workspace, settings).env
    git = git_in(workspace)
    git("add", "-f", f".venv/{tracked}")
    command = project_command("true", tree, workspace, settings)
    assert "VIRTUAL_ENV" not in command.env
    assert str(venv) not in command.env["PATH"]
    assert venv not in command.readable
    assert "git tracks it" in str(unused_environment(workspace))
    git("rm", "-q", "--cached", f".venv/{tracked}")
    assert "VIRTUAL_ENV" in project_command("true", tree, workspace, settings).env


def test_a_submodule_is_no_environment(workspace: Path, tree: Path) -> None:
    venv = make_environment(workspace)
    git = git_in(workspace)
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD')},.venv")
    assert venv not in project_command("true", tree, workspace, SandboxSettings()).readable


def test_a_linked_worktree_of_the_users_knows_what_is_tracked(
    workspace: Path, tree: Path, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    git_in(workspace)("worktree", "add", "-q", "--detach", str(linked))
    venv = make_environment(linked)
    assert venv in project_command("true", tree, linked, SandboxSettings()).readable
    git_in(linked)("add", "-f", ".venv/bin/tool")
    assert venv not in project_command("true", tree, linked, SandboxSettings()).readable


def test_no_environment_is_nothing_to_speak_of(workspace: Path) -> None:
    assert unused_environment(workspace) is None
    (workspace / ".venv").symlink_to("nowhere")
    assert "it is a link" in str(unused_environment(workspace))


MAKERS = {
    "venv": (str(PYTHON), "-m", "venv", "--without-pip"),
    "uv": ("uv", "venv", "-q", "--offline", "--python", str(PYTHON)),
}


@pytest.mark.parametrize("maker", MAKERS)
async def test_an_ordinary_environment_is_used(
    sandbox: Sandbox, workspace: Path, tree: Path, maker: str
) -> None:
    argv = MAKERS[maker]
    program = shutil.which(argv[0])
    if program is None:
        pytest.skip(f"there is no {argv[0]} here")
    made = (program, *argv[1:], str(workspace / ".venv"))
    await asyncio.to_thread(subprocess.run, made, check=True, capture_output=True)
    (packages,) = (workspace / ".venv").glob("lib/python3.*/site-packages")
    (packages / "of_the_user.py").write_text("print('imported')\n")
    text = "python -c 'import sys, ssl, of_the_user; print(sys.prefix != sys.base_prefix)'"
    done = await sandbox.run(project_command(text, tree, workspace, SandboxSettings()))
    assert done.output == "imported\nTrue\n"


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/versions/3.12.1",
        ".local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu",
        "miniconda3",
        "miniforge3/envs/mine",
    ],
)
def test_an_installation_in_a_usual_place_is_known(
    workspace: Path, tree: Path, home: Path, place: str
) -> None:
    write(home, {f"{place}/lib/python3.12/os.py": "", f"{place}/bin/python3.12": ""})
    (workspace / ".venv/bin").mkdir(parents=True)
    (workspace / ".venv/bin/python").symlink_to(home / place / "bin/python3.12")
    command = project_command("true", tree, workspace, SandboxSettings())
    assert command.env["VIRTUAL_ENV"] == str(workspace / ".venv")
    assert home / place in command.readable


def test_an_installation_on_the_path_is_known(
    workspace: Path, tree: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, {"mine/lib/python3.12/os.py": "", "mine/bin/python3.12": ""})
    (workspace / ".venv/bin").mkdir(parents=True)
    (workspace / ".venv/bin/python").symlink_to(home / "mine/bin/python3.12")
    assert "no usual place" in str(unused_environment(workspace))
    (home / "links").mkdir()
    (home / "links/python3").symlink_to(home / "mine/bin/python3.12")
    monkeypatch.setenv("PATH", f"{home}/links{os.pathsep}{os.environ['PATH']}")
    assert home / "mine" in project_command("true", tree, workspace, SandboxSettings()).readable


def test_an_environment_that_is_an_installation_itself_is_used(workspace: Path, tree: Path) -> None:
    """So is one of conda's, made in place."""
    write(workspace, {".venv/lib/python3.12/os.py": "", ".venv/bin/python3.12": ""})
    (workspace / ".venv/bin/python").symlink_to("python3.12")
    readable = project_command("true", tree, workspace, SandboxSettings()).readable
    assert [it for it in readable if it.is_relative_to(workspace)] == [workspace / ".venv"]
