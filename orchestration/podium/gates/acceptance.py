"""The acceptance gate: the plan's commands exit 0 on the candidate."""

from podium.domain.verdict import Complaint, Gate, Outcome, Verdict
from podium.gates.context import GateContext
from podium.gates.failures import last_place
from podium.gates.places import finder
from podium.gates.wording import counted, end_of, how_it_ended
from podium.workspace.sandbox import Completed


async def judge_acceptance(ctx: GateContext) -> Verdict:
    """Judge by running each acceptance command of the tasks, in order, in one clean checkout.

    Only for tasks that have commands; without any the verdict is unknown.

    Raises:
        UserError: There is no sandbox, or it cannot start a command.
    """
    commands = tuple(dict.fromkeys(it for task in ctx.tasks for it in task.accept))
    if not commands:
        return Verdict(
            gate=Gate.ACCEPTANCE,
            outcome=Outcome.UNKNOWN,
            tree=ctx.tree_hash,
            summary="the plan gives no acceptance command; add `accept` to the task",
        )
    await ctx.restore()
    ended = [(text, await ctx.run(text, ctx.tree)) for text in commands]
    failed = [it for it in ended if it[1].exit_status != 0 or it[1].timed_out]
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


def _complaint(ctx: GateContext, text: str, completed: Completed) -> Complaint:
    return Complaint(
        message=f"`{text}` {how_it_ended(completed)}",
        place=last_place(completed.output, finder(ctx.tree)),
    )
