"""Where a request, a run, a task or a verdict stands: the same words on every screen.

Each answer is one line for a person.
"""

from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.verdict import Outcome, Place, Verdict
from podium.text.amounts import count, joined, money
from podium.text.plain import one_line

SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
_SHORT = 12


def standing(request: Request) -> str:  # noqa: PLR0911  # A table.
    """Return where a request stands and what is awaited; nothing of a draft."""
    run = request.run if request.run and not request.run.is_discarded else None
    match request.phase:
        case Phase.DRAFT:
            return ""
        case Phase.PLANNING:
            return joined("planning", one_line(request.doing))
        case Phase.INTERVIEWING:
            waiting = ", ".join(it.id for it in request.unanswered)
            return f"answers wanted: {waiting}" if waiting else "reading the answers"
        case Phase.AWAITING_APPROVAL:
            return _approval(request)
        case Phase.APPROVED:
            return "approved: start the run"
        case Phase.AWAITING_MERGE if run:
            findings = count(len(run.open_findings), "open finding")
            return joined("done: merge or discard it", findings)
        case Phase.JUDGING_MERGE:
            return "judging the merge: your branch has moved since the run started"
        case Phase.DONE if run and run.merged:
            return f"merged as {run.merged[:_SHORT]}"
        case Phase.RUNNING | Phase.INTEGRATING | Phase.STOPPED if run:
            return joined(request.phase, progress(run))
        case _:
            return request.phase


def _approval(request: Request) -> str:
    if in_the_way := obstacles(request):
        return f"approval pending: {', '.join(in_the_way)} in the way"
    return f"approval pending: {count(request.n_tasks, 'task')}; read, then approve or reject"


def obstacles(request: Request) -> tuple[str, ...]:
    """Return what stands in the way of a plan's approval."""
    return (
        *((count(request.n_errors, "error"),) if request.n_errors else ()),
        *(f"open question {it.id}" for it in request.unanswered),
        *(() if request.n_tasks else ("no task",)),
    )


def progress(run: Run) -> str:
    """Return ``2 of 5 tasks done``."""
    n_done = sum(it.phase is TaskPhase.DONE for it in run.wanted)
    return f"{n_done} of {count(len(run.wanted), 'task')} done"


def spent(request: Request) -> str:
    """Return what the run has cost, of its budget; without a run, the request, if anything."""
    if request.run is None:
        return money(request.spent.cost_usd) if request.spent.cost_usd else ""
    return f"{money(request.run_spent_usd)} of {money(request.run.budget_usd)}"


def task_phase(request: Request, task: TaskRun) -> str:
    """Return where a task stands: a pause of the request is one of the task."""
    return "paused" if request.paused and task.phase.is_active else task.phase


def attempt(task: TaskRun) -> str:
    """Return ``attempt 2``; nothing of the first."""
    return f"attempt {task.attempt}" if task.attempt > 1 else ""


def task_state(request: Request, task: TaskRun) -> str:
    """Return ``done · attempt 2 · $0.03 · 1 finding · a-model``."""
    findings = request.run.open_findings if request.run else ()
    n_findings = sum(it.task == task.task.id for it in findings)
    return joined(
        task_phase(request, task),
        attempt(task),
        money(task.cost_usd) if task.cost_usd else "",
        count(n_findings, "finding") if n_findings else "",
        one_line(task.model, 60) if task.phase is not TaskPhase.WAITING else "",
    )


def task_doing(task: TaskRun) -> str:
    """Return what happens to a task now, or what it waits for."""
    if task.phase is TaskPhase.WAITING and task.task.after:
        return f"after {', '.join(task.task.after)}"
    return one_line(task.doing) if task.phase.is_active else ""


def stopped(task: TaskRun) -> str:
    """Return why a task has stopped, whole: what to do stands at the end."""
    return f"stopped: {task.stopped_because or 'nobody said why'}"


def verdict_line(verdict: Verdict) -> str:
    """Return ``suite failed: 1 test failed (pytest -q → 1)``."""
    return f"{verdict.gate} {verdict.outcome}: {evidence(verdict)}"


def evidence(verdict: Verdict) -> str:
    """Return a verdict's summary, with what was run and how that ended."""
    summary, ran = one_line(verdict.summary), one_line(verdict.command, 120)
    if verdict.exit_status is not None:
        ran = f"{ran} → {verdict.exit_status}"
    return f"{summary} ({ran})" if ran else summary


def place(it: Place) -> str:
    """Return a place as ``src/app.py:3-5``."""
    last = f"-{it.last_line}" if it.last_line > it.first_line else ""
    return f"{one_line(it.path)}:{it.first_line}{last}"
