"""The table of what humans can command, with the rule of each: why it is refused now.

Read by `podium.domain.commands`.  Nothing heavy is imported here at run time, as ``podium --help``
and the language server's ``initialize`` list the table.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from podium.domain.phase import Phase

if TYPE_CHECKING:
    from podium.domain.finding import Finding
    from podium.domain.request import Request


class Verb(StrEnum):
    """Each command's name, in the order of a plan's life."""

    REQUEST = "request"
    ANSWER = "answer"
    APPROVE = "approve"
    START = "start"
    REJECT = "reject"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    CANCEL = "cancel"
    FIX = "fix"
    DISMISS = "dismiss"
    MERGE = "merge"
    DISCARD = "discard"


WhyNot = Callable[["Request", str], str]
"""Says why a command is refused now, of a target where it has one; nothing if it is allowed."""


class CommandKind(NamedTuple):
    """One row of the table.

    Attributes:
        event: The kind of the event that records it.
        about: What it is about; a question, a task or a finding is named by its id, the target.
        title: What editors call it; ``{}`` stands for the target.
        summary: What it does, in a line.
        done: What has been done by it, of ``{plan}`` and ``{target}``; said in a shell.
        text: The name of what else a human must say.
        ask: How they are asked for that.
    """

    event: str
    about: Literal["plan", "question", "run", "task", "finding"]
    why_not: WhyNot
    title: str
    summary: str
    done: str = ""
    text: str = ""
    ask: str = ""

    @property
    def has_target(self) -> bool:
        """Whether it is about something of a plan, and not the plan or its run as a whole."""
        return self.about not in {"plan", "run"}


def _request(request: "Request", _target: str) -> str:
    if request.phase.has_live_run:
        return f"{_stands(request)}; cancel or discard its run first"
    if request.phase is Phase.PLANNING and not request.paused:
        return f"{_name(request)} is being planned already; cancel that to begin anew"
    return _over(request)


def _answer(request: "Request", question: str) -> str:
    answers = {it.id: it.answer for it in request.questions}
    found = next((it for name, it in answers.items() if name == question), None)
    if found is None:
        asked = _listed(answers)
        return f"{_name(request)} asks no question {question!r}; questions: {asked}"
    if found.strip():
        return f"question {question!r} is answered; change the answer in the document"
    return _over(request)


def _approve(request: "Request", _target: str) -> str:  # noqa: PLR0911  # A table.
    if request.phase.is_final:
        return _over(request)
    if request.phase is Phase.PLANNING:
        return f"{_name(request)} is being planned; wait for the draft and read it"
    if request.n_errors:
        return f"{_name(request)} has errors ({request.n_errors}); correct them first"
    if request.unanswered:
        names = _listed(it.id for it in request.unanswered)
        return f"{_name(request)} has open questions: answer {names} first"
    if not request.n_tasks:
        return f"{_name(request)} has no tasks; have it planned, or write them yourself"
    if request.phase is Phase.INTERVIEWING:
        return f"the answers in {_name(request)} are being read; wait for the draft"
    run = request.run
    if request.phase.has_live_run and run is not None and run.hash != request.hash:
        do = "undo the edit, or cancel or discard the run"
        return f"the run of {_name(request)} has another text; {do}"
    if request.approves(request.hash) and request.phase is not Phase.STOPPED:
        return f"what {_name(request)} says is approved already"
    return ""


def _start(request: "Request", _target: str) -> str:
    if request.phase is Phase.STOPPED:
        return f"{_stands(request)}; approve it again to start another run"
    if not request.phase.is_before_run:
        return f"{_stands(request)}; it has been started already"
    if not request.approves(request.hash):
        why = "it was edited after its approval" if request.was_revoked else "nobody approved it"
        return f"{_name(request)} cannot start: {why}; read it and approve it"
    return ""


def _reject(request: "Request", _target: str) -> str:
    if not request.phase.is_planned:
        return f"{_stands(request)}; only a plan that waits for its approval or start is rejected"
    return ""


def _pause(request: "Request", _target: str) -> str:
    if not request.phase.is_working:
        return f"{_stands(request)}; only what is under way can be paused"
    return f"{_stands(request)}; resume or cancel it" if request.is_halted else ""


def _resume(request: "Request", _target: str) -> str:
    if not request.paused:
        return f"{_stands(request)}; only what is paused can be resumed"
    return _unapproved(request) if request.phase.has_live_run else ""


def _cancel(request: "Request", _target: str) -> str:
    if request.phase is Phase.AWAITING_MERGE:
        return f"the run of {_name(request)} has come to its end; merge it, or discard it"
    if request.phase is Phase.MERGING and not request.paused:
        return f"{_stands(request)}; wait for its end"  # It is made or refused within moments.
    if request.phase.is_working or request.phase.is_merging:
        return ""
    return f"{_stands(request)}; there is nothing under way to be cancelled"


def _retry(request: "Request", task: str) -> str:
    tasks = {str(it): found for it, found in request.run.tasks.items()} if request.run else {}
    found = tasks.get(task)
    if found is None:
        return f"the run of {_name(request)} has no task {task!r}; tasks: {_listed(tasks)}"
    if not (found.phase.is_stopped or request.is_unprepared):
        return f"task {task!r} is {found.phase}; only a stopped task can be retried"
    return _no_work(request) or ("" if request.may_go_on else _too_late(request))


def _fix(request: "Request", finding: str) -> str:
    found = _finding(request, finding)
    if found is None:
        return _unknown_finding(request, finding)
    if not found.is_open:
        return f"finding {finding!r} is {found.state} already"
    goes_on = request.phase.has_live_run and request.phase is not Phase.MERGING
    return _no_work(request) or ("" if goes_on or request.may_go_on else _too_late(request))


def _dismiss(request: "Request", finding: str) -> str:
    found, run = _finding(request, finding), request.run
    if found is None or run is None:
        return _unknown_finding(request, finding)
    if not found.is_unsolved:
        return f"finding {finding!r} is {found.state} already"
    fix = run.fix_of(found.id)
    if fix is not None and fix.phase.is_active:
        return f"task {fix.task.id!r} is at finding {finding!r}; wait for it, or cancel the run"
    return _over(request)


def _merge(request: "Request", _target: str) -> str:
    if request.phase is not Phase.AWAITING_MERGE:
        return f"{_stands(request)}; only a run that awaits its merge can be merged"
    return _unapproved(request) or (
        f"{_stands(request)}; resume it first" if request.paused else ""
    )


def _discard(request: "Request", _target: str) -> str:
    if request.run is None or not request.phase.has_result:
        return f"{_stands(request)}; only the result of a run that has ended can be discarded"
    if request.run.is_discarded:
        return f"the run of {_name(request)} is discarded already"
    return ""


def _no_work(request: "Request") -> str:
    """Return why the run can be given no more work, whatever that would be."""
    if request.run is not None and request.run.is_discarded:
        return f"the run of {_name(request)} is discarded; approve the plan to start another"
    return _unapproved(request)


def _unapproved(request: "Request") -> str:
    if request.is_run_approved:
        return ""
    why = "was edited after its approval" if request.was_revoked else "has another approval"
    return f"{_name(request)} {why}; approve what its run carries out, or cancel or discard the run"


def _too_late(request: "Request") -> str:
    then = "start its next run" if request.phase.is_before_run else "wait for its end"
    return f"{_stands(request)}; {then}"


def _over(request: "Request") -> str:
    then = "write what else you want as a new plan"
    return f"{_stands(request)}; {then}" if request.phase.is_final else ""


def _finding(request: "Request", name: str) -> "Finding | None":
    findings = request.run.findings if request.run else ()
    return next((it for it in findings if it.id == name), None)


def _unknown_finding(request: "Request", finding: str) -> str:
    known = _listed(it.id for it in (request.run.findings if request.run else ()))
    return f"the run of {_name(request)} has no finding {finding!r}; findings: {known}"


def _stands(request: "Request") -> str:
    return f"{_name(request)} is {request.phase}{', paused' if request.paused else ''}"


def _name(request: "Request") -> str:
    return f"plan {request.id!r}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


COMMANDS: dict[Verb, CommandKind] = {
    Verb.REQUEST: CommandKind(
        "request_made",
        "plan",
        _request,
        "Plan this request",
        "have a request planned",
    ),
    Verb.ANSWER: CommandKind(
        "question_answered",
        "question",
        _answer,
        "Answer {}…",
        "answer a question of a plan",
        "{target} of {plan} is answered",
        text="answer",
        ask="Which of its options, or what in your own words?",
    ),
    Verb.APPROVE: CommandKind(
        "approval_granted",
        "plan",
        _approve,
        "Approve",
        "say yes to exactly what a plan says now",
    ),
    Verb.START: CommandKind(
        "run_started",
        "run",
        _start,
        "Start",
        "carry out an approved plan",
        "{plan} is started",
    ),
    Verb.REJECT: CommandKind(
        "plan_rejected",
        "plan",
        _reject,
        "Reject…",
        "send a plan back to the planner, with a reason",
        "{plan} is planned again",
        text="reason",
        ask="What should the planner do differently?",
    ),
    Verb.PAUSE: CommandKind(
        "run_paused",
        "run",
        _pause,
        "Pause",
        "stop what is under way until it is resumed",
        "{plan} is paused",
    ),
    Verb.RESUME: CommandKind(
        "run_resumed",
        "run",
        _resume,
        "Resume",
        "go on with what was paused or failed",
        "{plan} is going on",
    ),
    Verb.RETRY: CommandKind(
        "task_retried",
        "task",
        _retry,
        "Retry {}",
        "send a stopped task back to work",
        "{target} of {plan} goes on",
    ),
    Verb.CANCEL: CommandKind(
        "run_cancelled",
        "run",
        _cancel,
        "Cancel",
        "stop a run, or planning, for good",
        "{plan} is cancelled; what was done stays to be looked at",
    ),
    Verb.FIX: CommandKind(
        "fix_asked",
        "finding",
        _fix,
        "Fix this finding",
        "have a finding fixed by a new task",
        "a task fixes finding {target} of {plan}",
    ),
    Verb.DISMISS: CommandKind(
        "finding_dismissed",
        "finding",
        _dismiss,
        "Dismiss with a reason…",
        "dismiss a finding, with a reason",
        "finding {target} of {plan} is dismissed",
        text="reason",
        ask="Why does this finding not matter? It is remembered.",
    ),
    Verb.MERGE: CommandKind(
        "merge_asked",
        "run",
        _merge,
        "Merge",
        "merge a run into the branch that is checked out",
        "{plan} is merged",
    ),
    Verb.DISCARD: CommandKind(
        "run_discarded",
        "run",
        _discard,
        "Discard…",
        "throw a run's result away",
        "the run of {plan} is discarded",
    ),
}
