"""What every event says."""

from pydantic import Field

from podium.domain.base import (
    Frozen,
    JobId,
    PlanId,
)


class Fact(Frozen):
    """What every event says: which plan it is about, and when (seconds since 1970, UTC)."""

    plan: PlanId
    at: float = Field(default=0.0, ge=0)


class JobFact(Fact):
    """An event that a job reports."""

    job: JobId
