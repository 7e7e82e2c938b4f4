"""Which programs and files commands of a project find, and which of the user's they never do."""

import sys
from pathlib import Path

import pytest

from environments import make_environment
from podium.configuration import SandboxSettings
from podium.sandbox.port import Sandbox, project_command, server_command
from podium.sandbox.toolchain import NotReadable

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="not on this platform: the sandbox is Linux's"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "tree"
    path.mkdir()
    return path


@pytest.fixture
def users(tmp_path: Path) -> Path:
    """A workspace with files of the user's."""
    path = tmp_path / "lib/users"
    (path / "src").mkdir(parents=True)
    (path / "src/calc.py").write_text("the user's")
    return path


@pytest.mark.parametrize("path", ["users", "users/src", ".", "users/.git", "link"])
def test_settings_do_not_show_the_users_files(path: str, tree: Path, users: Path) -> None:
    make_environment(users)
    (users.parent / "link").symlink_to(users / "src")
    settings = SandboxSettings(readable=(str(users.parent / path),))
    with pytest.raises(NotReadable, match=r"sandbox\.readable: .*files of the workspace"):
        project_command("true", tree, users, settings)


def test_settings_may_show_what_is_shown_anyway(tree: Path, users: Path) -> None:
    make_environment(users)
    settings = SandboxSettings(readable=(str(users / ".venv"),))
    assert users / ".venv" in project_command("true", tree, users, settings).readable


@pytest.mark.parametrize("kind", ["beside a program", "a link", "the interpreter"])
async def test_no_program_brings_the_users_files_along(
    kind: str, sandbox: Sandbox, tree: Path, users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = users.parent.parent / "bin"
    match kind:
        case "beside a program":  # Its libraries are in the directory `lib` that holds all.
            programs.mkdir()
        case "a link":
            programs.symlink_to(users / "src")
        case _:  # An environment whose interpreter is the user's own build, in the workspace.
            for name in ("bin", "lib/python3.11"):
                (users / "src" / name).mkdir(parents=True)
            for name in ("bin/python3", "lib/python3.11/os.py"):
                (users / "src" / name).touch()
            (users / ".venv/bin").mkdir(parents=True)
            (users / ".venv/bin/python").symlink_to(users / "src/bin/python3")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    text = f'cat "{users}/src/calc.py"; ls "{users}"'
    done = await sandbox.run(project_command(text, tree, users, SandboxSettings()))
    assert done.output.count("ermission denied") == 2, done.output


@pytest.mark.parametrize("place", ["/usr/src/app", "/usr", "/", "link"])
def test_in_a_workspace_that_cannot_be_kept_from_commands_none_is_run(
    place: str, tree: Path
) -> None:
    (tree / "link").symlink_to("/usr/src/app")
    for make in (project_command, server_command):
        with pytest.raises(NotReadable, match=r"no command is run: .* move or clone"):
            make("true", tree, tree / place, SandboxSettings())


@pytest.mark.parametrize("name", [".venv", "venv"])
async def test_the_projects_environment_comes_first(
    name: str, sandbox: Sandbox, tree: Path, users: Path
) -> None:
    make_environment(users, name)
    text = 'python -c "import sys; print(sys.prefix)"; echo "$VIRTUAL_ENV"'
    done = await sandbox.run(project_command(text, tree, users, SandboxSettings()))
    assert done.output == f"{users / name}\n" * 2


async def test_podiums_own_environment_is_for_language_servers_only(
    sandbox: Sandbox, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under `make demo`, which has its environment first on PATH."""
    own = f"{sys.prefix}/bin"
    monkeypatch.setenv("PATH", f"{own}:/usr/bin:/bin")
    settings = SandboxSettings()
    done = await sandbox.run(project_command("python3 -c 'import pydantic'", tree, tree, settings))
    assert "No module named 'pydantic'" in done.output
    server = server_command(("python3", "-c", "import pydantic"), tree, tree, settings)
    assert own in server.env["PATH"].split(":")
    assert (await sandbox.run(server)).exit_status == 0


def test_test_runners_learn_that_nobody_watches(tree: Path) -> None:
    assert project_command("true", tree, tree, SandboxSettings()).env["CI"] == "true"
