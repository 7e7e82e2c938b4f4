"""The scope gate: only files that a task declared, and no protected path."""

from collections.abc import Iterable, Sequence

from podium.domain.paths import covers
from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict
from podium.gates.context import GateContext
from podium.gates.wording import counted
from podium.workspace.protected import is_protected


async def judge_scope(ctx: GateContext) -> Verdict:
    """Judge which files the change touches."""
    declared = [it.path for task in ctx.tasks for it in task.files]
    complaints = tuple(_complaints((it.path for it in ctx.changed), declared))
    changed = counted(len(ctx.changed), "changed file")
    if complaints:
        outcome, summary = Outcome.FAILED, f"{len(complaints)} of {changed} out of scope"
    else:
        outcome = Outcome.PASSED
        summary = f"{changed}, all declared" if ctx.changed else "nothing is changed"
    return Verdict(
        gate=Gate.SCOPE,
        outcome=outcome,
        tree=ctx.tree_hash,
        summary=summary,
        complaints=complaints,
        output="\n".join(it.message for it in complaints),
    )


def _complaints(paths: Iterable[str], declared: Sequence[str]) -> Iterable[Complaint]:
    for path in paths:
        protected = is_protected(path)
        if protected is not None:
            message = f"{path} must not be changed: {protected}"
        elif not any(covers(it, path) for it in declared):
            message = f"{path} is changed, and no `files` of the task declare it"
        else:
            continue
        yield Complaint(message=message, place=Place(path=path))
