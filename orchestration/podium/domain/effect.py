"""What follows from an event, as serialisable specifications of jobs.

A job's id is made from what it is for, so submitting the same effect twice is
submitting it once.  Two are no jobs: ``CancelJobs`` takes effect at once, and ``Reached``
says what others may want to know.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from podium.domain.base import Commit, Frozen, JobId, PlanId, QuestionId, RunId, TaskId, TreeHash
from podium.domain.finding import Finding
from podium.domain.plan import Plan, Task
from podium.domain.verdict import Verdict


class Job(Frozen):
    """What every job's specification says."""

    is_heavy: ClassVar[bool] = False
    """Whether it counts against the machine's limit; the others are short, or a human waits."""
    is_chore: ClassVar[bool] = False
    """Whether it only writes down what is so already: nothing stops it, or stops without it."""

    job: JobId
    plan: PlanId


class PlanningJob(Job):
    """What the specification of a job says that brings a draft into the document."""

    path: str


class DraftPlan(PlanningJob):
    """Let the planner read the document and draft, or revise, the plan."""

    kind: Literal["draft_plan"] = "draft_plan"
    text: str = Field(description="The request, for a document that does not say it.")
    revision: int = Field(ge=1)
    reason: str = Field(default="", description="Why the last draft was rejected.")


class WriteDocument(PlanningJob):
    """Put the planner's draft into the plan document, around what the user writes there."""

    kind: Literal["write_document"] = "write_document"
    content: Plan
    read: str = Field(description="The text that the planner read: the rest is typed since.")


class WriteAnswer(Job):
    """Put an answer into the plan document."""

    is_chore = True

    kind: Literal["write_answer"] = "write_answer"
    path: str
    question: QuestionId
    answer: str


class TickTasks(Job):
    """Tick the boxes of finished tasks."""

    is_chore = True

    kind: Literal["tick_tasks"] = "tick_tasks"
    path: str
    tasks: tuple[TaskId, ...]


class PrepareRun(Job):
    """Fetch the user's commit and start the run's branch there."""

    kind: Literal["prepare_run"] = "prepare_run"
    run: RunId


class TaskJob(Job):
    """What the specification of a job at a task says."""

    run: RunId
    task: Task


class WorkTask(TaskJob):
    """Have a worker do a task, or go on with it after a gate failed.

    ``attempt`` counts from 1.  Attempts of one ``generation`` share a worktree, which
    starts at ``base``, and a conversation; a new generation begins anew, because
    what the last one did does not merge.
    """

    is_heavy = True

    kind: Literal["work_task"] = "work_task"
    attempt: int = Field(ge=1)
    generation: int = Field(default=0, ge=0)
    base: Commit
    failed: tuple[Verdict, ...] = Field(default=(), description="What sent the last attempt back.")
    findings: tuple[Finding, ...] = ()
    conflicts: tuple[str, ...] = Field(
        default=(), description="Where the last attempt did not merge: this one begins anew."
    )
    is_retry: bool = Field(default=False, description="A human sends a stopped task back to work.")
    objective: str = ""
    must_not: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


class JudgeTask(TaskJob):
    """Merge ``commit`` onto ``onto`` and have every gate without a model judge the result."""

    is_heavy = True

    kind: Literal["judge_task"] = "judge_task"
    commit: Commit
    onto: Commit


class ReviewTask(TaskJob):
    """Have a reviewer of another family than its authors' review the task's change."""

    is_heavy = True

    kind: Literal["review_task"] = "review_task"
    onto: Commit
    candidate: Commit
    commit: Commit
    tree: TreeHash
    author_families: tuple[str, ...] = Field(description="The latest last.")
    requirements: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    dismissed: tuple[Finding, ...] = Field(default=(), description="What no human shares.")


class IntegrateTask(TaskJob):
    """Move the run's branch from ``onto`` to ``candidate``."""

    kind: Literal["integrate_task"] = "integrate_task"
    candidate: Commit
    onto: Commit


class JudgeRun(Job):
    """Have the gates judge ``head``, the run's or its merge with ``base``, as a whole."""

    is_heavy = True

    kind: Literal["judge_run"] = "judge_run"
    run: RunId
    tasks: tuple[Task, ...]
    base: Commit
    head: Commit


class MergeRun(Job):
    """Merge the run's head into the user's branch, if that gives a tree that was judged."""

    kind: Literal["merge_run"] = "merge_run"
    run: RunId
    branch: str = Field(description="Where the run started; empty for a detached HEAD.")
    base: Commit
    head: Commit
    tree: TreeHash = Field(description="What the gates have passed; no other may arrive.")
    candidate: Commit | None = Field(
        default=None, description="The merge with that tree, if it is not the run's own."
    )
    title: str


class CleanRun(Job):
    """Remove the run's worktrees; ``tasks`` says how many generations each task had."""

    is_chore = True

    kind: Literal["clean_run"] = "clean_run"
    run: RunId
    tasks: dict[TaskId, int] = Field(default_factory=dict[TaskId, int])


class CancelJobs(Frozen):
    """Stop these jobs, down to the commands that they run.

    ``gently``: what has begun may go on until it would pay for another call.
    """

    kind: Literal["cancel_jobs"] = "cancel_jobs"
    jobs: tuple[JobId, ...]
    gently: bool = False


class Reached(Frozen):
    """A request, or a task of its run, has come to a point of its life; a hook may hang there.

    ``point`` is the phase that was reached, of the task or of the request; or else of the request
    ``paused``, ``resumed`` or ``approval granted``.
    """

    kind: Literal["reached"] = "reached"
    plan: PlanId
    task: TaskId | None = None
    point: str


JobSpec = Annotated[
    DraftPlan
    | WriteDocument
    | WriteAnswer
    | TickTasks
    | PrepareRun
    | WorkTask
    | JudgeTask
    | ReviewTask
    | IntegrateTask
    | JudgeRun
    | MergeRun
    | CleanRun,
    Field(discriminator="kind"),
]
Effect = Annotated[JobSpec | CancelJobs | Reached, Field(discriminator="kind")]
