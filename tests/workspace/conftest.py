"""Real repositories, each in a directory of its own."""

from pathlib import Path

import pytest

from podium.workspace.git import Repository
from repositories import home, workspace

__all__ = ["home", "workspace"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "kept"
    path.mkdir()
    return path


@pytest.fixture
async def repository(workspace: Path, state: Path) -> Repository:
    return await Repository.open(workspace, state, umask=0o022)
