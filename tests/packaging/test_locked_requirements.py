"""What is installed is what was locked: each release by its hash, and nothing without one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HASHED = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")


@pytest.mark.parametrize("name", ["podium.txt", "dev.txt"])
def test_each_requirement_is_one_release_with_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    lines = [it for it in text.splitlines() if it and not it.lstrip().startswith("#")]
    requirements = re.sub(r" \\\s+", " ", "\n".join(lines)).splitlines()
    assert requirements
    assert [it for it in requirements if not HASHED.fullmatch(it)] == []


def test_what_is_locked_is_installed_with_its_hashes_only() -> None:
    recipe = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^.*pip (?:install|sync) .*$", recipe, re.MULTILINE)
    locked = [it for it in installs if "requirements/" in it]
    assert len(locked) == 2
    assert all("--require-hashes" in it for it in locked)
    others = [it for it in installs if it not in locked]
    assert all("--no-deps" in it or "uv==" in it for it in others), others
