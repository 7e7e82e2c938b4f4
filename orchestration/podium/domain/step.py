"""The one place where state changes: ``step`` takes a request and an event.

Transitions only rewrite the request, its outstanding jobs included.  The effects are
the difference: jobs that became due start, and jobs that stopped being due without
having answered are cancelled.  So no transition can forget to cancel or to start one,
and the fold of a journal knows by itself what is still to be done.

A pause that no human asked for is gentle: what is under way may finish the turn that it
pays for.  So a job may still be at work that is not due, and dropping it cancels it.
"""

from collections.abc import Iterable
from typing import assert_never

from podium.domain.effect import CancelJobs, Effect
from podium.domain.event import (
    ApprovalGranted,
    CallCharged,
    CallFact,
    CallSent,
    DocumentChanged,
    DocumentWritten,
    Event,
    FindingDismissed,
    FixAsked,
    GateJudged,
    JobFact,
    JobFailed,
    MergeAsked,
    Merged,
    MergeMade,
    MergeRefused,
    ModelSwitched,
    PlanDrafted,
    PlanRejected,
    QuestionAnswered,
    RequestMade,
    RunCancelled,
    RunCleaned,
    RunDiscarded,
    RunJudged,
    RunPaused,
    RunPrepared,
    RunResumed,
    RunStarted,
    TaskConflicted,
    TaskEscalated,
    TaskIntegrated,
    TaskJudged,
    TaskRetried,
    TaskReviewed,
    TaskSubmitted,
    TodosChanged,
    TurnTaken,
)
from podium.domain.request import Request
from podium.domain.transitions import findings, merging, planning, reports, runs


def step(request: Request, event: Event) -> tuple[Request, tuple[Effect, ...]]:
    """Return the request after ``event`` and the effects that follow from it.

    An event that does not fit the state changes nothing: it comes late, or twice.
    """
    is_late = isinstance(event, JobFact) and not request.awaits(event.job)
    if is_late and not isinstance(event, CallFact):
        return request, ()
    after = _after(request, event)
    return after, _effects(request, after, event)


def fold(events: Iterable[Event], request: Request) -> Request:
    """Return the request after ``events``; what they would cause is outstanding in it."""
    for event in events:
        request, _ = step(request, event)
    return request


def _effects(before: Request, after: Request, event: Event) -> tuple[Effect, ...]:
    # What a gentle pause has left under way ends with another reason for a pause: an edit.
    is_paused_anew = after.paused not in ("", before.paused)
    was_due = {it.job for it in (before.outstanding if is_paused_anew else before.due)}
    due = {it.job for it in after.due}
    dropped = {it.job for it in before.outstanding} - {it.job for it in after.outstanding}
    answered = {event.job} if isinstance(event, JobFact) else set[str]()
    ended = (was_due - due | dropped) - answered
    jobs = tuple(it.job for it in before.outstanding if it.job in ended)
    cancel = CancelJobs(jobs=jobs, gently=isinstance(event, JobFailed))
    started = tuple(it for it in after.due if it.job not in was_due)
    return (*((cancel,) if jobs else ()), *started)


def _after(request: Request, event: Event) -> Request:  # noqa: C901, PLR0911, PLR0912  # The table.
    match event:
        case RequestMade():
            return planning.request_made(request, event)
        case DocumentChanged():
            return planning.document_changed(request, event)
        case QuestionAnswered():
            return planning.question_answered(request, event)
        case ApprovalGranted():
            return planning.approval_granted(request, event)
        case PlanRejected():
            return planning.plan_rejected(request, event)
        case PlanDrafted():
            return planning.plan_drafted(request, event)
        case DocumentWritten():
            return planning.document_written(request, event)
        case RunStarted():
            return runs.run_started(request, event)
        case RunPaused():
            return runs.run_paused(request, event)
        case RunResumed():
            return runs.run_resumed(request, event)
        case RunCancelled():
            return runs.run_cancelled(request, event)
        case TaskRetried():
            return runs.task_retried(request, event)
        case FixAsked():
            return findings.fix_asked(request, event)
        case FindingDismissed():
            return findings.finding_dismissed(request, event)
        case MergeAsked():
            return merging.merge_asked(request)
        case RunDiscarded():
            return runs.run_discarded(request, event)
        case CallSent():
            return reports.call_sent(request, event)
        case CallCharged():
            return reports.call_charged(request, event)
        case TurnTaken():
            return reports.turn_taken(request, event)
        case ModelSwitched():
            return reports.model_switched(request, event)
        case TodosChanged():
            return reports.todos_changed(request, event)
        case GateJudged():
            return reports.gate_judged(request, event)
        case JobFailed():
            return reports.job_failed(request, event)
        case RunPrepared():
            return reports.run_prepared(request, event)
        case TaskSubmitted():
            return reports.task_submitted(request, event)
        case TaskEscalated():
            return reports.task_escalated(request, event)
        case TaskJudged():
            return reports.task_judged(request, event)
        case TaskConflicted():
            return reports.task_conflicted(request, event)
        case TaskReviewed():
            return reports.task_reviewed(request, event)
        case TaskIntegrated():
            return reports.task_integrated(request, event)
        case RunJudged():
            return reports.run_judged(request, event)
        case MergeMade():
            return merging.merge_made(request, event)
        case Merged():
            return merging.merged(request, event)
        case MergeRefused():
            return merging.merge_refused(request, event)
        case RunCleaned():
            return request.without(event.job)
        case _:
            assert_never(event)
