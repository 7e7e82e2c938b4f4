"""The scope gate: only files that a task declared, and no protected path."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict
from podium.gates.context import GateContext
from podium.gates.wording import counted
from podium.workspace.protected import is_protected


async def judge_scope(ctx: GateContext) -> Verdict:
    """Judge which files the change touches."""
    declared = [it.path for task in ctx.tasks for it in task.files]
    complaints = tuple(_complaints((it.path for it in ctx.changed), (*declared, *ctx.granted)))
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


def is_declared(path: str, declared: Iterable[str]) -> bool:
    """Return whether ``path`` is one of ``declared``.

    An entry is a path; ``/`` at its end declares all that is below, and ``*``, ``?`` and
    ``[…]`` stand for what they do in a shell, ``**`` for any number of directories.
    """
    parts = path.split("/")
    wanted = (entry.removeprefix("./") for entry in declared)
    return any(path == it or _matches(parts, it) for it in wanted)


def _matches(parts: Sequence[str], wanted: str) -> bool:
    """Return whether the parts of a path match a pattern, in time linear in both."""
    ends = {0}
    for name in wanted.rstrip("/").split("/"):
        if name == "**":
            ends = set(range(min(ends, default=len(parts) + 1), len(parts) + 1))
        else:
            ends = {at + 1 for at in ends if at < len(parts) and fnmatchcase(parts[at], name)}
    if wanted.endswith("/"):
        return any(at < len(parts) for at in ends)
    return len(parts) in ends


def _complaints(paths: Iterable[str], declared: Sequence[str]) -> Iterable[Complaint]:
    for path in paths:
        protected = is_protected(path)
        if protected is not None:
            message = f"{path} must not be changed: {protected}"
        elif not is_declared(path, declared):
            message = f"{path} is changed, and no `files` of the task declare it"
        else:
            continue
        yield Complaint(message=message, place=Place(path=path))
