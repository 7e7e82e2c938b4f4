"""A workspace, and a shell in it."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Generator[Shell]:
    """A repository with one commit; its engine, if one was started, is ended."""
    root = tmp_path / "a project"
    root.mkdir()
    env = {
        **os.environ,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONSAFEPATH": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "COLUMNS": "200",
    }
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"):
        env.pop(name, None)
    it = Shell(root, env)
    it.git("init", "--quiet", "--initial-branch=main")
    it.git("config", "user.name", "A User")
    it.git("config", "user.email", "user@example.invalid")
    it.write("greeting.py", 'def greet() -> str:\n    return "hello"\n')
    it.git("add", "--all")
    it.git("commit", "--quiet", "--message", "Begin")
    yield it
    it("engine", "stop")
