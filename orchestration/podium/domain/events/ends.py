"""What ends a job: one event, the last that counts."""

from typing import Literal, TypeAlias

from pydantic import Field

from podium.domain.base import (
    Commit,
    TaskId,
    TreeHash,
)
from podium.domain.events.fact import JobFact
from podium.domain.finding import Finding
from podium.domain.plan import Plan
from podium.domain.verdict import Verdict


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


EndEvent: TypeAlias = (
    JobFailed
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
    | RunCleaned
)
"""What ends a job."""
