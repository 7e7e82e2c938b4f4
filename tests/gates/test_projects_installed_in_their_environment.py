"""An environment that has the project installed, from the user's own files, is no judge of a task.

What is judged is the worktree; real suites run in the real sandbox.
"""

import pytest

from environments import install_copy, install_editable, install_with_finder, make_environment
from gates.candidates import Candidate, Files
from podium.domain.verdict import Outcome
from podium.gates.acceptance import judge_acceptance
from podium.gates.context import GateContext
from podium.gates.suite import judge_suite

CALC = "def half(x):\n    return x / 2\n"
SYNTAX_ERROR = "def half(x:\n"
TEST = """
import unittest
from calc import half


class T(unittest.TestCase):
    def test_half(self):
        self.assertEqual(half(2), 1)
"""
FLAT = {"calc.py": CALC, "test_calc.py": TEST}
SRC = {"src/calc.py": CALC, "tests/test_calc.py": TEST}
COMMAND = "python3 -m unittest discover -q -s tests"
IMPORT = "python3 -c 'import calc'"


def users_files(context: GateContext, files: Files) -> None:
    for path, text in files.items():
        (context.workspace / path).parent.mkdir(parents=True, exist_ok=True)
        (context.workspace / path).write_text(text)


@pytest.mark.parametrize("with_finder", [False, True], ids=["path", "finder"])
async def test_modules_that_lead_to_the_users_files_are_nobodys_fault(
    candidate: Candidate, *, with_finder: bool
) -> None:
    context = candidate(SRC, SRC | {"a.txt": ""}, suite=(COMMAND,), accept=(IMPORT, "true"))
    site_packages = make_environment(context.workspace)
    if with_finder:
        install_with_finder(site_packages, context.workspace, "calc", "src/calc.py")
    else:
        install_editable(site_packages, context.workspace, "src")
    users_files(context, SRC)
    for verdict in (await judge_suite(context), await judge_acceptance(context)):
        assert verdict.outcome is Outcome.UNKNOWN, verdict
        assert "your own files, which commands cannot read" in verdict.summary
        assert "`PYTHONPATH=src`" in verdict.summary
        assert verdict.output


@pytest.mark.parametrize("root", [".", "lib"])
async def test_advice_names_the_directory_that_python_would_have_found(
    root: str, candidate: Candidate
) -> None:
    program = f"{root}/shop/prices/half.py"
    files = {program: CALC, f"{root}/shop/__init__.py": "", f"{root}/shop/prices/__init__.py": ""}
    accept = "cd / && python3 -c 'import half'"
    context = candidate(files, files, accept=(accept,))
    site_packages = make_environment(context.workspace)
    install_with_finder(site_packages, context.workspace, "half", program)
    users_files(context, files)
    verdict = await judge_acceptance(context)
    assert verdict.outcome is Outcome.UNKNOWN, verdict
    assert verdict.summary.endswith(f"for example `PYTHONPATH={root}`")


async def test_an_honest_failure_beside_them_fails(candidate: Candidate) -> None:
    context = candidate(SRC, SRC, accept=(IMPORT, "false"))
    install_editable(make_environment(context.workspace), context.workspace, "src")
    users_files(context, SRC)
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, verdict.command) == (Outcome.FAILED, "false")
    assert [it.message for it in verdict.complaints] == ["`false` exited with 1"]


@pytest.mark.parametrize(
    ("before", "after", "suite", "outcome"),
    [
        (FLAT, FLAT, "", Outcome.PASSED),
        (FLAT, FLAT | {"calc.py": SYNTAX_ERROR}, "", Outcome.FAILED),
        (FLAT, {"test_calc.py": TEST, "halves.py": CALC}, "", Outcome.FAILED),
        (FLAT, FLAT | {"calc.py": "import calc.more\n" + CALC}, "", Outcome.FAILED),
        (SRC, SRC, f"PYTHONPATH=src {COMMAND}", Outcome.PASSED),
        (SRC, SRC | {"src/calc.py": SYNTAX_ERROR}, f"PYTHONPATH=src {COMMAND}", Outcome.FAILED),
    ],
    ids=["flat", "flat broken", "renamed", "wrong import", "src found", "src found broken"],
)
async def test_where_the_worktree_wins_it_is_judged(
    before: Files, after: Files, suite: str, outcome: Outcome, candidate: Candidate
) -> None:
    """The user's own files are whole all the while."""
    accept = suite or "python3 -m unittest discover -q"
    context = candidate(before, after, suite=(suite,) if suite else (), accept=(accept,))
    root = "src" if before is SRC else "."
    install_editable(make_environment(context.workspace), context.workspace, root)
    users_files(context, before)
    assert (await judge_suite(context)).outcome is outcome
    assert (await judge_acceptance(context)).outcome is outcome


async def test_a_copy_may_have_passed_in_place_of_the_worktrees_file(candidate: Candidate) -> None:
    after = SRC | {"src/calc.py": SYNTAX_ERROR}
    context = candidate(SRC, after, suite=(COMMAND,), accept=(IMPORT,))
    install_copy(make_environment(context.workspace, "venv"), context.workspace, "calc", CALC)
    for verdict in (await judge_suite(context), await judge_acceptance(context)):
        assert verdict.outcome is Outcome.UNKNOWN, verdict
        assert "has a copy of your files installed (project-1)" in verdict.summary
        assert "`pip install -e`" in verdict.summary


async def test_what_does_not_say_where_it_came_from_counts_as_a_copy(candidate: Candidate) -> None:
    context = candidate(FLAT, FLAT)
    info = make_environment(context.workspace) / "odd-2.dist-info"
    info.mkdir()
    (info / "direct_url.json").write_text("[")
    assert "installed (odd-2)" in (await judge_suite(context)).summary


async def test_a_python_that_cannot_say_what_is_installed_is_not_believed(
    candidate: Candidate,
) -> None:
    context = candidate(FLAT, FLAT)
    site_packages = make_environment(context.workspace)
    (site_packages / "broken.pth").write_text("import os; print('no', flush=True); os._exit(0)\n")
    verdict = await judge_suite(context)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.summary == "python3 does not say what is installed in it: no"
