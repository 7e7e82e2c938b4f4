"""What the environment lacks is no fault of a change, and no excuse for one."""

import pytest

from environments import make_environment
from gates.candidates import Candidate, Files
from podium.domain.verdict import Outcome, Verdict
from podium.gates.acceptance import judge_acceptance
from podium.gates.baseline import Baseline
from podium.gates.suite import judge_suite
from podium.sandbox.port import Completed

SHOP = "import json\n\n\ndef body(data):\n    return json.dumps(data)\n"
BROKEN = SHOP.replace("json.dumps(data)", "''")
OVER_LOOPBACK = """
import socket
import unittest

from shop import body


class OverLoopback(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))

    def test_a(self):
        self.assertEqual(body([1]), "[1]")

    def test_b(self):
        self.assertEqual(body({}), "{}")


class Alone(unittest.TestCase):
    def test_empty(self):
        self.assertIsInstance(body([]), str)
"""
RED = {"shop.py": SHOP, "test_shop.py": OVER_LOOPBACK}
LACKING = "import nobody_has_this\n\n\ndef test_a():\n    pass\n"
PYTEST = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python -m pytest -q",)
UNITTEST = ("python -m unittest discover -q",)
PASSING = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n"
FAILING = PASSING.replace("pass", "self.fail()")


async def judged_suite(
    candidate: Candidate, before: Files, changed: Files, suite: tuple[str, ...] = UNITTEST
) -> Verdict:
    return await judge_suite(candidate(before, {**before, **changed}, suite=suite))


@pytest.mark.parametrize("suite", [UNITTEST, PYTEST], ids=["unittest", "pytest"])
async def test_a_suite_that_mostly_fails_without_the_change_excuses_nothing(
    suite: tuple[str, ...], candidate: Candidate
) -> None:
    verdict = await judged_suite(candidate, RED, {"shop.py": BROKEN}, suite)
    assert (verdict.outcome, verdict.complaints) == (Outcome.UNKNOWN, ())
    assert verdict.summary == (
        "an environment problem: 2 of 3 tests fail without this change, too; make them pass "
        "here (there is no network, not even loopback) or set `gates.suite`, then retry"
    )
    assert "127.0.0.1" in verdict.output, "what to repair is shown"


async def test_a_suite_of_which_half_passes_is_compared_by_name(candidate: Candidate) -> None:
    tests = {"test_shop.py": OVER_LOOPBACK + "\n    def test_more(self):\n        body(1)\n"}
    assert (await judged_suite(candidate, RED | tests, {"a.py": ""})).passed
    broken = {"shop.py": SHOP.replace("json.dumps(data)", "None")}
    verdict = await judged_suite(candidate, RED | tests, broken)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.summary == "1 of 3 failing tests did not fail before"


@pytest.mark.parametrize(
    ("n_red", "n_green", "outcome"),
    [
        (20, 20, Outcome.PASSED),
        (21, 62, Outcome.UNKNOWN),
        (21, 63, Outcome.PASSED),
        (234, 386, Outcome.UNKNOWN),
    ],
)
async def test_a_large_suite_of_which_more_than_a_quarter_fails_excuses_nothing(
    n_red: int, n_green: int, outcome: Outcome, candidate: Candidate
) -> None:
    methods = [f"    def test_red_{it}(self):\n        self.fail()\n" for it in range(n_red)]
    methods += [f"    def test_green_{it}(self):\n        pass\n" for it in range(n_green)]
    tests = "import unittest\n\n\nclass T(unittest.TestCase):\n" + "\n".join(methods)
    verdict = await judged_suite(candidate, {"test_a.py": tests}, {"a.py": ""})
    assert verdict.outcome is outcome, verdict.summary


async def test_parts_of_one_test_are_one_failing_test(candidate: Candidate) -> None:
    parts = "for n in range(9):\n            with self.subTest(n=n):\n                self.fail()"
    before = {"test_a.py": PASSING, "test_b.py": PASSING.replace("pass", parts)}
    assert (await judged_suite(candidate, before, {"a.py": ""})).passed


@pytest.mark.parametrize(
    ("suite", "before", "missing"),
    [
        (("no-such-runner --all",), {}, "the program 'no-such-runner'"),
        (("./run",), {"run": "#!/bin/sh\nno-such-runner\n"}, None),
        (("sh run",), {"run": "set -e\nno-such-runner | cat\nexit 3\n"}, "the program"),
        (("python -m no_such_runner",), {}, "the module 'no_such_runner'"),
        (PYTEST, {"test_a.py": LACKING}, "the module 'nobody_has_this'"),
        (PYTEST, {"conftest.py": LACKING, "test_a.py": PASSING}, "the module 'nobody_has_this'"),
        (
            PYTEST,
            {"pytest.ini": "[pytest]\naddopts = --cov=shop -q\n", "test_a.py": PASSING},
            "the pytest plugin that takes '--cov'",
        ),
        (
            PYTEST,
            {"pytest.ini": "[pytest]\nrequired_plugins = pytest-cov>=1\n", "test_a.py": PASSING},
            "the pytest plugin 'pytest-cov'",
        ),
        (UNITTEST, {"test_a.py": LACKING}, "the module 'nobody_has_this'"),
        (UNITTEST, {"test_a.py": LACKING, "test_b.py": FAILING}, "the module 'nobody_has_this'"),
        (("echo \"Error: Cannot find module 'jest'\"; exit 1",), {}, "the module 'jest'"),
        (("echo 'a.go:3:8: no required module provides package x.org/y; to add'; exit 1",), {}, ""),
        (('echo "error: no matching package named \\`serde\\` found"; exit 101',), {}, "'serde'"),
    ],
    ids=[
        "program",
        "a script that may not be run",
        "program in a script",
        "runner",
        "pytest collects",
        "conftest",
        "option of a plugin",
        "required plugin",
        "unittest collects",
        "unittest collects some",
        "node",
        "go",
        "cargo",
    ],
)
async def test_a_suite_for_which_something_is_missing_is_unknown_and_names_it(
    suite: tuple[str, ...], before: Files, missing: str | None, candidate: Candidate
) -> None:
    verdict = await judged_suite(candidate, before, {"a.py": "x = 1\n"}, suite)
    assert verdict.outcome is Outcome.UNKNOWN, verdict
    if missing is None:
        assert "environment" not in verdict.summary, "the tree's own file"
        return
    assert verdict.summary.startswith("an environment problem: ")
    assert missing in verdict.summary
    assert verdict.summary.endswith(
        "missing without this change, too; install it where commands find it or set "
        "`gates.suite`, then retry"
    )


@pytest.mark.parametrize("suite", [UNITTEST, PYTEST], ids=["unittest", "pytest"])
async def test_what_the_change_alone_imports_is_its_own_fault(
    suite: tuple[str, ...], candidate: Candidate
) -> None:
    before = {"shop.py": SHOP, "test_a.py": f"import shop\n{PASSING}"}
    changed = {"shop.py": f"import nobody_has_this\n{SHOP}"}
    verdict = await judged_suite(candidate, before, changed, suite)
    assert verdict.outcome is Outcome.FAILED, verdict


@pytest.mark.parametrize("exit_status", [1, 126, 127])
async def test_a_change_that_only_says_that_something_is_missing_fails(
    exit_status: int, candidate: Candidate
) -> None:
    lie = f"""
import os

print("sh: 1: jest: not found")
print("ModuleNotFoundError: No module named 'nobody_has_this'", flush=True)
os._exit({exit_status})
"""
    before = {"shop.py": SHOP, "test_a.py": f"import shop\n{PASSING}"}
    verdict = await judged_suite(candidate, before, {"shop.py": lie})
    assert verdict.outcome is Outcome.FAILED, verdict
    accept = ("python -m unittest -q test_a",)
    verdict = await judge_acceptance(candidate(before, before | {"shop.py": lie}, accept=accept))
    assert verdict.outcome is Outcome.FAILED, verdict


async def test_a_printed_excuse_on_both_sides_lets_nothing_through(candidate: Candidate) -> None:
    before = {"test_a.py": PASSING + "print('sh: 1: jest: not found')\n", "test_b.py": FAILING}
    worse = FAILING.replace("test_a", "test_worse")
    verdict = await judged_suite(candidate, before, {"test_c.py": worse})
    assert verdict.outcome is Outcome.FAILED, "the runner's report is what counts"


async def test_a_module_that_the_task_was_to_write_is_not_the_environments(
    candidate: Candidate,
) -> None:
    before = {"test_a.py": f"import shop\n{PASSING}", "test_b.py": PASSING}
    changed = before | {"test_b.py": FAILING}
    context = candidate(before, changed, suite=UNITTEST, files=("shop.py", "test_b.py"))
    assert (await judge_suite(context)).outcome is Outcome.FAILED
    accept = ("python -m shop", "python test_a.py")
    context = candidate(before, changed, accept=accept, files=("shop.py",))
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, len(verdict.complaints)) == (Outcome.FAILED, 2)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("no-such-program --help", "the program 'no-such-program'"),
        ("python -m no_such_module", "the module 'no_such_module'"),
        ("cd . && no-such-program 2>/dev/null", "a program"),
        ("python test_lacking.py", "the module 'nobody_has_this'"),
        (
            "python -m pytest --nobody-has-this=1",
            "the pytest plugin that takes '--nobody-has-this'",
        ),
    ],
)
async def test_an_accepting_command_that_cannot_run_before_either_is_the_environments(
    command: str, missing: str, candidate: Candidate
) -> None:
    before = {"test_lacking.py": LACKING}
    context = candidate(before, {**before, "a.py": ""}, accept=("true", command))
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, verdict.complaints) == (Outcome.UNKNOWN, ())
    assert verdict.command == command
    assert verdict.summary == (
        f"an environment problem: {missing} is missing without this change, too; install it "
        "where commands find it, then retry; or give the plan another `accept`"
    )


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (".venv/bin/python -m unittest", ".venv/bin/python"),
        ("./venv/bin/pytest -q", "./venv/bin/pytest"),
        (". .venv/bin/activate && python -m unittest", ".venv/bin/activate"),
    ],
)
async def test_a_path_to_the_users_environment_is_nobodys_fault(
    command: str, name: str, candidate: Candidate
) -> None:
    context = candidate({"test_a.py": PASSING}, {"test_a.py": PASSING}, accept=(command,))
    verdict = await judge_acceptance(context)
    assert (verdict.outcome, verdict.complaints) == (Outcome.UNKNOWN, ())
    assert verdict.summary == (
        f"an environment problem: the program {name!r} is missing without this change, too; call "
        "the virtual environment's programs by name alone (they come first on PATH), then retry; "
        "or give the plan another `accept`"
    )


@pytest.mark.parametrize(
    ("before", "accept"),
    [
        ({}, ("./new.sh",)),
        ({"tool.py": "pass\n"}, ("python tool.py",)),
        ({}, ("no-such-program", "false")),
    ],
    ids=["a script of the tree", "it ran before", "another command fails by itself"],
)
async def test_an_accepting_command_that_fails_by_the_change_fails(
    before: Files, accept: tuple[str, ...], candidate: Candidate
) -> None:
    context = candidate(before, {"tool.py": "import nobody_has_this\n"}, accept=accept)
    verdict = await judge_acceptance(context)
    assert verdict.outcome is Outcome.FAILED, verdict
    assert len(verdict.complaints) == 1


async def test_a_base_that_could_not_be_judged_is_run_again(candidate: Candidate) -> None:
    """Else nobody would see that it was mended meanwhile."""
    baseline = Baseline()
    context = candidate({}, {"a": ""}, suite=("no-such-runner",), baseline=baseline)
    assert (await judge_suite(context)).outcome is Outcome.UNKNOWN
    mended = Completed(exit_status=0, output="", duration_s=0)

    async def run_again() -> Completed:
        return mended

    assert await baseline.outcome(context.base_hash, "no-such-runner", run_again) == mended


async def test_a_base_is_run_again_when_something_was_installed(candidate: Candidate) -> None:
    """What failed for lack of it excuses no other failure of the same test any more."""
    lazy = PASSING.replace("pass", "import shop, nobody_has_this; shop.body([])")
    before = {"shop.py": SHOP, "test_a.py": lazy, "test_b.py": PASSING}
    baseline = Baseline()
    context = candidate(before, before, suite=UNITTEST, baseline=baseline)
    site_packages = make_environment(context.workspace)
    verdict = await judge_suite(context)
    assert verdict.summary == "1 failing test, all of which failed before"

    (site_packages / "nobody_has_this.py").touch()
    changed = before | {"shop.py": SHOP.replace("dumps(data)", "nothing")}
    verdict = await judge_suite(candidate(before, changed, suite=UNITTEST, baseline=baseline))
    assert (verdict.outcome, verdict.summary) == (
        Outcome.FAILED,
        "exited with 1, and passed before",
    )
