"""What real runners write, read back."""

import subprocess
import sys
from pathlib import Path

import pytest

from gates.candidates import Files, write
from podium.domain.verdict import Complaint
from podium.gates.failures import MAX_TESTS, Report, last_place, read_report
from podium.gates.places import finder

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
UNITTEST = ("-m", "unittest", "discover", "-q")
CALC = """def half(x):
    {1: 0, 2: 0, 3: 0, 13: 0}[x]
    if x == 13:
        raise ValueError('no')
    return x / 2
"""


def run(root: Path, files: Files, *arguments: str) -> str:
    write(root / "tree", files)
    completed = subprocess.run(
        [sys.executable, *arguments],
        cwd=root / "tree",
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return completed.stdout


def shown(report: Report | None) -> list[str]:
    assert report is not None
    return [
        f"{it.place and it.place.path}:{it.place and it.place.first_line}: {it.message}"
        for it in report.failing.values()
    ]


def test_pytest(tmp_path: Path) -> None:
    tests = """
import pytest
from calc import half

@pytest.mark.parametrize("n", [1, 13, "a - b]"])
def test_half(n):
    assert half(n) == 0.5

class TestMore:
    def test_more(self):
        assert half(3) == 2

@pytest.fixture
def broken():
    raise RuntimeError("fixture")

def test_broken(broken):
    pass

def test_parts(subtests):
    with subtests.test("of - it", i=1):
        assert half(2) == 5

@pytest.mark.skip
def test_skipped():
    pass
"""
    files = {"calc.py": CALC, "tests/test_calc.py": tests}
    report = read_report(run(tmp_path, files, *PYTEST), finder(tmp_path / "tree"))
    assert shown(report) == [
        "calc.py:4: tests/test_calc.py::test_half[13]: ValueError: no",
        "calc.py:2: tests/test_calc.py::test_half[a - b]]: KeyError: 'a - b]'",
        "tests/test_calc.py:11: tests/test_calc.py::TestMore::test_more: assert 1.5 == 2",
        "tests/test_calc.py:1: tests/test_calc.py::test_parts: contains 1 failed subtest",
        "tests/test_calc.py:15: tests/test_calc.py::test_broken: RuntimeError: fixture",
    ]
    assert report is not None
    assert report.n_run == 7


@pytest.mark.parametrize("tracebacks", ["native", "no"])
def test_pytest_with_other_tracebacks(tracebacks: str, tmp_path: Path) -> None:
    files = {"test_a.py": "def test_a():\n    assert 1 == 2\n"}
    output = run(tmp_path, files, *PYTEST, f"--tb={tracebacks}")
    [complaint] = shown(read_report(output, finder(tmp_path / "tree")))
    line = 1 if tracebacks == "no" else 2
    assert complaint == f"test_a.py:{line}: test_a.py::test_a: assert 1 == 2"


@pytest.mark.parametrize(
    ("files", "options"),
    [
        ({"test_a.py": "import nothing\n", "test_b.py": "def test_b(): pass\n"}, ()),
        ({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, ("-x",)),
    ],
    ids=["collection is interrupted", "stops at the first"],
)
def test_a_run_that_stopped_early_is_no_report(
    files: Files, options: tuple[str, ...], tmp_path: Path
) -> None:
    output = run(tmp_path, files, *PYTEST, *options)
    assert read_report(output, finder(tmp_path / "tree")) is None


WHOLE = """FF                                                     [100%]
=========================== short test summary info ============================
FAILED test_a.py::test_a - assert 0
FAILED test_a.py::test_b - assert 0
2 failed in 0.02s
"""


@pytest.mark.parametrize(
    "lost", ["FAILED test_a.py::test_a", "FAILED test_a.py::test_b", "2 failed"]
)
def test_a_report_that_does_not_add_up_is_no_report(lost: str, tmp_path: Path) -> None:
    assert shown(read_report(WHOLE, finder(tmp_path))) == [
        "None:None: test_a.py::test_a: assert 0",
        "None:None: test_a.py::test_b: assert 0",
    ]
    assert read_report(WHOLE.replace(lost, "[…]"), finder(tmp_path)) is None


def test_unittest(tmp_path: Path) -> None:
    tests = """
import unittest
from calc import half

class T(unittest.TestCase):
    def test_a(self):
        '''In words'''
        self.assertEqual(half(13), 1)

    def test_b(self):
        for i in range(2):
            with self.subTest(i=i):
                self.assertEqual(i, 5)

    def test_c(self):
        self.assertEqual("a\\nb", "a\\nc")

    @unittest.expectedFailure
    def test_d(self):
        pass
"""
    files = {"calc.py": CALC, "test_calc.py": tests}
    report = read_report(run(tmp_path, files, *UNITTEST), finder(tmp_path / "tree"))
    assert shown(report) == [
        "calc.py:4: test_a (test_calc.T.test_a): ValueError: no",
        "test_calc.py:13: test_b (test_calc.T.test_b) (i=0): AssertionError: 0 != 5",
        "test_calc.py:13: test_b (test_calc.T.test_b) (i=1): AssertionError: 1 != 5",
        "test_calc.py:16: test_c (test_calc.T.test_c): AssertionError: 'a\\nb' != 'a\\nc'",
        "None:None: test_d (test_calc.T.test_d)",
    ]


@pytest.mark.parametrize("runner", [PYTEST, UNITTEST], ids=["pytest", "unittest"])
def test_nothing_to_run(runner: tuple[str, ...], tmp_path: Path) -> None:
    report = read_report(run(tmp_path, {"a.py": ""}, *runner), finder(tmp_path / "tree"))
    assert report == Report(failing={}, n_run=0, n_failed=0, n_passed=0)


@pytest.mark.parametrize(
    "output",
    ["", "ok", "FAILED a - b", "Ran 3 tests in 0.1s\n\nFAILED (failures=2)\n", "make: *** [x] 1"],
)
def test_other_output_is_no_report(output: str, tmp_path: Path) -> None:
    assert read_report(output, finder(tmp_path)) is None


def test_only_files_of_the_tree_are_places(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    outside = f"""
  File "{tmp_path}/a.py", line 7, in f
  File "/etc/passwd", line 1, in g
  File "link.py", line 1, in g
  File "../a.py", line 1, in g
  File "{tmp_path}/../a.py", line 1, in g
b.py:5: gone
"""
    place = last_place(outside, finder(tmp_path))
    assert place is not None
    assert (place.path, place.first_line) == ("a.py", 7)


def test_a_line_number_of_any_length_is_survived(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert last_place(f'File "a.py", line {"9" * 5000}', finder(tmp_path))
    assert last_place("a.py:0: x", finder(tmp_path))


@pytest.mark.parametrize(
    "piece", ["FAILED a[", "_ ", "SUBFAILED ", "1 failed, ", "a:", "=", "] - ", "____ a"]
)
def test_hostile_output_costs_little(piece: str, tmp_path: Path) -> None:
    """What costs quadratic time here runs into the time limit of the test."""
    find = finder(tmp_path)
    for output in (piece * 8000, (piece + "\n") * 8000, "FAILED " + piece * 8000):
        assert read_report(output, find) is None
        read_report(f"{output}\n1 failed in 0.1s\nRan 1 test in 0.1s\n", find)


def test_of_very_many_tests_the_first_are_named() -> None:
    failing = {f"test_{it}": Complaint(message="no") for it in range(1_000)}
    long = {"x" * 10_000: Complaint(message="no")}
    report = Report(failing=long | failing, n_run=1_001, n_failed=1_001, n_passed=0)
    assert [it.name for it in report.tests] == [f"test_{it}" for it in range(MAX_TESTS)]
