"""Which gates must have passed on which tree, and how often one may fail."""

from collections.abc import Sequence

from podium.domain.base import TreeHash
from podium.domain.plan import Task
from podium.domain.run import Run, TaskRun
from podium.domain.verdict import About, Gate, Outcome, Verdict

MAX_FAILURES = 3
"""The third failure of one gate in a row stops a task: more of the same is no progress."""
MAX_ATTEMPTS = 8
"""However it fails: a bound for gates that fail in turns and for endless conflicts.

Both bounds count from where a human's retry has forgiven what was before.
"""


def gates_of_task(task: Task) -> tuple[Gate, ...]:
    """Return the gates that judge a task's candidate before a reviewer reads it, in order."""
    return tuple(it for it in Gate if not it.policy.by_model and it.judges([task]))


def gates_of_whole(tasks: Sequence[Task]) -> tuple[Gate, ...]:
    """Return the gates that judge a tree in which the work of ``tasks`` is merged, in order."""
    return tuple(it for it in Gate if it.policy.about is not About.CHANGE and it.judges(tasks))


def verdicts_on(task: TaskRun, tree: TreeHash) -> tuple[Verdict, ...]:
    """Return what each gate of the task says of its candidate's tree.

    Another tree's verdict says nothing: who gave none on this one is unknown.
    """
    found = ((gate, task.verdict(gate)) for gate in gates_of_task(task.task))
    return tuple(
        verdict if verdict is not None and verdict.tree == tree else _no_verdict(gate, tree)
        for gate, verdict in found
    )


def reason_to_stop(task: TaskRun, failed: Sequence[Verdict]) -> str:
    """Return why a task whose work has come back is not worked on again; empty if it is."""
    for verdict in failed:
        if task.n_failures(verdict.gate) >= MAX_FAILURES:
            return f"{verdict.gate} failed {MAX_FAILURES} times in a row: {verdict.summary}"
    if task.attempt - task.forgiven >= MAX_ATTEMPTS:
        return f"it did not pass in {MAX_ATTEMPTS} attempts"
    return ""


def is_whole_proven(run: Run, tree: TreeHash | None) -> bool:
    """Return whether every gate has passed on ``tree``, which is to be merged."""
    gates = gates_of_whole([it.task for it in run.wanted])
    return all(_is_proven(gate, run, tree) for gate in gates)


def _is_proven(gate: Gate, run: Run, tree: TreeHash | None) -> bool:
    """Return whether a gate has passed: on the whole or, until it is judged, by the tasks."""
    of_whole = [it for it in run.judgements if it.gate is gate and it.tree == tree]
    if of_whole:
        return of_whole[-1].passed
    if gate.policy.about is About.TREE:
        histories = (it.verdict for task in run.tasks.values() for it in task.history)
        of_tasks = [it for it in histories if it.gate is gate and it.tree == tree]
        return bool(of_tasks) and of_tasks[-1].passed
    needed = [it.verdict(gate) for it in run.wanted if gate.judges([it.task])]
    return all(it is not None and it.passed and it.tree == tree for it in needed)


def has_failed(run: Run, tree: TreeHash) -> bool:
    """Return whether a gate says no to the run's ``tree``, and not only that it cannot tell."""
    return any(it.outcome is Outcome.FAILED for it in _latest(run, tree))


def not_passed(run: Run, tree: TreeHash) -> str:
    """Return in words which gates have not passed the run's ``tree``, and why."""
    failing = (it for it in _latest(run, tree) if not it.passed)
    return "; ".join(f"{it.gate}: {it.summary}" for it in failing) or "no verdict"


def _latest(run: Run, tree: TreeHash) -> tuple[Verdict, ...]:
    return tuple({it.gate: it for it in run.judgements if it.tree == tree}.values())


def _no_verdict(gate: Gate, tree: TreeHash) -> Verdict:
    return Verdict(gate=gate, outcome=Outcome.UNKNOWN, tree=tree, summary="it gave no verdict")
