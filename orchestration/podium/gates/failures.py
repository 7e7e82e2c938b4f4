"""Which tests failed and where, as pytest and unittest write it on the terminal.

The text was written by code that agents wrote, so it decides nothing alone: an exit
status does, and this only says which failures an already failing suite has in common
with the tree before.  A report that was cut or does not add up is no report.
"""

import re
from collections.abc import Callable, Iterator

from podium.domain.base import Frozen
from podium.domain.verdict import Complaint, Outcome, Place, TestResult

MAX_TESTS = 200
MAX_NAME = 500
"""Characters; a longer name is no test's that anybody would look up."""
Exists = Callable[[str], str | None]
"""Takes a file as a traceback names it; returns its path in the tree, if it is in it."""


class Report(Frozen):
    """A test runner's own account."""

    failing: dict[str, Complaint]
    """Each failing test with what is wrong, where the output says so."""
    n_run: int
    n_failed: int
    """Tests that failed or could not be set up or found; each of a test's parts is not one."""
    n_passed: int

    @property
    def tests(self) -> tuple[TestResult, ...]:
        """The tests that it names: those that fail, as far as they are kept."""
        names = [it for it in self.failing if len(it) <= MAX_NAME][:MAX_TESTS]
        return tuple(TestResult(name=it, outcome=Outcome.FAILED) for it in names)


_PYTEST_END = re.compile(
    r"^=* ?(?P<counts>no tests ran|\d+ [a-z]+(?:, \d+ [a-z]+)*) in [\d.]+s(?: \([\d:]+\))? ?=*$",
    re.MULTILINE,
)
_PYTEST_TEST = re.compile(
    r"^(?:(?P<kind>FAILED|ERROR) |SUBFAILED.* (?=\S+::))"
    r"(?P<name>[^\[\n]+?(?:\[.*?\])?)(?: - (?P<message>.*))?$",
    re.MULTILINE,
)
_PYTEST_TITLE = re.compile(r"^_{3,} (?P<title>.+?) _{3,}$", re.MULTILINE)
_UNITTEST_END = re.compile(r"^Ran (?P<n>\d+) tests? in [\d.]+s$", re.MULTILINE)
_UNITTEST_COUNTS = re.compile(r"^FAILED \((?P<counts>[a-z0-9=, ]+)\)$", re.MULTILINE)
_UNITTEST_FAILING = ("failures", "errors", "unexpected successes")
_UNITTEST_TITLE = re.compile(
    r"^={70}\n(?:FAIL|ERROR|UNEXPECTED SUCCESS): (?P<title>.+)$", re.MULTILINE
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(
    r'^(?:\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+).*'
    r"|(?P<path>[^\s:][^:\n]*):(?P<number>\d+): .*)$",
    re.MULTILINE,
)


def read_report(output: str, find: Exists) -> Report | None:
    """Return what a test runner says, or `None` when it is not known or not complete."""
    text = _COLOUR.sub("", output)
    return _of_pytest(text, find) or _of_unittest(text, find)


def last_place(output: str, find: Exists) -> Place | None:
    """Return the innermost line of the tree that the last traceback of ``output`` names."""
    for frame in reversed(list(_FRAME.finditer(_COLOUR.sub("", output)))):
        path = find(frame["file"] or frame["path"])
        if path is not None:
            line = max(1, int((frame["line"] or frame["number"])[:9]))
            return Place(path=path, first_line=line, last_line=line)
    return None


def _of_pytest(output: str, find: Exists) -> Report | None:
    ends = list(_PYTEST_END.finditer(output))
    if not ends or re.search(r"^!{3,} ", output, re.MULTILINE):
        return None  # It stopped early: nobody knows of the tests that were not run.
    counts = {noun: int(n) for n, noun in re.findall(r"(\d+) ([a-z]+)", ends[-1]["counts"])}
    n_failing = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    tests = list(_PYTEST_TEST.finditer(output))
    if len(tests) != n_failing:
        return None
    sections = dict(_sections(output, _PYTEST_TITLE))
    failing: dict[str, Complaint] = {}
    for test in tests:
        name = test["name"]
        section = next((sections[it] for it in _titles(name) if it in sections), "")
        place = last_place(section, find) or _file_of(name, find)
        wrong = _first(section, r"^E +(.+)$") or test["message"] or ""
        kind = "ERROR " if test["kind"] == "ERROR" else ""
        failing[kind + name] = Complaint(message=f"{name}: {wrong}".strip(": "), place=place)
    not_run = counts.get("skipped", 0) + counts.get("deselected", 0) + counts.get("warnings", 0)
    n_run = sum(counts.values()) - not_run - counts.get("warning", 0)
    return Report(
        failing=failing,
        n_run=n_run,
        n_failed=len({it["name"] for it in tests}),
        n_passed=n_run - n_failing,
    )


def _of_unittest(output: str, find: Exists) -> Report | None:
    ends = list(_UNITTEST_END.finditer(output))
    if not ends:
        return None
    result = _UNITTEST_COUNTS.search(output, ends[-1].end())
    said = re.findall(r"([a-z][a-z ]*)=(\d+)", result["counts"] if result else "")
    counts = {noun: int(n) for noun, n in said}
    sections = list(_sections(output[: ends[-1].start()], _UNITTEST_TITLE))
    if len(sections) != sum(counts.get(it, 0) for it in _UNITTEST_FAILING):
        return None
    failing: dict[str, Complaint] = {}
    for title, section in sections:
        tail = section[max((it.end() for it in _FRAME.finditer(section)), default=0) :]
        wrong = _first(tail, r"^([^\s=-].*)$")
        message = f"{title}: {wrong}".strip(": ")
        failing[title] = Complaint(message=message, place=last_place(section, find))
    n_run, n_failed = int(ends[-1]["n"]), len({title.partition(")")[0] for title in failing})
    return Report(
        failing=failing,
        n_run=n_run,
        n_failed=n_failed,
        n_passed=max(0, n_run - n_failed - counts.get("skipped", 0)),
    )


def _sections(output: str, titles: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield each title with the text up to the next."""
    found = list(titles.finditer(output))
    ends = [it.start() for it in found[1:]] + [len(output)]
    for title, end in zip(found, ends, strict=False):
        yield title["title"], output[title.end() : end]


def _titles(name: str) -> tuple[str, ...]:
    """Return the titles that pytest may give the section about a test."""
    _, _, inner = name.partition("::")
    title = inner.replace("::", ".")
    if not title:
        return (f"ERROR collecting {name}",)
    return (title, f"ERROR at setup of {title}", f"ERROR at teardown of {title}")


def _file_of(name: str, find: Exists) -> Place | None:
    path = find(name.partition("::")[0])
    return None if path is None else Place(path=path)


def _first(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else ""
