"""The acceptance gate: the plan's commands exit 0 on the candidate."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from podium.domain.verdict import Complaint, Gate, Outcome, Verdict
from podium.gates.context import GateContext
from podium.gates.environment import Missing, missing, missing_words
from podium.gates.failures import last_place, read_report
from podium.gates.installed import astray
from podium.gates.places import finder
from podium.gates.wording import counted, end_of, how_it_ended
from podium.sandbox.port import Completed


async def judge_acceptance(ctx: GateContext) -> Verdict:
    """Judge by running each acceptance command of the tasks, in order, in one clean checkout.

    Only for tasks that have commands; without any the verdict is unknown.

    Raises:
        UserError: There is no sandbox, or it cannot start a command.
    """
    commands = tuple(dict.fromkeys(it for task in ctx.tasks for it in task.accept))
    if not commands:
        return _unknown(ctx, "the plan gives no acceptance command; add `accept` to the task")
    await ctx.restore()
    installed = await ctx.installation.look()
    if doubt := installed.doubt():
        return _unknown(ctx, doubt).evolve(command="; ".join(commands))
    ended = [(text, await ctx.run(text, ctx.tree)) for text in commands]
    failed = [it for it in ended if it[1].exit_status != 0 or it[1].timed_out]
    astray_for = {text: astray(ctx.workspace, installed, ctx.tree, now) for text, now in failed}
    lacking = {
        text: await _missing_before(ctx, text, now) for text, now in failed if not astray_for[text]
    }
    unable = [it for it in failed if astray_for[it[0]] or lacking[it[0]]]
    if unable and len(unable) == len(failed):
        return _unknown(ctx, _why(astray_for.values(), lacking.values()), unable)
    failed = [it for it in failed if it not in unable]
    text, shown = (failed or ended)[0]
    n_commands = counted(len(commands), "command")
    return Verdict(
        gate=Gate.ACCEPTANCE,
        outcome=Outcome.FAILED if failed else Outcome.PASSED,
        tree=ctx.tree_hash,
        # Who shows a verdict shows its command, too.
        summary=f"{len(failed)} of {n_commands} failed: {how_it_ended(shown)}"
        if failed
        else f"{n_commands} exited with 0",
        command=text if failed else "; ".join(commands),
        exit_status=shown.exit_status,
        output=end_of("\n".join(f"$ {text}\n{it.output}" for text, it in failed or ended)),
        complaints=tuple(_complaint(ctx, *it) for it in failed),
    )


_Ended = tuple[str, Completed]
"""A command and how it ended."""


async def _missing_before(ctx: GateContext, text: str, now: Completed) -> tuple[Missing, ...]:
    """Return what the command does not find, and did not find before the change either."""
    lacking = await asyncio.to_thread(_missing, ctx, now, ctx.tree)
    if not lacking:
        return ()
    before = await ctx.run(text, ctx.base_tree)
    then = await asyncio.to_thread(_missing, ctx, before, ctx.base_tree)
    return tuple(it for it in lacking if it in then)


def _missing(ctx: GateContext, completed: Completed, tree: Path) -> tuple[Missing, ...]:
    return missing(ctx, completed, read_report(completed.output, finder(tree)))


def _why(astray_for: Iterable[str], lacking: Iterable[tuple[Missing, ...]]) -> str:
    """Return why no command that failed says anything about the tasks."""
    words = [it for it in astray_for if it]
    if every := tuple(dict.fromkeys(it for names in lacking for it in names)):
        otherwise = ", then retry; or give the plan another `accept`"
        words.append(missing_words(every, otherwise=otherwise))
    return "; ".join(dict.fromkeys(words))


def _unknown(ctx: GateContext, summary: str, unable: Sequence[_Ended] = ()) -> Verdict:
    return Verdict(
        gate=Gate.ACCEPTANCE,
        outcome=Outcome.UNKNOWN,
        tree=ctx.tree_hash,
        summary=summary,
        command=unable[0][0] if unable else "",
        exit_status=unable[0][1].exit_status if unable else None,
        output=end_of("\n".join(f"$ {text}\n{it.output}" for text, it in unable)),
    )


def _complaint(ctx: GateContext, text: str, completed: Completed) -> Complaint:
    return Complaint(
        message=f"`{text}` {how_it_ended(completed)}",
        place=last_place(completed.output, finder(ctx.tree)),
    )
