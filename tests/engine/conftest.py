from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from engine.engine_home import Home, git


@pytest.fixture
def surroundings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Give engines a state, a configuration and a home of their own."""
    # Engines start as a user's do, with compiled modules; that halves their start.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    compiled = tmp_path_factory.getbasetemp() / "compiled"
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    # Short: a Unix socket's path has at most 107 bytes.
    folder_of_all = Path(mkdtemp(prefix="podium-"))
    for name, folder in (("XDG_STATE_HOME", "s"), ("XDG_CONFIG_HOME", "c"), ("HOME", "h")):
        (folder_of_all / folder).mkdir()
        monkeypatch.setenv(name, str(folder_of_all / folder))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    yield folder_of_all
    rmtree(folder_of_all, ignore_errors=True)


@pytest.fixture
async def home(surroundings: Path) -> AsyncIterator[Home]:
    workspace = surroundings / "work space\nof mine"
    workspace.mkdir()
    git(workspace, "init", "-q", "-b", "main")
    git(workspace, "config", "user.email", "me@example.org")
    git(workspace, "config", "user.name", "Me")
    (workspace / "README.md").write_text("# Titles\n")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-q", "-m", "Begin")
    home = Home(workspace)
    yield home
    await home.end()
