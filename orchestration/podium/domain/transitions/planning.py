"""From a request to an approved plan: the transitions before a run."""

from podium.domain.base import JobId
from podium.domain.effect import DraftPlan, PlanningJob, TickTasks, WriteAnswer, WriteDocument
from podium.domain.events.ends import DocumentWritten, PlanDrafted
from podium.domain.events.people import (
    ApprovalGranted,
    DocumentChanged,
    PlanRejected,
    QuestionAnswered,
    RequestMade,
)
from podium.domain.request import Approval, Phase, Request
from podium.domain.transitions.table import after

REVOKED = (
    "the plan was edited after it was approved: approve it again to go on, "
    "or cancel or discard the run"
)


@after(RequestMade)
def request_made(request: Request, event: RequestMade) -> Request:
    """Let the planner draft, whatever it was drafting before."""
    return _draft_again(
        request.evolve(text=event.text, path=event.path, title=request.title or event.plan), ""
    )


@after(DocumentChanged)
def document_changed(request: Request, event: DocumentChanged) -> Request:
    """Take over what the document says; an edit of its intent revokes the approval."""
    request = request.evolve(
        path=event.path,
        hash=event.hash,
        title=event.title,
        questions=event.questions,
        n_tasks=event.n_tasks,
        n_errors=event.n_errors,
    )
    if request.phase.is_final:
        return request
    if request.approval is not None and not request.approves(event.hash):
        request = request.evolve(approval=None, was_revoked=True)
        if request.phase is Phase.APPROVED:
            request = request.evolve(phase=Phase.AWAITING_APPROVAL)
        elif request.phase.has_live_run:
            request = request.halting(REVOKED)
    return follow_document(request)


@after(QuestionAnswered)
def question_answered(request: Request, event: QuestionAnswered) -> Request:
    """Have the answer written where the question stands."""
    request, job = request.numbered(f"{request.id}/answer")
    return request.expecting(
        WriteAnswer(
            job=job,
            plan=request.id,
            path=request.path,
            question=event.question,
            answer=event.answer,
        )
    )


@after(ApprovalGranted)
def approval_granted(request: Request, event: ApprovalGranted) -> Request:
    """Bind the approval to the text that was shown, if that is still the text."""
    if event.hash != request.hash:
        return request
    approval = Approval(hash=event.hash, by=event.by, at=event.at)
    request = request.evolve(approval=approval, approved=event.content, was_revoked=False)
    if request.phase.has_live_run:
        return request.evolve(paused="") if request.paused == REVOKED else request
    return request.evolve(phase=Phase.APPROVED, problem="")


@after(PlanRejected)
def plan_rejected(request: Request, event: PlanRejected) -> Request:
    """Let the planner try again, told why."""
    return _draft_again(request, event.reason)


@after(PlanDrafted)
def plan_drafted(request: Request, event: PlanDrafted) -> Request:
    """Have the draft written into the document: until then nobody can read, or approve, it."""
    request, job = request.without(event.job).numbered(f"{request.id}/write")
    spec = WriteDocument(
        job=job, plan=request.id, path=request.path, content=event.content, read=event.read
    )
    return request.evolve(doing="").expecting(spec)


@after(DocumentWritten)
def document_written(request: Request, event: DocumentWritten) -> Request:
    """Look again at what the document says by now; the draft in it ends the planning."""
    is_draft = isinstance(request.awaited(event.job), WriteDocument)
    request = request.without(event.job)
    if is_draft and request.unanswered:
        return request.evolve(phase=Phase.INTERVIEWING)
    return hand_to_human(request) if is_draft else follow_document(request)


def follow_document(request: Request) -> Request:
    """Return the phase that the document's own state asks for."""
    is_answering = any(isinstance(it, WriteAnswer) for it in request.outstanding)
    if request.phase is Phase.INTERVIEWING and not request.unanswered and not is_answering:
        return _draft_again(request, "")
    if request.phase in {Phase.DRAFT, Phase.AWAITING_APPROVAL}:
        return hand_to_human(request)
    return request


def give_up_planning(request: Request) -> Request:
    """Return the request when its planning has ended without a draft in the document."""
    return hand_to_human(request.dropping(PlanningJob))


def hand_to_human(request: Request) -> Request:
    """Return the request when it is a human's turn: to approve the tasks that there are."""
    phase = Phase.AWAITING_APPROVAL if request.n_tasks else Phase.DRAFT
    return request.evolve(phase=phase, doing="")


def _draft_again(request: Request, reason: str) -> Request:
    """Return the request while the planner drafts its next revision."""
    revision = request.revision + 1
    job = DraftPlan(
        job=JobId(f"{request.id}/draft-{revision}"),
        plan=request.id,
        path=request.path,
        text=request.text,
        revision=revision,
        reason=reason,
    )
    drafting = request.evolve(
        phase=Phase.PLANNING,
        revision=revision,
        approval=None,
        paused="",
        problem="",
        doing="",
    )
    return drafting.dropping(DraftPlan, WriteDocument, TickTasks).expecting(job)
