"""The signs, colours and commands with which the terminal shows a request."""

from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.finding import Finding
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase, TaskRun
from podium.domain.standing import SIGNS, evidence, place, standing
from podium.domain.verdict import Gate, Outcome, Verdict
from podium.text.amounts import joined
from podium.text.plain import one_line

OUTCOME_STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.UNKNOWN: "yellow"}

_COMMANDS = {
    Phase.AWAITING_APPROVAL: "podium approve",
    Phase.APPROVED: "podium start",
    Phase.AWAITING_MERGE: "podium diff, podium merge",
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


def next_step(request: Request) -> str:
    """Return in one line what a person should know, and the command that comes next."""
    if request.paused:
        is_resumable = command(request, Verb.RESUME).is_allowed
        then = "; go on with: podium resume" if is_resumable else ""
        return f"paused: {one_line(request.paused, REASON)}{then}"
    if request.problem:
        return one_line(request.problem, REASON)
    is_wrong = request.phase is Phase.AWAITING_APPROVAL and request.n_errors
    shell = "podium check" if is_wrong else _COMMANDS.get(request.phase, "")
    return joined(standing(request), shell)


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


def first_complaint(verdict: Verdict) -> str:
    """Return a verdict's evidence, and of one that stands in the way its first complaint."""
    if verdict.passed or not verdict.complaints:
        return evidence(verdict)
    first = verdict.complaints[0]
    where = f"{place(first.place)} " if first.place else ""
    return f"{evidence(verdict)}: {where}{one_line(first.message, 300)}"


def finding_line(it: Finding) -> str:
    """Return a finding in one line."""
    return f"{it.id}  {it.severity:<7}  {it.state:<9}  {place(it.place)}  {one_line(it.title)}"
