"""Gates' verdicts on the tasks that are not done, as diagnostics tell them."""

from collections.abc import Iterator

from podium.domain.run import Run, TaskRun
from podium.domain.verdict import Complaint, Gate, Verdict


def open_verdicts(task: TaskRun) -> Iterator[Verdict]:
    """Yield the latest verdict of each gate that has not passed a task which is not done."""
    if task.phase.is_final:
        return
    for gate in Gate:
        verdict = task.verdict(gate)
        if verdict is not None and not verdict.passed:
            yield verdict


def run_verdicts(run: Run) -> Iterator[Verdict]:
    """Yield the latest verdict of each gate that has not passed what is to be merged."""
    trees = {run.tree, run.candidate.tree if run.candidate else run.tree}
    latest = {verdict.gate: verdict for verdict in run.judgements if verdict.tree in trees}
    for verdict in latest.values():
        if not verdict.passed:
            yield verdict


def complaints(run: Run) -> Iterator[tuple[TaskRun, Verdict, Complaint]]:
    """Yield what gates object to at known places, for tasks that are not done.

    What a reviewer objects to is a finding, and stands there as one.
    """
    for task in run.tasks.values():
        for verdict in (it for it in open_verdicts(task) if it.gate is not Gate.REVIEW):
            for complaint in verdict.complaints:
                if complaint.place is not None:
                    yield task, verdict, complaint
