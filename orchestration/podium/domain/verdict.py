"""Gates' verdicts: a check with evidence."""

from enum import StrEnum

from pydantic import Field

from podium.domain.base import Frozen, TreeHash


class Gate(StrEnum):
    """What is checked before a task counts as done, in the order of cost."""

    SCOPE = "scope"
    DIAGNOSTICS = "diagnostics"
    ACCEPTANCE = "acceptance"
    SUITE = "suite"
    REVIEW = "review"


class Outcome(StrEnum):
    """A verdict's word; unknown never counts as passed."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Place(Frozen):
    """A range of whole lines in a file of the tree; lines counted from 1, both ends included."""

    path: str
    first_line: int = Field(default=1, ge=1)
    last_line: int = Field(default=1, ge=1)


class Complaint(Frozen):
    """One thing a gate objects to, where it can say where."""

    message: str
    place: Place | None = None


class Verdict(Frozen):
    """What one gate found on one tree, with its evidence."""

    gate: Gate
    outcome: Outcome
    tree: TreeHash
    summary: str = Field(description="One line for people.")
    command: str = ""
    exit_status: int | None = None
    duration_s: float | None = Field(
        default=None, ge=0, description="None where nobody measured it."
    )
    output: str = Field(default="", description="The end of the output, bounded.")
    complaints: tuple[Complaint, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the gate lets the tree through."""
        return self.outcome is Outcome.PASSED
