"""Environment problems: what keeps the tree from being judged before anybody changed it.

A change is not blamed for what is missing without it.  Nor does it excuse itself: only
what the tree before shows counts, as the change has written nothing of that; and a gate
that meets an environment problem says `unknown`, which lets nothing through.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from podium.errors import ToolRetry
from podium.gates.context import GateContext
from podium.gates.failures import Report
from podium.sandbox.environment import VENVS
from podium.sandbox.port import Completed
from podium.workspace.tree import SKIPPED, Tree

CANNOT_START = frozenset({126, 127})
"""A shell's exit statuses for a program that may not be run, or is not there."""
SOURCES = (
    ".py",
    ".pyi",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".go",
    ".rs",
)
"""Files that may be modules; `pytest.ini` is none."""
_FEW = 20
"""As many red tests are excused, as long as no more fail than pass."""
_SHARE = 4
"""One in so many, beyond a few: what they test is not seen at all."""
PROGRAM = "program"
MODULE = "module"
PLUGIN = "pytest plugin"


class Missing(NamedTuple):
    """A program, a module or package, or a plugin, that was looked for and not found."""

    kind: str
    name: str

    def __str__(self) -> str:
        if self.name.startswith("-"):
            return f"the {self.kind} that takes {self.name!r}"
        return f"the {self.kind} {self.name!r}" if self.name else f"a {self.kind}"


_IN_VENV = tuple(f"{prefix}{it}/" for it in VENVS for prefix in ("", "./"))
"""The user's environment is no part of a worktree, so a path to it leads nowhere."""
_NAME = r"[`'\"\u2018]?(?P<name>[\w@./+-]{1,100}?)[`'\"\u2019]?"
_LINE = r"(?:(?:line )?\d{1,9}: )?"
_SHELL = rf"^\S[^:\n]{{0,300}}: {_LINE}{_NAME}"
_NOT_FOUND = (
    rf"{_SHELL}: (?:command )?not found$",
    rf"^make(?:\[\d{{1,9}}\])?: {_NAME}: No such file or directory$",
    rf"^error: no such command: {_NAME}$",
    rf"^\S[^:\n]{{0,300}}: {_LINE}\.: (?:cannot open )?{_NAME}: (?:No such file|not found)$",
)
_NOT_STARTED = (rf"{_SHELL}: (?:Permission denied|No such file or directory)$",)
"""Said of other things, too, so that the exit status must agree."""
_NO_PYTHON_MODULE = rf"No module named {_NAME}(?:[);].*)?$"
_NO_MODULE = (
    rf"^(?:E +)?(?:ModuleNotFound|Import)Error: (?:[^\n:]{{0,300}}: )?{_NO_PYTHON_MODULE}",
    rf"^[^\n]{{0,300}}\bpython[\d.]{{0,9}}: (?:[^\n(]{{0,300}}\(\w+: )?{_NO_PYTHON_MODULE}",
    rf"\bCannot find (?:module|package) {_NAME}(?=[\s'\",;:]|$)",
    rf": (?:no required module provides|cannot find module providing) package {_NAME}(?:[;:]|$)",
    rf"^(?:error: |  )(?:no matching package named|failed to get) {_NAME} (?:found|as a)\b",
    rf"^error\[E0463\]: can't find crate for {_NAME}$",
)
"""As Python, Node, Go and Cargo say it."""
_PYTEST_USAGE = 4
_NO_PLUGIN = (
    r"^[^\n]{0,300}: error: unrecognized arguments: (?P<name>-[\w-]{1,100})",
    rf"^ERROR: Missing required plugins: {_NAME}(?=[,\s<>=!~]|$)",
)
"""Said of the options in pytest's configuration, `addopts` above all, and of `required_plugins`."""
_COLLECTION = re.compile(r"\(unittest\.loader\._FailedTest\b|^ERROR (?!.*::)")
"""What a report calls tests that could not even be found."""
_COLLECTED = re.compile(rf": {_NO_PYTHON_MODULE}")


def missing(ctx: GateContext, completed: Completed, report: Report | None) -> tuple[Missing, ...]:
    """Return what a command that failed did not find, though the environment should have it.

    Walks both trees if there is anything: what they or the tasks have is not the environment's.

    Args:
        ctx: Whose trees and tasks.
        completed: How the command ended.
        report: What a test runner said; then only tests that could not be found count,
            because the others write what they like.
    """
    if completed.timed_out or completed.exit_status == 0:
        return ()
    found = dict.fromkeys(_of_output(completed) if report is None else _of_collection(report))
    if not found:
        return ()
    own = _own(ctx)
    return tuple(it for it in found if not own.has(it))


def missing_words(lacking: tuple[Missing, ...], *, otherwise: str) -> str:
    """Return the summary of a verdict: what is missing and what to do about it."""
    names = ", ".join(map(str, lacking[:2])) + (" and more" if lacking[2:] else "")
    verb = "are" if lacking[1:] else "is"
    remedy = "install it where commands find it"
    if any(it.name.startswith(_IN_VENV) for it in lacking):
        remedy = "call the virtual environment's programs by name alone (they come first on PATH)"
    return (
        f"an environment problem: {names} {verb} missing without this change, too; "
        f"{remedy}{otherwise}"
    )


def failing_words(report: Report | None) -> str:
    """Return the summary of a verdict on a suite of which too much fails before, or nothing.

    What fails before is excused by name, so that it must be little: tests that somebody is
    about to mend, or a few that need what the sandbox does not have.
    """
    if report is None:
        return ""
    n_tests = report.n_failed + report.n_passed
    if report.n_failed <= min(n_tests // 2, max(_FEW, n_tests // _SHARE)):
        return ""
    return (
        f"an environment problem: {report.n_failed:,} of {n_tests:,} "
        "tests fail without this change, too; make them pass here (there is no network, not "
        "even loopback) or set `gates.suite`, then retry"
    )


def _of_output(completed: Completed) -> Iterator[Missing]:
    could_not_start = completed.exit_status in CANNOT_START
    programs = _said(_NOT_FOUND + _NOT_STARTED if could_not_start else _NOT_FOUND, completed)
    if could_not_start and not programs:
        programs = ("",)
    yield from (Missing(PROGRAM, name) for name in programs)
    yield from (Missing(MODULE, name) for name in _said(_NO_MODULE, completed))
    if completed.exit_status == _PYTEST_USAGE:
        yield from (Missing(PLUGIN, name) for name in _said(_NO_PLUGIN, completed))


def _said(patterns: Iterable[str], completed: Completed) -> tuple[str, ...]:
    found = (re.finditer(it, completed.output, re.MULTILINE) for it in patterns)
    return tuple(it["name"] for matches in found for it in matches)


def _of_collection(report: Report) -> Iterator[Missing]:
    for name, complaint in report.failing.items():
        if _COLLECTION.search(name) and (found := _COLLECTED.search(complaint.message)):
            yield Missing(MODULE, found["name"])


class _Own(NamedTuple):
    """What the trees bring, or the tasks are to write: nobody could install it."""

    files: frozenset[str]
    modules: frozenset[str]

    def has(self, it: Missing) -> bool:
        *directories, last = it.name.split("/")
        if it.name.startswith(_IN_VENV) or SKIPPED.intersection(directories):
            return False  # Installed below the tree, where git does not keep it.
        if it.kind is PROGRAM:
            return last in self.files or bool(directories and directories[0])
        return it.name.startswith((".", "/")) or last.partition(".")[0] in self.modules


def _own(ctx: GateContext) -> _Own:
    paths = [it.path for task in ctx.tasks for it in task.files]
    for root in (ctx.base_tree, ctx.tree):
        with suppress(ToolRetry):  # A command may have made of it what nobody can read.
            paths += Tree(root).walk().paths
    split = [it.split("/") for it in paths]
    files = frozenset(last for *_, last in split)
    directories = frozenset(name for it in split for name in it[:-1])
    sources = {it.rpartition(".")[0] for it in files if it.endswith(SOURCES)}
    return _Own(files, directories | sources)
