"""The words and signs with which the terminal shows a request."""

from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.finding import Finding
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.verdict import Gate, Outcome, Place, Verdict
from podium.text.amounts import count, money
from podium.text.plain import one_line

SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
OUTCOME_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.UNKNOWN: "yellow"}

_NEXT = {
    Phase.AWAITING_APPROVAL: "read the plan, then: podium approve",
    Phase.APPROVED: "carry it out: podium start",
    Phase.AWAITING_MERGE: "look at it: podium diff; take it: podium merge",
    Phase.JUDGING_MERGE: "your branch has moved: the gates judge the merge before it is made",
}

REASON = 800
"""Characters of a reason: what to do stands at its end."""


def phase_style(phase: Phase | TaskPhase) -> str:
    """Return rich's style for a phase."""
    if phase in {Phase.DONE, TaskPhase.DONE, TaskPhase.ACCEPTED}:
        return "green"
    if phase in {Phase.STOPPED, TaskPhase.STOPPED}:
        return "red"
    if phase in {Phase.AWAITING_APPROVAL, Phase.AWAITING_MERGE, Phase.INTERVIEWING}:
        return "yellow"
    return "dim" if phase in {TaskPhase.WAITING, TaskPhase.DROPPED} else "cyan"


def place(it: Place) -> str:
    """Return a place as ``src/app.py:3``."""
    return f"{one_line(it.path)}:{it.first_line}"


def standing(request: Request) -> str:
    """Return in one line what a person should know or do next."""
    if request.paused:
        is_resumable = command(request, Verb.RESUME).is_allowed
        then = "; go on with: podium resume" if is_resumable else ""
        return f"paused: {one_line(request.paused, REASON)}{then}"
    if request.problem:
        return one_line(request.problem, REASON)
    if request.phase is Phase.PLANNING:
        return one_line(request.doing)
    if request.phase is Phase.INTERVIEWING:
        return f"answers wanted: {', '.join(it.id for it in request.unanswered)}"
    if request.phase is Phase.AWAITING_APPROVAL and request.n_errors:
        return f"{count(request.n_errors, 'error')} in the plan in the way; see: podium check"
    return _NEXT.get(request.phase, "")


def task_doing(task: TaskRun) -> str:
    """Return what happens to a task now."""
    if task.phase is TaskPhase.WAITING and task.task.after:
        return f"after {', '.join(task.task.after)}"
    return one_line(task.doing) if task.phase.is_active else ""


def gates(task: TaskRun) -> list[tuple[str, str]]:
    """Return each gate's sign and its style, judged on the task's latest tree."""
    found: list[tuple[str, str]] = []
    for gate in Gate:
        verdict = task.verdict(gate)
        if verdict is None:
            found.append(("·", "dim"))
        else:
            found.append((SIGNS[verdict.outcome], OUTCOME_STYLES[verdict.outcome]))
    return found


def verdict_ran(verdict: Verdict) -> str:
    """Return in one line what was run and how it ended; the summary if that is no exit status."""
    ran = one_line(verdict.command, 120)
    if verdict.exit_status is not None:
        return f"{ran} → {verdict.exit_status}"
    summary = one_line(verdict.summary, 160)
    return f"{summary} ({ran})" if ran else summary


def verdict_evidence(verdict: Verdict) -> str:
    """Return `verdict_ran`, and of a verdict that stands in the way its first complaint."""
    if verdict.passed or not verdict.complaints:
        return verdict_ran(verdict)
    first = verdict.complaints[0]
    where = f"{place(first.place)} " if first.place else ""
    return f"{verdict_ran(verdict)}: {where}{one_line(first.message, 300)}"


def finding_line(it: Finding) -> str:
    """Return a finding in one line."""
    return f"{it.id}  {it.severity:<7}  {it.state:<9}  {place(it.place)}  {one_line(it.title)}"


def spent(request: Request, run: Run | None) -> str:
    """Return what the run has cost, and of what budget; without one, the request."""
    if run is None:
        return money(request.spent.cost_usd)
    return f"{money(request.run_spent_usd)} of ${run.budget_usd:.2f}"
