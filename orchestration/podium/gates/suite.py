"""The suite gate: what passed before passes still.

The commands come from the configuration, or are detected on the base tree, so that an
agent does not choose how it is tested.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from podium.domain.base import Frozen
from podium.domain.verdict import Complaint, Gate, Outcome, TestResult, Verdict
from podium.gates.context import GateContext
from podium.gates.detection import detect_suites
from podium.gates.environment import failing_words, missing, missing_words
from podium.gates.failures import MAX_TESTS, Report, last_place, read_report
from podium.gates.installed import Installed, astray
from podium.gates.places import finder
from podium.gates.wording import counted, end_of, how_it_ended
from podium.sandbox.port import Completed

MAX_COMPLAINTS = 50
NO_TESTS = 5
"""pytest's exit status, and unittest's since Python 3.12, when there is no test to run."""


class Judged(Frozen):
    """One command's part of the verdict."""

    command: str
    outcome: Outcome
    words: str
    completed: Completed
    complaints: tuple[Complaint, ...] = ()
    tests: tuple[TestResult, ...] = ()
    """Of the candidate, whatever else is shown."""


async def judge_suite(ctx: GateContext) -> Verdict:
    """Judge by running the project's tests on the candidate and, where they fail, on the base.

    Raises:
        UserError: There is no sandbox, or it cannot start a command.
    """
    await ctx.restore()
    commands, others = await asyncio.to_thread(_commands, ctx)
    if not commands:
        return Verdict(
            gate=Gate.SUITE,
            outcome=Outcome.PASSED,
            tree=ctx.tree_hash,
            summary="no test suite is configured or found; `gates.suite` sets its commands",
        )
    installed = await ctx.installation.look()
    if doubt := installed.doubt():
        return Verdict(
            gate=Gate.SUITE,
            outcome=Outcome.UNKNOWN,
            tree=ctx.tree_hash,
            summary=doubt,
            command="; ".join(commands),
        )
    judged = [await _judge(ctx, it, installed) for it in commands]
    worst = next(
        (it for outcome in _WORST_FIRST for it in judged if it.outcome is outcome), judged[0]
    )
    also = f"; not run: {', '.join(others)} (`gates.suite` decides)" if others else ""
    return Verdict(
        gate=Gate.SUITE,
        outcome=worst.outcome,
        tree=ctx.tree_hash,
        # Who shows a verdict shows its command, too: the summary says which of several it was.
        summary=f"{worst.command}: {worst.words}{also}" if judged[1:] else f"{worst.words}{also}",
        command="; ".join(commands),
        exit_status=worst.completed.exit_status,
        output=end_of(worst.completed.output),
        complaints=tuple(it for one in judged for it in one.complaints)[:MAX_COMPLAINTS],
        tests=tuple(it for one in judged for it in one.tests)[:MAX_TESTS],
    )


_WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)


def _commands(ctx: GateContext) -> tuple[Sequence[str], Sequence[str]]:
    """Return the commands to run, and those that were found besides and are not."""
    configured = ctx.configuration.gates.suite
    if configured:
        return configured, ()
    found = detect_suites(ctx.base_tree) or detect_suites(ctx.tree)
    return found[:1], found[1:]


async def _judge(ctx: GateContext, command: str, installed: Installed) -> Judged:
    now = await _run(ctx, command, ctx.tree)
    judged = await _beside_base(ctx, command, now, installed)
    report = _report(ctx, now)
    return judged.evolve(tests=report.tests) if report else judged


async def _run(ctx: GateContext, command: str, tree: Path) -> Completed:
    limit = ctx.configuration.gates.suite_timeout_s
    return await ctx.run(command, tree, timeout_s=limit)


async def _beside_base(
    ctx: GateContext, command: str, now: Completed, installed: Installed
) -> Judged:
    report = _report(ctx, now)
    if _passes(now) and not _is_empty(now, report):
        return _of(command, now, Outcome.PASSED, "all that ran passed")
    before = await ctx.baseline.outcome(
        ctx.base_hash,
        command,
        lambda: _run(ctx, command, ctx.base_tree),
        stamp=installed.stamp,
    )
    if not _passes(now) and (words := astray(ctx.workspace, installed, ctx.tree, now)):
        return _of(command, now, Outcome.UNKNOWN, words)
    problem = await asyncio.to_thread(_environment_problem, ctx, before, installed)
    if problem:
        ctx.baseline.forget(ctx.base_hash, command)  # It may be mended by the next time.
    if problem and not _is_empty(now, report):
        return _of(command, before, Outcome.UNKNOWN, problem)  # What is to be mended is shown.
    return _compared(ctx, command, before, now)


def _environment_problem(ctx: GateContext, before: Completed, installed: Installed) -> str:
    """Return what keeps the base from being compared with, or nothing."""
    if _passes(before):
        return ""
    if words := astray(ctx.workspace, installed, ctx.base_tree, before):
        return words
    report = _report(ctx, before)
    lacking = missing(ctx, before, report)
    if lacking:
        return missing_words(lacking, otherwise=" or set `gates.suite`, then retry")
    return failing_words(report)


def _compared(ctx: GateContext, command: str, before: Completed, now: Completed) -> Judged:
    """Return the verdict on a suite that does not simply pass."""
    old, new = _report(ctx, before), _report(ctx, now)
    if _is_empty(now, new):
        if _is_empty(before, old):
            return _of(command, now, Outcome.PASSED, "there are no tests, and were none before")
        return _of(command, now, Outcome.FAILED, "no test was found, and there were some before")
    if _passes(before) or _is_empty(before, old):
        then = "there were no tests before" if _is_empty(before, old) else "passed before"
        words = f"{how_it_ended(now)}, and {then}"
        return _failed(ctx, command, now, words, new.failing if new else {})
    if old is None or new is None or not new.failing:
        words = (
            f"{how_it_ended(now)}; before it {how_it_ended(before)}, and what it writes does "
            "not tell which tests fail: repair it first, or set `gates.suite`"
        )
        return _of(command, now, Outcome.UNKNOWN, words)
    broken = {name: it for name, it in new.failing.items() if name not in old.failing}
    if broken:
        words = f"{len(broken)} of {len(new.failing)} failing tests did not fail before"
        return _failed(ctx, command, now, words, broken)
    words = f"{counted(len(new.failing), 'failing test')}, all of which failed before"
    return _of(command, now, Outcome.PASSED, words)


def _report(ctx: GateContext, completed: Completed) -> Report | None:
    return None if completed.timed_out else read_report(completed.output, finder(ctx.tree))


def _passes(completed: Completed) -> bool:
    return completed.exit_status == 0 and not completed.timed_out


def _is_empty(completed: Completed, report: Report | None) -> bool:
    """Whether the runner itself says that it had nothing to run."""
    return report is not None and report.n_run == 0 and completed.exit_status in {0, NO_TESTS}


def _of(command: str, completed: Completed, outcome: Outcome, words: str) -> Judged:
    return Judged(command=command, outcome=outcome, words=words, completed=completed)


def _failed(
    ctx: GateContext, command: str, now: Completed, words: str, failing: dict[str, Complaint]
) -> Judged:
    complaints = tuple(failing.values()) or (
        Complaint(message=f"`{command}` {words}", place=last_place(now.output, finder(ctx.tree))),
    )
    return _of(command, now, Outcome.FAILED, words).evolve(complaints=complaints)
