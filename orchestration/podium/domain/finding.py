"""A reviewer's claims about ranges of code."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from podium.domain.base import FindingId, Frozen, TaskId
from podium.domain.verdict import Place


class Severity(StrEnum):
    """How bad a finding is; blocker and major stop a task."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"
    NIT = "nit"

    @property
    def blocks(self) -> bool:
        """Whether an open finding of this severity fails the review gate."""
        return self in {Severity.BLOCKER, Severity.MAJOR}


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    FIXING = "fixing"
    FIXED = "fixed"
    DISMISSED = "dismissed"


class Finding(Frozen):
    """One claim; ``evidence`` was found word for word in the file when it was raised."""

    id: FindingId
    task: TaskId
    severity: Severity
    place: Place
    title: str
    detail: str = ""
    evidence: str
    suggestion: str = ""
    reviewer: str = ""
    state: FindingState = FindingState.OPEN
    dismissal: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has fixed it, dismissed it, or is at it."""
        return self.state is FindingState.OPEN

    @property
    def is_unsolved(self) -> bool:
        """Whether it stands, though somebody may be at it."""
        return self.state in {FindingState.OPEN, FindingState.FIXING}

    @model_validator(mode="after")
    def _dismissal_has_a_reason(self) -> Self:
        if self.state is FindingState.DISMISSED and not self.dismissal.strip():
            message = "a dismissed finding needs a reason"
            raise ValueError(message)
        return self
