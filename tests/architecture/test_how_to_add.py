"""What ``docs/architecture.md`` says of adding a thing is so: those files, and no others."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
ADDING = PAGE.partition("## How to add\n")[2]
THINGS = dict(re.findall(r"(?ms)^### (An? [^\n]+)\n(.*?)(?=^##)", ADDING))
MAX_STEPS = 4
SOURCES = ("orchestration/", "server/", "editors/")
CODE = {".py", ".md", ".lua", ".ts", ".json"}


@cache
def sources() -> dict[str, str]:
    """Return the text of each source file that is shipped, by path."""
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *SOURCES],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [it for it in tracked.stdout.splitlines() if Path(it).suffix in CODE]
    return {it: (ROOT / it).read_text() for it in paths if (ROOT / it).is_file()}


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_all_that_is_usually_added_is_there() -> None:
    assert set(THINGS) == {
        "A gate",
        "A role",
        "A tool",
        "A job",
        "An event",
        "A human command",
        "A plan check",
        "An LSP request",
        "A provider",
        "A sandbox",
        "An environment",
        "A language",
    }


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_is_added_in_the_files_of_its_steps(thing: str) -> None:
    example, *steps = re.split(r"^\d\. ", THINGS[thing], flags=re.MULTILINE)
    assert 1 <= len(steps) <= MAX_STEPS
    files = {it for step in steps for it in quoted(step) if "/" in it}
    assert [it for it in files if not (ROOT / it).is_file()] == []
    names = "|".join(map(re.escape, quoted(example)))
    having = {
        path for path, text in sources().items() if re.search(rf"(?<!\w)({names})(?!\w)", text)
    }
    assert having, f"no source file has {names}"
    assert having - files == set(), f"{names} should not be named here"
    assert any(it.startswith("tests/") or it.endswith((".md", ".json", ".toml")) for it in files)
