"""A request: one plan document's life, from a sentence to a merged commit."""

from decimal import Decimal

from pydantic import Field

from podium.domain.base import CallId, Frozen, JobId, PlanId, RunId, Usd
from podium.domain.effect import Job, JobSpec
from podium.domain.events.progress import CallSent
from podium.domain.phase import Phase
from podium.domain.plan import Plan, Question
from podium.domain.run import Run, Spending


class Approval(Frozen):
    """A human's yes, bound to the hash of exactly what was shown."""

    hash: str
    by: str
    at: float


class Request(Frozen):
    """What was asked for and how far it is, as of the latest event."""

    id: PlanId
    path: str = ""
    title: str = ""
    text: str = Field(default="", description="The request in the user's words.")
    phase: Phase = Phase.DRAFT
    hash: str = Field(default="", description="The document's intent hash now.")
    questions: tuple[Question, ...] = ()
    n_tasks: int = 0
    n_errors: int = 0
    revision: int = Field(default=0, description="How many drafts were asked for.")
    n_jobs: int = Field(default=0, description="Makes the ids of small jobs distinct.")
    approval: Approval | None = None
    approved: Plan | None = Field(default=None, description="What the approved text says.")
    was_revoked: bool = Field(default=False, description="An edit has revoked an approval.")
    paused: str = Field(default="", description="Why nothing goes on, empty when it does.")
    is_eased: bool = Field(
        default=False, description="What was under way at the pause may finish its turn."
    )
    problem: str = Field(default="", description="What failed last and what to do about it.")
    doing: str = ""
    n_runs: int = 0
    run: Run | None = None
    over: dict[RunId, float] = Field(
        default_factory=dict[RunId, float],
        description="When runs were merged, discarded or replaced: nothing of them goes on.",
    )
    spent: Spending = Spending()
    spent_before_usd: Usd = Field(default=Decimal(0), description="Before the current run.")
    planning_usd: Usd = Field(
        default=Decimal(0), description="What planning has cost since the last run was started."
    )
    in_flight: dict[CallId, CallSent] = Field(
        default_factory=dict[CallId, CallSent], description="Calls that are not paid yet."
    )
    outstanding: tuple[JobSpec, ...] = ()

    @property
    def due(self) -> tuple[JobSpec, ...]:
        """The jobs that should be under way now."""
        return () if self.paused else self.outstanding

    def awaited(self, job: JobId) -> JobSpec | None:
        """Return the job's specification, if an event of it still counts."""
        return next((it for it in self.outstanding if it.job == job), None)

    def awaits(self, job: JobId) -> bool:
        """Return whether an event of this job still counts."""
        return self.awaited(job) is not None

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions without an answer."""
        return tuple(it for it in self.questions if not it.answer.strip())

    @property
    def run_spent_usd(self) -> Decimal:
        """What the current run has cost."""
        return self.spent.cost_usd - self.spent_before_usd

    @property
    def in_flight_usd(self) -> Decimal:
        """What the calls that are not paid yet may cost at most."""
        return sum((it.worst_usd for it in self.in_flight.values()), Decimal(0))

    def approves(self, intent: str) -> bool:
        """Return whether the approval is of the text with this intent hash."""
        return self.approval is not None and self.approval.hash == intent

    @property
    def is_run_approved(self) -> bool:
        """Whether the text that the run carries out is approved still, and no other."""
        return self.run is not None and self.approves(self.run.hash)

    @property
    def may_go_on(self) -> bool:
        """Whether a stopped task of the run may go on."""
        return (
            self.is_run_approved
            and self.phase in {Phase.RUNNING, Phase.STOPPED}
            and not (self.run and self.run.is_discarded)
        )

    @property
    def is_unprepared(self) -> bool:
        """Whether the run has stopped before it began: to retry any task prepares it again."""
        return self.phase is Phase.STOPPED and self.run is not None and self.run.head is None

    @property
    def is_halted(self) -> bool:
        """Whether a human, or an edit, has paused it: nothing of it is under way."""
        return bool(self.paused) and not self.is_eased

    def easing(self, reason: str) -> "Request":
        """Return the request paused as no human asked for; an earlier pause stays what it is."""
        return self if self.paused else self.evolve(paused=reason, is_eased=True)

    def halting(self, reason: str) -> "Request":
        """Return the request paused at once."""
        return self.evolve(paused=reason, is_eased=False)

    def without(self, job: JobId) -> "Request":
        """Return the request after a job has answered."""
        return self.evolve(outstanding=tuple(it for it in self.outstanding if it.job != job))

    def dropping(self, *kinds: type[Job]) -> "Request":
        """Return the request with no job of these kinds outstanding any more."""
        return self.evolve(
            outstanding=tuple(it for it in self.outstanding if not isinstance(it, kinds))
        )

    def expecting(self, *jobs: JobSpec) -> "Request":
        """Return the request with more jobs outstanding."""
        return self.evolve(outstanding=(*self.outstanding, *jobs))

    def numbered(self, name: str) -> tuple["Request", JobId]:
        """Return the request and a job id that it has not used before."""
        n_jobs = self.n_jobs + 1
        return self.evolve(n_jobs=n_jobs), JobId(f"{name}-{n_jobs}")
