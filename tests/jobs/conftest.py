from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jobs.stage import Stage, git
from models.playing import KEY
from podium.workspace.git import Repository


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    workspace, state = tmp_path / "work", tmp_path / "state"
    for it in (workspace, state, tmp_path / "home"):
        it.mkdir()
    git(workspace, "init", "-q", "-b", "main")
    (workspace / "a.txt").write_text("a\n")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-q", "-m", "first")
    repository = await Repository.open(workspace, state, umask=0o022)
    stage = Stage(workspace, repository, await repository.fetch_base())
    yield stage
    await stage.services.aclose()
