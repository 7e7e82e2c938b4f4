"""What people do; it comes from a command."""

from typing import Literal, TypeAlias

from pydantic import Field

from podium.domain.base import (
    FindingId,
    QuestionId,
    RunId,
    TaskId,
    Usd,
)
from podium.domain.events.fact import Fact
from podium.domain.plan import Plan, Question


class RequestMade(Fact):
    """Somebody asked for a piece of work to be planned."""

    kind: Literal["request_made"] = "request_made"
    text: str
    path: str = Field(description="The plan document, relative to the workspace.")


class DocumentChanged(Fact):
    """The plan document now says something else; ``hash`` is its intent hash."""

    kind: Literal["document_changed"] = "document_changed"
    path: str
    hash: str
    title: str = ""
    questions: tuple[Question, ...] = ()
    n_tasks: int = Field(default=0, ge=0)
    n_errors: int = Field(default=0, ge=0)


class QuestionAnswered(Fact):
    """A human answered an open question by command."""

    kind: Literal["question_answered"] = "question_answered"
    question: QuestionId
    answer: str


class ApprovalGranted(Fact):
    """A human said yes to exactly ``text``."""

    kind: Literal["approval_granted"] = "approval_granted"
    hash: str
    text: str
    content: Plan
    by: str


class PlanRejected(Fact):
    """A human said no, and why; the planner tries again."""

    kind: Literal["plan_rejected"] = "plan_rejected"
    reason: str


class RunStarted(Fact):
    """A human started the approved plan."""

    kind: Literal["run_started"] = "run_started"
    run: RunId
    budget_usd: Usd


class RunPaused(Fact):
    """A human paused the run."""

    kind: Literal["run_paused"] = "run_paused"
    reason: str = "paused"


class RunResumed(Fact):
    """A human let a paused run, or failed planning, go on; the budget is today's configuration."""

    kind: Literal["run_resumed"] = "run_resumed"
    budget_usd: Usd | None = None


class RunCancelled(Fact):
    """A human stopped the run for good, or the planning."""

    kind: Literal["run_cancelled"] = "run_cancelled"


class TaskRetried(Fact):
    """A human sent a stopped task back to work; the budget is today's configuration."""

    kind: Literal["task_retried"] = "task_retried"
    task: TaskId
    budget_usd: Usd | None = None


class FixAsked(Fact):
    """A human wants a finding fixed."""

    kind: Literal["fix_asked"] = "fix_asked"
    finding: FindingId


class FindingDismissed(Fact):
    """A human dismissed a finding, with a reason."""

    kind: Literal["finding_dismissed"] = "finding_dismissed"
    finding: FindingId
    reason: str = Field(min_length=1)


class MergeAsked(Fact):
    """A human wants the run's branch merged into theirs."""

    kind: Literal["merge_asked"] = "merge_asked"


class RunDiscarded(Fact):
    """A human threw the run's result away."""

    kind: Literal["run_discarded"] = "run_discarded"


PeoplesEvent: TypeAlias = (
    RequestMade
    | DocumentChanged
    | QuestionAnswered
    | ApprovalGranted
    | PlanRejected
    | RunStarted
    | RunPaused
    | RunResumed
    | RunCancelled
    | TaskRetried
    | FixAsked
    | FindingDismissed
    | MergeAsked
    | RunDiscarded
)
"""What people do."""
