"""A run: one execution of an approved plan, as of its latest event."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from podium.domain.base import Commit, FindingId, Frozen, RunId, TaskId, TreeHash, Usd
from podium.domain.events.progress import Todo
from podium.domain.finding import Finding, FindingState
from podium.domain.paths import Held
from podium.domain.plan import Plan, Task
from podium.domain.transcript import ModelSwitch, Usage
from podium.domain.verdict import Gate, Outcome, Verdict


class TaskPhase(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    WORKING = "working"
    JUDGING = "judging"
    REVIEWING = "reviewing"
    ACCEPTED = "accepted"
    INTEGRATING = "integrating"
    DONE = "done"
    STOPPED = "stopped"
    DROPPED = "dropped"
    """Dropped: the finding that it was to fix was dismissed."""

    @property
    def is_active(self) -> bool:
        """Whether a job is working on it."""
        return not (self is TaskPhase.WAITING or self.is_stopped or self.is_final)

    @property
    def is_stopped(self) -> bool:
        """Whether it goes on only when a human retries it."""
        return self is TaskPhase.STOPPED

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self in {TaskPhase.DONE, TaskPhase.DROPPED}


class Judgement(Frozen):
    """A verdict and the attempt that it judged."""

    attempt: int
    verdict: Verdict


class Candidate(Frozen):
    """A merge to be judged: a task's commit onto the run's head, or that onto the user's."""

    commit: Commit
    tree: TreeHash
    onto: Commit


class TaskRun(Frozen):
    """One task of a run, with all that happened to it."""

    task: Task
    phase: TaskPhase = TaskPhase.WAITING
    attempt: int = 0
    generation: int = Field(default=0, description="How often it began anew.")
    base: Commit | None = Field(
        default=None, description="Where its worktree starts; none until it begins, or begins anew."
    )
    todos: tuple[Todo, ...] = ()
    commit: Commit | None = Field(default=None, description="What its worker submitted last.")
    is_submitted: bool = Field(default=False, description="The worker has nothing left to do.")
    candidate: Candidate | None = None
    author_families: tuple[str, ...] = Field(
        default=(), description="Of the models that have worked on it, the latest last."
    )
    model: str = ""
    doing: str = ""
    summary: str = ""
    reviewed: Commit | None = Field(default=None, description="The commit that review passed.")
    history: tuple[Judgement, ...] = ()
    forgiven: int = Field(
        default=0, description="A human retried after this attempt: up to it none counts."
    )
    stopped_because: str = ""
    cost_usd: Usd = Decimal(0)
    n_turns: int = 0
    fixes: FindingId | None = Field(
        default=None, description="The finding that this generated task fixes."
    )

    def verdict(self, gate: Gate) -> Verdict | None:
        """Return the gate's latest verdict on this task."""
        return next((it.verdict for it in reversed(self.history) if it.verdict.gate is gate), None)

    def n_failures(self, gate: Gate) -> int:
        """Return how many attempts in a row the gate has failed, counting back from the latest.

        An attempt counts once: a job that was interrupted tells its verdicts again.
        One that could not be judged counts for nothing.
        """
        failed: set[int] = set()
        for it in reversed(self.history):
            if it.attempt <= self.forgiven:
                break
            if it.verdict.gate is gate and it.verdict.passed:
                break
            if it.verdict.gate is gate and it.verdict.outcome is Outcome.FAILED:
                failed.add(it.attempt)
        return len(failed)

    def judged(self, verdict: Verdict) -> "TaskRun":
        """Return the task with one more verdict on its latest attempt."""
        judgement = Judgement(attempt=self.attempt, verdict=verdict)
        return self.evolve(history=(*self.history, judgement))

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The failed verdicts on its candidate."""
        tree = self.candidate.tree if self.candidate else None
        latest = (it for it in map(self.verdict, Gate) if it is not None and it.tree == tree)
        return tuple(it for it in latest if it.outcome is Outcome.FAILED)

    @property
    def can_be_judged(self) -> bool:
        """Whether it needs no more work as far as anybody knows, only what a stop prevented."""
        return self.is_submitted and not self.failed


class Run(Frozen):
    """One execution of an approved plan."""

    id: RunId
    hash: str = Field(description="The intent hash of the approved text that it carries out.")
    content: Plan
    budget_usd: Usd
    branch: str = Field(
        default="", description="The user's, where it started; empty for a detached HEAD."
    )
    base: Commit | None = None
    head: Commit | None = None
    tree: TreeHash | None = None
    tasks: dict[TaskId, TaskRun]
    findings: tuple[Finding, ...] = ()
    lessons: tuple[str, ...] = ()
    candidate: Candidate | None = Field(
        default=None, description="Its merge with a branch of the user's that has moved."
    )
    judgements: tuple[Verdict, ...] = Field(
        default=(), description="Of the run's merged tree, and of its merge's."
    )
    switches: tuple[ModelSwitch, ...] = ()
    merged: Commit | None = None
    is_discarded: bool = False
    started_at: float = 0.0
    ended_at: float = 0.0

    def with_task(self, task: TaskRun) -> "Run":
        """Return the run with one task replaced or added; what it fixes stands where it does."""
        before = self.tasks.get(task.task.id)
        run = self.evolve(tasks=self.tasks | {task.task.id: task})
        if not task.fixes or (before is not None and before.phase is task.phase):
            return run
        finding = self.finding(task.fixes)
        if finding is None or finding.state is FindingState.DISMISSED:
            return run
        states = {
            TaskPhase.STOPPED: FindingState.OPEN,
            TaskPhase.DONE: FindingState.FIXED,
            TaskPhase.DROPPED: finding.state,
        }
        return run.with_finding(finding.evolve(state=states.get(task.phase, FindingState.FIXING)))

    def finding(self, name: FindingId) -> Finding | None:
        """Return the finding of that id."""
        return next((it for it in self.findings if it.id == name), None)

    def fix_of(self, finding: FindingId) -> TaskRun | None:
        """Return the task that is to fix the finding and has not ended, if there is one."""
        fixes = (it for it in self.tasks.values() if it.fixes == finding)
        return next((it for it in fixes if not it.phase.is_final), None)

    def with_finding(self, finding: Finding) -> "Run":
        """Return the run with one finding replaced."""
        return self.evolve(
            findings=tuple(finding if it.id == finding.id else it for it in self.findings)
        )

    def with_review(self, task: TaskId, raised: tuple[Finding, ...]) -> "Run":
        """Return the run after a review of a task: its latest word counts.

        What was not raised again is fixed; what was is as severe as the reviewer says now.
        """
        now, known = {it.id: it for it in raised}, {it.id for it in self.findings}
        settled = {FindingState.OPEN, FindingState.FIXED}
        old = tuple(
            now.get(it.id) or it.evolve(state=FindingState.FIXED)
            if it.task == task and it.state in settled
            else it
            for it in self.findings
        )
        return self.evolve(findings=(*old, *(it for it in raised if it.id not in known)))

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings that nobody has fixed or dismissed."""
        return tuple(it for it in self.findings if it.is_open)

    @property
    def is_done(self) -> bool:
        """Whether every task is done that somebody wants."""
        return all(it.phase is TaskPhase.DONE for it in self.wanted)

    @property
    def wanted(self) -> tuple[TaskRun, ...]:
        """The tasks that were not dropped."""
        return tuple(it for it in self.tasks.values() if it.phase is not TaskPhase.DROPPED)

    def is_free(self, task: Task) -> bool:
        """Return whether no active task stands in the way of this one's files."""
        return not any(map(self._held().holder, task.own_paths))

    @property
    def ready(self) -> tuple[TaskRun, ...]:
        """The waiting tasks that may start: what they need is done, their files are free."""
        held = self._held()
        ready: list[TaskRun] = []
        for it in self.tasks.values():
            needs = [self.tasks[name].phase for name in it.task.after if name in self.tasks]
            if (
                it.phase is TaskPhase.WAITING
                and all(phase is TaskPhase.DONE for phase in needs)
                and not any(map(held.holder, it.task.own_paths))
            ):
                ready.append(it)
                held.hold(it.task.own_paths, it.task.id)
        return tuple(ready)

    def _held(self) -> Held:
        held = Held()
        for it in self.tasks.values():
            if it.phase.is_active:
                held.hold(it.task.own_paths, it.task.id)
        return held


class Spending(Frozen):
    """What a request has cost so far, planning and run together."""

    cost_usd: Usd = Decimal(0)
    usage: Usage = Usage()
    n_turns: int = 0
