"""What humans decide about a reviewer's findings: to have one fixed, or to dismiss it."""

from podium.domain.base import TaskId, known
from podium.domain.effect import JudgeRun
from podium.domain.events.people import FindingDismissed, FixAsked, TaskRetried
from podium.domain.finding import Finding, FindingState
from podium.domain.paths import covers
from podium.domain.plan import FileReference, Task
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.transitions.runs import task_retried
from podium.domain.transitions.table import after
from podium.domain.transitions.tasks import passed_by_dismissal, run_of, schedule, with_run


@after(FixAsked)
def fix_asked(request: Request, event: FixAsked) -> Request:
    """Delegate the fix of a finding as a task of its own, or to the stopped task that is at it."""
    run = run_of(request)
    finding = known(run.finding(event.finding))
    at_it = run.fix_of(finding.id) or run.tasks[finding.task]
    if at_it.phase.is_stopped:
        return task_retried(request, TaskRetried(plan=event.plan, at=event.at, task=at_it.task.id))
    run = run.with_task(TaskRun(task=_fixing(run, finding), fixes=finding.id))
    request = request.evolve(phase=Phase.RUNNING, run=run, problem="")
    return schedule(request.dropping(JudgeRun))


@after(FindingDismissed)
def finding_dismissed(request: Request, event: FindingDismissed) -> Request:
    """Remember that, and why, a human does not share the reviewer's claim.

    A fix that nobody is at is dropped, and a task that only such claims had stopped passes.
    """
    run = run_of(request)
    finding = known(run.finding(event.finding))
    fix = run.fix_of(finding.id)
    run = run.with_finding(finding.evolve(state=FindingState.DISMISSED, dismissal=event.reason))
    if fix is not None:
        run = _dropped(run, fix)
    task = run.tasks[finding.task]
    passed = passed_by_dismissal(run, task) if task.phase.is_stopped else None
    if passed is not None:
        run = run.with_task(passed)
    request = with_run(request, run)
    if not request.may_go_on or (fix is None and passed is None):
        return request
    if passed is not None:
        phase = TaskPhase.ACCEPTED if run.is_free(passed.task) else TaskPhase.WAITING
        run = run.with_task(passed.evolve(phase=phase, stopped_because=""))
    return schedule(request.evolve(phase=Phase.RUNNING, run=run, problem=""))


def _dropped(run: Run, task: TaskRun) -> Run:
    """Return the run in which nobody wants a task any more, nor what was found in its change."""
    run = run.with_task(task.evolve(phase=TaskPhase.DROPPED, stopped_because=""))
    for it in run.findings:
        if it.task == task.task.id and it.is_unsolved:
            fix = run.fix_of(it.id)
            run = _dropped(run, fix) if fix is not None else run
            run = run.with_finding(it.evolve(state=FindingState.FIXED))  # The code is gone.
    return run


def _fixing(run: Run, finding: Finding) -> Task:
    """Return a task that fixes a finding, within the files of the task that it was found in."""
    origin = run.tasks[finding.task].task
    place = finding.place
    is_covered = any(covers(it.path, place.path) for it in origin.files)
    extra = () if is_covered else (FileReference(path=place.path),)
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
