"""A user's repository, and a home of the test's own: fixtures that two rooms share."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, with nobody's configuration in it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    return home


def git_in(directory: Path) -> Git:
    """Return a function that runs git in ``directory`` and returns its output."""

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        ran = subprocess.run(
            ["git", *identity, *arguments],
            cwd=directory,
            check=True,
            capture_output=True,
            env=os.environ | {"GIT_CONFIG_NOSYSTEM": "1"},
        )
        return ran.stdout.decode().strip()

    return git


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A user's repository with two commits, at a path with a space and a newline."""
    path = tmp_path / "my work\nhere"
    path.mkdir()
    git = git_in(path)
    git("init", "-q", "-b", "main")
    write(path, {"a.txt": "a\n", "src/b.txt": "b\n", ".gitignore": "*.log\n"})
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    return path
