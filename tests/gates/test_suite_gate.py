"""What passed before passes still: real suites, in the real sandbox."""

from pathlib import Path

import pytest

from gates.candidates import Candidate, Files
from podium.domain.verdict import Outcome, Place
from podium.gates.baseline import Baseline
from podium.gates.suite import judge_suite
from podium.sandbox.port import Completed

CALC = "def half(x):\n    return x / 2\n"
BROKEN = "def half(x):\n    return x // 0\n"
GOOD = """
import unittest
from calc import half


class T(unittest.TestCase):
    def test_half(self):
        self.assertEqual(half(2), 1)
"""
BAD = GOOD + "\n    def test_bad(self):\n        self.assertEqual(half(2), 7)\n"
WORSE = BAD + "\n    def test_worse(self):\n        self.assertEqual(half(2), 8)\n"
PYTEST = "from calc import half\n\n\ndef test_half():\n    assert half(2) == 1\n"
OK = {"calc.py": CALC, "test_calc.py": GOOD}


@pytest.mark.parametrize(
    ("before", "after", "outcome", "summary"),
    [
        (OK, OK, Outcome.PASSED, "all that ran passed"),
        (OK, OK | {"calc.py": BROKEN}, Outcome.FAILED, "exited with 1, and passed before"),
        (
            OK | {"test_calc.py": BAD},
            OK | {"test_calc.py": BAD, "calc.py": CALC + "\n"},
            Outcome.PASSED,
            "1 failing test, all of which failed before",
        ),
        (
            OK | {"test_calc.py": BAD},
            OK | {"test_calc.py": WORSE},
            Outcome.FAILED,
            "1 of 2 failing tests did not fail before",
        ),
        (OK, {"calc.py": CALC}, Outcome.FAILED, "no test was found, and there were some before"),
        ({"calc.py": CALC}, OK, Outcome.PASSED, "all that ran passed"),
        (
            {"calc.py": CALC},
            OK | {"test_calc.py": BAD},
            Outcome.FAILED,
            "exited with 1, and there were no tests before",
        ),
    ],
    ids=[
        "passes",
        "breaks",
        "was broken",
        "breaks more",
        "deletes the tests",
        "adds the first tests",
        "adds a failing first test",
    ],
)
async def test_a_detected_suite(
    before: Files, after: Files, outcome: Outcome, summary: str, candidate: Candidate
) -> None:
    verdict = await judge_suite(candidate(before, after))
    assert verdict.outcome is outcome, verdict
    assert (verdict.summary, verdict.command) == (summary, "python3 -m unittest discover -q")


async def test_a_failure_is_shown_on_the_line_that_fails(
    candidate: Candidate, with_pytest: Path
) -> None:
    before = {"calc.py": CALC, "tests/test_calc.py": PYTEST}
    context = candidate(before, before | {"calc.py": BROKEN}, workspace=with_pytest)
    verdict = await judge_suite(context)
    assert (verdict.outcome, verdict.exit_status) == (Outcome.FAILED, 1), verdict.output
    [complaint] = verdict.complaints
    assert complaint.place == Place(path="calc.py", first_line=2, last_line=2)
    assert complaint.message.startswith("tests/test_calc.py::test_half: ZeroDivisionError")
    assert "ZeroDivisionError" in verdict.output
    assert [(it.name, it.outcome) for it in verdict.tests] == [
        ("tests/test_calc.py::test_half", Outcome.FAILED)
    ]


@pytest.mark.parametrize(
    ("suite", "outcome", "summary"),
    [
        (("true", "test -e a.txt"), Outcome.PASSED, "true: all that ran passed"),
        (("true", "false"), Outcome.UNKNOWN, "false: exited with 1; before it exited with 1"),
        (("false", "test ! -e new.txt"), Outcome.FAILED, "test ! -e new.txt: exited with 1"),
        (("no-such-runner",), Outcome.UNKNOWN, "an environment problem: the program 'no-such-"),
    ],
)
async def test_a_configured_suite(
    suite: tuple[str, ...], outcome: Outcome, summary: str, candidate: Candidate
) -> None:
    context = candidate({"a.txt": ""}, {"a.txt": "", "new.txt": ""}, suite=suite)
    verdict = await judge_suite(context)
    assert verdict.outcome is outcome
    assert verdict.summary.startswith(summary)
    assert verdict.command == "; ".join(suite)


async def test_a_suite_that_hangs_fails_if_it_did_not_before(candidate: Candidate) -> None:
    suite = ("if test -e new.txt; then sleep 60; fi",)
    verdict = await judge_suite(candidate({}, {"new.txt": ""}, suite=suite, timeout_s=1))
    assert verdict.outcome is Outcome.FAILED
    assert "was not done within 1 s" in verdict.summary


async def test_without_a_suite_it_passes_and_names_the_key(candidate: Candidate) -> None:
    verdict = await judge_suite(candidate({"a.txt": ""}, {"a.txt": "b"}))
    assert (verdict.outcome, verdict.command) == (Outcome.PASSED, "")
    assert "`gates.suite`" in verdict.summary


async def test_what_else_was_found_is_named(candidate: Candidate) -> None:
    files = OK | {"package.json": '{"scripts": {"test": "node --test"}}'}
    verdict = await judge_suite(candidate(files, files))
    assert verdict.summary.endswith("; not run: npm test --silent (`gates.suite` decides)")


async def test_an_agent_does_not_choose_how_it_is_tested(candidate: Candidate) -> None:
    """A new `conftest.py` would have made the runner pytest, and its hooks its judge."""
    hook = "def pytest_collection_modifyitems(items):\n    items.clear()\n"
    verdict = await judge_suite(candidate(OK, OK | {"calc.py": BROKEN, "conftest.py": hook}))
    assert verdict.outcome is Outcome.FAILED


async def test_the_base_is_run_once(candidate: Candidate) -> None:
    baseline = Baseline()
    before = OK | {"test_calc.py": BAD}
    context = candidate(before, before | {"a.py": ""}, baseline=baseline)
    assert (await judge_suite(context)).passed
    assert (await judge_suite(context)).passed

    async def run_again() -> Completed:
        raise AssertionError

    command = "python3 -m unittest discover -q"
    stamp = (await context.installation.look()).stamp
    kept = await baseline.outcome(context.base_hash, command, run_again, stamp=stamp)
    assert kept.exit_status == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '-ra -q'\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--color=yes'\n"),
        ("pytest.ini", "[pytest]\naddopts = -ra -q --color=yes\n"),
        ("pytest.ini", "[pytest]\naddopts = -qq\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = -rN -vv\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = --verbosity=-3\n"),
    ],
)
async def test_pytest_is_understood_however_the_project_has_it_write(
    file: str, text: str, candidate: Candidate, with_pytest: Path
) -> None:
    old = {"test_a.py": "def test_a():\n    assert 0\n\ndef test_ok():\n    pass\n", file: text}
    new = old | {"test_b.py": "def test_b():\n    assert 0\n"}
    verdict = await judge_suite(candidate(old, new, workspace=with_pytest))
    assert verdict.summary == "1 of 2 failing tests did not fail before", verdict.output
    assert [it.name for it in verdict.tests] == ["test_a.py::test_a", "test_b.py::test_b"]
    assert verdict.command == "python3 -m pytest -q"


async def test_colours_that_a_command_asks_for_hide_nothing(
    candidate: Candidate, with_pytest: Path
) -> None:
    old = {"test_a.py": "def test_a():\n    assert 0\n\ndef test_ok():\n    pass\n"}
    suite = ("python3 -m pytest --color=yes",)
    context = candidate(old, old | {"a.txt": ""}, suite=suite, workspace=with_pytest)
    verdict = await judge_suite(context)
    assert "\x1b[" in verdict.output
    assert verdict.summary == "1 failing test, all of which failed before"
