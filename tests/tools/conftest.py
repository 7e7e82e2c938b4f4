"""What the tests of tools share."""

from pathlib import Path

import pytest

from tools.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    root = tmp_path / "tree"
    root.mkdir()
    return Desk(root)
