"""What the tests of the loop share."""

from pathlib import Path

import pytest

from agent.scripted import Workplace


@pytest.fixture
def desk(tmp_path: Path) -> Workplace:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    return Workplace(root)
