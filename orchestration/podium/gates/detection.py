"""Which command runs a project's tests, when nobody configured one."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from podium.errors import ToolRetry
from podium.workspace.tree import Tree

MAX_READ = 200
"""Test files that are read to tell pytest's from unittest's."""


def detect_suites(root: Path) -> tuple[str, ...]:
    """Return the shell commands that run the tests of the project at ``root``, best first."""
    tree = Tree(root)
    return tuple(command for detect in _DETECTORS for command in detect(tree))


_PYTEST_FILES = ("pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py")


def _python(tree: Tree) -> Iterator[str]:
    tests = [it for it in tree.glob("**/*.py").paths if _is_test_file(it)]
    if _configures_pytest(tree) or any(_is_pytest(tree, it) for it in tests[:MAX_READ]):
        yield "python3 -m pytest -q"
    elif tests:
        in_tests = any(it.startswith("tests/") for it in tests)
        is_package = tree.exists("tests/__init__.py")
        start = " -s tests" if in_tests and not is_package else ""
        yield f"python3 -m unittest discover -q{start}"


def _npm(tree: Tree) -> Iterator[str]:
    try:
        package = cast("object", json.loads(_text(tree, "package.json") or "{}"))
    except (ValueError, RecursionError):
        return
    match package:
        case {"scripts": {"test": str(script)}} if "no test specified" not in script:
            yield "npm test --silent"
        case _:
            pass


def _go(tree: Tree) -> Iterator[str]:
    if tree.exists("go.mod"):
        yield "go test ./..."


def _cargo(tree: Tree) -> Iterator[str]:
    if tree.exists("Cargo.toml"):
        yield "cargo test"


_DETECTORS: tuple[Callable[[Tree], Iterator[str]], ...] = (_python, _npm, _go, _cargo)


def _is_test_file(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py") or name == "tests.py"


def _configures_pytest(tree: Tree) -> bool:
    if any(tree.exists(it) for it in _PYTEST_FILES):
        return True
    if "[tool:pytest]" in _text(tree, "setup.cfg") or "[pytest]" in _text(tree, "tox.ini"):
        return True
    try:
        project = tomllib.loads(_text(tree, "pyproject.toml"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    tool = project.get("tool")
    return isinstance(tool, dict) and "pytest" in tool


def _is_pytest(tree: Tree, path: str) -> bool:
    """Whether a test file has tests that unittest does not find."""
    pattern = r"^(?:import pytest\b|from pytest\b|(?:async )?def test)"
    return re.search(pattern, _text(tree, path), re.MULTILINE) is not None


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read_text(path)
    except ToolRetry:
        return ""
