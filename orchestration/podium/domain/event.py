"""Every fact Podium can learn, as one closed union.

People's events come from a command; jobs' events carry the job that reports
them and are ignored when nobody waits for that job any more.  A job ends with
one terminal event; the others only tell how far it is.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from podium.domain.base import (
    CallId,
    Commit,
    FindingId,
    Frozen,
    JobId,
    PlanId,
    QuestionId,
    RunId,
    TaskId,
    TreeHash,
    Usd,
)
from podium.domain.finding import Finding
from podium.domain.plan import Plan, Question
from podium.domain.transcript import ModelSwitch, Usage
from podium.domain.verdict import Verdict


class Fact(Frozen):
    """What every event says: which plan it is about, and when (seconds since 1970, UTC)."""

    plan: PlanId
    at: float = Field(default=0.0, ge=0)


# ── what people do ─────────────────────────────────────────────────────────────────────────


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


# ── what jobs report on the way ────────────────────────────────────────────────────────────


class JobFact(Fact):
    """An event that a job reports."""

    job: JobId


class CallFact(JobFact):
    """An event of one call to a model. Counted even when its job was cancelled meanwhile."""

    call: CallId
    role: str
    task: TaskId | None = None


class CallSent(CallFact):
    """A call is about to be sent; until it is paid it counts as what it may cost at most."""

    kind: Literal["call_sent"] = "call_sent"
    worst_usd: Usd

    def charged(self, cost_usd: Decimal) -> "CallCharged":
        """Return the end of a call that brought no reply."""
        return CallCharged(
            plan=self.plan,
            job=self.job,
            call=self.call,
            role=self.role,
            task=self.task,
            cost_usd=cost_usd,
        )


class CallCharged(CallFact):
    """What a call has cost that brought no reply: refused, cut off, cancelled, or lost in a crash.

    It counts once, and only while the call is not paid.
    """

    kind: Literal["call_charged"] = "call_charged"
    cost_usd: Usd


class TurnTaken(CallFact):
    """One paid turn of an agent: what a call has cost that brought a reply."""

    kind: Literal["turn_taken"] = "turn_taken"
    model: str
    family: str
    usage: Usage
    cost_usd: Usd
    doing: str = Field(default="", description="One line: what the agent does next.")
    is_author: bool = Field(default=False, description="What it does is the task's change.")


class ModelSwitched(JobFact):
    """A fallback was taken, and why."""

    kind: Literal["model_switched"] = "model_switched"
    switch: ModelSwitch


class Todo(Frozen):
    """A worker's own step inside a task."""

    text: str
    done: bool = False


class TodosChanged(JobFact):
    """A worker's list of todos, whole."""

    kind: Literal["todos_changed"] = "todos_changed"
    task: TaskId
    todos: tuple[Todo, ...]


class GateJudged(JobFact):
    """One gate's verdict; ``task`` is None when the whole run is judged."""

    kind: Literal["gate_judged"] = "gate_judged"
    task: TaskId | None = None
    verdict: Verdict


# ── what ends a job ────────────────────────────────────────────────────────────────────────


class JobFailed(JobFact):
    """A job could not do its work.

    ``environment``: something outside must change first (a key, a sandbox, a disk);
    ``budget``: the next turn could exceed the run's budget; ``error``: anything else.
    The first two leave the job outstanding and pause, so that resuming goes on there; what
    else is under way may finish what it has begun to pay for.
    """

    kind: Literal["job_failed"] = "job_failed"
    reason: str = Field(min_length=1)
    cause: Literal["error", "environment", "budget"] = "error"


class PlanDrafted(JobFact):
    """The planner's draft; open questions in it make it an interview."""

    kind: Literal["plan_drafted"] = "plan_drafted"
    content: Plan
    read: str = Field(description="The document's text that the planner read.")


class DocumentWritten(JobFact):
    """The plan document was written, or handed to the editor that holds it."""

    kind: Literal["document_written"] = "document_written"


class RunPrepared(JobFact):
    """The run's branch exists and starts at ``base``, where the user's ``branch`` was."""

    kind: Literal["run_prepared"] = "run_prepared"
    branch: str = Field(description="The full name of what was checked out; empty if detached.")
    base: Commit
    base_tree: TreeHash


class TaskSubmitted(JobFact):
    """A worker says that it is done. Nobody believes it yet."""

    kind: Literal["task_submitted"] = "task_submitted"
    task: TaskId
    commit: Commit
    summary: str
    lessons: tuple[str, ...] = ()


class TaskEscalated(JobFact):
    """A worker cannot go on: it asks, loops, stands still or found the task too big."""

    kind: Literal["task_escalated"] = "task_escalated"
    task: TaskId
    reason: str


class TaskJudged(JobFact):
    """All gates without a model have judged ``candidate``: ``commit`` merged onto ``onto``."""

    kind: Literal["task_judged"] = "task_judged"
    task: TaskId
    candidate: Commit
    tree: TreeHash
    onto: Commit


class TaskConflicted(JobFact):
    """The task's commit does not merge onto the run's head."""

    kind: Literal["task_conflicted"] = "task_conflicted"
    task: TaskId
    paths: tuple[str, ...]


class TaskReviewed(JobFact):
    """The reviewer's findings, evidence already checked, and the gate's verdict."""

    kind: Literal["task_reviewed"] = "task_reviewed"
    task: TaskId
    commit: Commit
    findings: tuple[Finding, ...]
    verdict: Verdict


class TaskIntegrated(JobFact):
    """The run's branch now ends at the task's candidate."""

    kind: Literal["task_integrated"] = "task_integrated"
    task: TaskId
    head: Commit
    tree: TreeHash


class RunJudged(JobFact):
    """All gates have judged the run's head, or its merge."""

    kind: Literal["run_judged"] = "run_judged"
    tree: TreeHash


class MergeMade(JobFact):
    """The user's branch has moved, so the merge has a tree of its own. Nobody has judged it.

    It is made in the private repository; nothing of the user's was changed.
    """

    kind: Literal["merge_made"] = "merge_made"
    candidate: Commit
    tree: TreeHash
    onto: Commit


class Merged(JobFact):
    """The run's branch is part of the user's branch, as ``commit``."""

    kind: Literal["merged"] = "merged"
    commit: Commit


class MergeRefused(JobFact):
    """The merge would have touched what it must not; nothing was changed."""

    kind: Literal["merge_refused"] = "merge_refused"
    reason: str


class RunCleaned(JobFact):
    """The run's worktrees are gone."""

    kind: Literal["run_cleaned"] = "run_cleaned"


Event = Annotated[
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
    | CallSent
    | CallCharged
    | TurnTaken
    | ModelSwitched
    | TodosChanged
    | GateJudged
    | JobFailed
    | PlanDrafted
    | DocumentWritten
    | RunPrepared
    | TaskSubmitted
    | TaskEscalated
    | TaskJudged
    | TaskConflicted
    | TaskReviewed
    | TaskIntegrated
    | RunJudged
    | MergeMade
    | Merged
    | MergeRefused
    | RunCleaned,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes events as JSON."""
