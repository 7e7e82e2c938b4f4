"""What is installed is what was locked: each release by its hash, and nothing without one."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
WANTED: list[str] = PYPROJECT["project"]["dependencies"]
EXTRA: list[str] = PYPROJECT["project"]["optional-dependencies"]["python"]
DEV: list[str] = PYPROJECT["dependency-groups"]["dev"]
HASHED = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize("name", ["podium.txt", "dev.txt"])
def test_each_requirement_is_one_release_with_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    lines = [it for it in text.splitlines() if it and not it.lstrip().startswith("#")]
    requirements = re.sub(r" \\\s+", " ", "\n".join(lines)).splitlines()
    assert requirements
    assert [it for it in requirements if not HASHED.fullmatch(it)] == []


@pytest.mark.parametrize(
    ("name", "wanted"), [("podium.txt", WANTED + EXTRA), ("dev.txt", WANTED + EXTRA + DEV)]
)
def test_each_locked_release_is_one_that_the_project_asks_for(name: str, wanted: list[str]) -> None:
    text = (ROOT / "requirements" / name).read_text()
    locked = dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", text, re.MULTILINE))
    asked = [Requirement(it) for it in wanted]
    wrong = [str(it) for it in asked if not it.specifier.contains(locked.get(it.name, "0"))]
    assert wrong == [], f"{name} does not hold what pyproject.toml asks for: run `poe lock`"


def test_what_an_installation_resolves_next_year_is_bounded() -> None:
    bounds = {it.name: str(it.specifier) for it in map(Requirement, WANTED)}
    assert [name for name, specifier in bounds.items() if "<" not in specifier] == ["structlog"]


def test_what_is_locked_is_installed_with_its_hashes_only() -> None:
    recipe = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^.*pip (?:install|sync) .*$", recipe, re.MULTILINE)
    locked = [it for it in installs if "requirements/" in it]
    assert len(locked) == 2
    assert all("--require-hashes" in it for it in locked)
    others = [it for it in installs if it not in locked]
    assert all("--no-deps" in it or "uv==" in it for it in others), others
