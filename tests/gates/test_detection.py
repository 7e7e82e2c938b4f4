"""Which command runs a project's tests."""

from pathlib import Path

import pytest

from gates.candidates import Files, write
from podium.gates.detection import detect_suites

PYTEST = "python3 -m pytest -q"
UNITTEST = "python3 -m unittest discover -q"
CASE = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self): ...\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": ""}, []),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, [PYTEST]),
        ({"pyproject.toml": "[tool.ruff]\n"}, []),
        ({"pyproject.toml": "[[[", "pytest.ini": ""}, [PYTEST]),
        ({"setup.cfg": "[tool:pytest]\n"}, [PYTEST]),
        ({"tests/test_a.py": "def test_a(): pass\n"}, [PYTEST]),
        ({"a_test.py": "import pytest\n"}, [PYTEST]),
        ({"test_a.py": CASE}, [UNITTEST]),
        ({"tests/test_a.py": CASE}, [UNITTEST + " -s tests"]),
        ({"tests/__init__.py": "", "tests/test_a.py": CASE}, [UNITTEST]),
        ({"package.json": '{"scripts": {"test": "node --test"}}'}, ["npm test --silent"]),
        ({"package.json": '{"scripts": {"test": "echo \\"no test specified\\"; exit 1"}}'}, []),
        ({"package.json": '{"scripts": []}'}, []),
        ({"package.json": "[" * 100_000}, []),
        ({"go.mod": "module a\n"}, ["go test ./..."]),
        ({"Cargo.toml": ""}, ["cargo test"]),
        ({"Cargo.toml": "", "conftest.py": ""}, [PYTEST, "cargo test"]),
    ],
)
def test_detected(files: Files, expected: list[str], tmp_path: Path) -> None:
    write(tmp_path / "tree", files)
    assert list(detect_suites(tmp_path / "tree")) == expected
