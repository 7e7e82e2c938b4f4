"""What humans decide about a reviewer's findings: to have one fixed, or to dismiss it."""

from podium.domain.base import TaskId
from podium.domain.effect import JudgeRun
from podium.domain.event import FindingDismissed, FixAsked, TaskRetried
from podium.domain.finding import Finding, FindingState
from podium.domain.plan import FileReference, Task
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.run_commands import task_retried
from podium.domain.verdict import Gate, Outcome
from podium.domain.working import advanced, with_run


def fix_asked(request: Request, event: FixAsked) -> Request:
    """Delegate the fix of a finding as a task of its own, or to the task that it stopped."""
    run = request.run
    finding = _find(run, event) if run else None
    phases = {Phase.RUNNING, Phase.INTEGRATING, Phase.AWAITING_MERGE, Phase.STOPPED}
    if run is None or finding is None or finding.state is not FindingState.OPEN:
        return request
    if run.is_discarded or request.phase not in phases or not request.is_run_approved:
        return request
    if run.tasks[finding.task].phase is TaskPhase.STOPPED:
        return task_retried(request, TaskRetried(plan=event.plan, at=event.at, task=finding.task))
    task = _fixing(run, finding)
    run = run.with_finding(finding.evolve(state=FindingState.FIXING)).with_task(
        TaskRun(task=task, fixes=finding.id)
    )
    request = request.evolve(phase=Phase.RUNNING, run=run, problem="")
    return advanced(request.dropping(JudgeRun))


def finding_dismissed(request: Request, event: FindingDismissed) -> Request:
    """Remember that, and why, a human does not share the reviewer's claim."""
    run = request.run
    finding = _find(run, event) if run else None
    if run is None or finding is None or finding.state is not FindingState.OPEN:
        return request
    if request.phase.is_final:
        return request
    run = run.with_finding(finding.evolve(state=FindingState.DISMISSED, dismissal=event.reason))
    request = with_run(request, run)
    task = run.tasks[finding.task]
    if task.phase is not TaskPhase.STOPPED or not request.may_go_on:
        return request
    review = task.verdict(Gate.REVIEW)
    unsolved = {FindingState.OPEN, FindingState.FIXING}
    stands = any(
        it.task == finding.task and it.severity.blocks and it.state in unsolved
        for it in run.findings
    )
    if stands or review is None or review.outcome is not Outcome.FAILED:
        return request
    if task.candidate is None or review.tree != task.candidate.tree:
        return request
    verdict = review.evolve(
        outcome=Outcome.PASSED,
        summary="every blocking finding was dismissed by a human",
        duration_s=None,
    )
    is_free = run.held.isdisjoint(it.path for it in task.task.files)
    accepted = task.judged(verdict).evolve(
        phase=TaskPhase.ACCEPTED if is_free else TaskPhase.WAITING,
        reviewed=task.commit,
        stopped_because="",
    )
    return advanced(
        with_run(request, run.with_task(accepted)).evolve(phase=Phase.RUNNING, problem="")
    )


def _find(run: Run, event: FixAsked | FindingDismissed) -> Finding | None:
    return next((it for it in run.findings if it.id == event.finding), None)


def _fixing(run: Run, finding: Finding) -> Task:
    """Return a task that fixes a finding, within the files of the task that it was found in."""
    origin = run.tasks[finding.task].task
    place = finding.place
    known = {it.path for it in origin.files}
    extra = () if place.path in known else (FileReference(path=place.path),)
    number = 1 + sum(1 for it in run.tasks.values() if it.fixes)
    body = "\n\n".join(
        it
        for it in (
            finding.detail,
            f"The code it is about: {finding.evidence}",
            f"Suggested: {finding.suggestion}" if finding.suggestion else "",
        )
        if it
    )
    return origin.evolve(
        id=TaskId(f"F{number}"),
        title=f"Fix: {finding.title}",
        body=body,
        done=False,
        after=(origin.id,),
        files=(*origin.files, *extra),
        references=(f"{place.path}:{place.first_line}-{place.last_line}",),
    )
