"""Which paths a task may touch, asked of all who decide it: on each case they agree."""

from pathlib import Path

import pytest

from document.plan_samples import PLAN, FakeTree
from domain.lives import STARTED, Life, task
from gates.candidates import Candidate
from podium.document import ProblemSeverity, checks, parse
from podium.domain.paths import plain_path
from podium.errors import ToolRetry
from podium.gates.scope import judge_scope
from podium.tools.context import ToolContext
from podium.workspace.tree import Tree


def errors_of(*declared: str) -> list[str]:
    """Return the codes of the errors in a plan whose tasks, T1 and so on, declare one path each."""
    tasks = (f"- [ ] T{n}: x\n  - files: `{it}`\n" for n, it in enumerate(declared, 1))
    tree = FakeTree({plain_path(it): 9 for it in declared})
    found = checks(parse(PLAN, "## Tasks\n" + "".join(tasks)), tree)
    noise = {"unknown-category"}
    return [
        it.code for it in found if it.severity is ProblemSeverity.ERROR and it.code not in noise
    ]


def may_be_written(declared: str, path: str, root: Path) -> bool:
    try:
        ToolContext(tree=Tree(root), allowed_files=(declared,)).editable(path)
    except ToolRetry:
        return False
    return True


def run_side_by_side(*declared: str) -> bool:
    tasks = (task(f"T{n}", it) for n, it in enumerate(declared, 1))
    life = Life(*tasks).play(STARTED)
    life.say("prepared")
    return life.effects == ["work T1", "work T2"]


@pytest.mark.parametrize(
    ("declared", "path", "may_change", "side_by_side"),
    [
        ("src/app.py", "src/app.py", True, False),
        ("./src//app.py", "src/app.py", True, False),
        ("src/", "src/app.py", True, False),
        ("src", "src/app.py", True, False),
        ("src/", "src/deep/app.py", True, False),
        ("src/app.py/", "src/app.py", True, False),
        (".", "src/app.py", True, False),
        ("pages/[id].tsx", "pages/[id].tsx", True, False),
        ("src/app.py", "src", False, False),
        ("README.md", "readme.md", False, False),
        ("src/app.py", "src/text.py", False, True),
        ("src/", "srcs/app.py", False, True),
        ("src/", "tests/src/app.py", False, True),
        ("pages/[id].tsx", "pages/i.tsx", False, True),
        ("src\\app.py", "src/app.py", False, True),
    ],
)
async def test_what_a_declared_path_stands_for(
    declared: str,
    path: str,
    *,
    may_change: bool,
    side_by_side: bool,
    candidate: Candidate,
    tmp_path: Path,
) -> None:
    for both in ((declared, path), (path, declared)):
        assert errors_of(*both) == ([] if side_by_side else ["shared-file"])
        assert run_side_by_side(*both) is side_by_side
    assert may_be_written(declared, path, tmp_path) is may_change
    verdict = await judge_scope(candidate({}, {path: ""}, files=(declared,)))
    assert verdict.passed is may_change


@pytest.mark.parametrize(
    ("declared", "path", "code"),
    [
        ("src/*.py", "src/app.py", "path-pattern"),
        ("src/**", "src/app.py", "path-pattern"),
        ("src/ap?.py", "src/app.py", "path-pattern"),
        ("src/*.py", "src/*.py", "path-pattern"),
        ("/src/app.py", "src/app.py", "path-outside"),
        ("//", "src/app.py", "path-outside"),
        ("../src/app.py", "src/app.py", "path-outside"),
        ("tests/../src/app.py", "src/app.py", "path-outside"),
        ("tests\\..\\app.py", "app.py", "path-outside"),
        ("~/src/app.py", "src/app.py", "path-outside"),
        ("C:\\src\\app.py", "src/app.py", "path-outside"),
        ("src/\x07/app.py", "src/app.py", "path-outside"),
    ],
)
async def test_what_declares_nothing(
    declared: str, path: str, code: str, candidate: Candidate, tmp_path: Path
) -> None:
    assert errors_of(declared) == [code]
    assert not may_be_written(declared, path, tmp_path)
    assert not (await judge_scope(candidate({}, {path: ""}, files=(declared,)))).passed


@pytest.mark.parametrize("path", ["src/../b.py", "/src/a.py", "src/\x07", "..", "."])
async def test_what_nothing_declares(path: str, candidate: Candidate, tmp_path: Path) -> None:
    assert not may_be_written("src/", path, tmp_path)
    assert not (await judge_scope(candidate({}, {path: ""}, files=("src/",)))).passed


async def test_a_file_with_the_name_of_a_pattern_is_in_its_directory(
    candidate: Candidate, tmp_path: Path
) -> None:
    assert may_be_written("src/", "src/what?.txt", tmp_path)
    assert (await judge_scope(candidate({}, {"src/what?.txt": ""}, files=("src/",)))).passed


def test_a_task_without_files_declares_nothing(tmp_path: Path) -> None:
    with pytest.raises(ToolRetry):
        ToolContext(tree=Tree(tmp_path), allowed_files=()).editable("src/app.py")


def test_a_task_that_says_why_runs_beside_another_one_of_its_files() -> None:
    beside = task("T2", "src/app.py").evolve(parallel="it only adds a line at the end")
    Life(task("T1", "src/"), beside, task("T3", "src/app.py")).play(f"""{STARTED}
        prepared               -> work T1, work T2
        = running, T3 waiting
    """)
