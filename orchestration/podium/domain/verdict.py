"""The gates, one row each, and their verdicts: a check with evidence."""

from collections.abc import Callable, Sequence
from enum import Enum, StrEnum, auto
from typing import NamedTuple, Protocol, Self

from pydantic import Field

from podium.domain.base import Frozen, TreeHash


class About(Enum):
    """What a gate's verdict speaks of, and so what it says of a whole run's tree."""

    CHANGE = auto()
    """What one task did; nothing of the whole."""
    TREE = auto()
    """The tree, whoever made it: one verdict speaks for the whole."""
    TASK = auto()
    """The tree as one task wants it: for the whole, each task's counts."""


class GatedTask(Protocol):
    """What a gate's row asks of a task."""

    @property
    def accept(self) -> Sequence[str]:
        """Its acceptance commands."""
        ...


class Policy(NamedTuple):
    """What is to be known of a gate."""

    about: About
    only_for: Callable[[GatedTask], bool] | None = None
    """Which tasks it judges; none for all of them."""
    by_model: bool = False
    """Whether a model judges, in a job of its own, when all others have passed."""
    is_precondition: bool = False
    """Whether the others say nothing where it fails, and are not asked."""


def _has_commands(task: GatedTask) -> bool:
    return bool(task.accept)


class Gate(StrEnum):
    """What is checked before a task counts as done, in the order in which it is: that of cost."""

    policy: Policy

    def __new__(cls, name: str, policy: Policy) -> Self:
        """Make a row's member, whose value is its name alone."""
        gate = str.__new__(cls, name)
        gate._value_ = name
        gate.policy = policy
        return gate

    SCOPE = "scope", Policy(About.CHANGE, is_precondition=True)
    DIAGNOSTICS = "diagnostics", Policy(About.TREE)
    ACCEPTANCE = "acceptance", Policy(About.TASK, only_for=_has_commands)
    SUITE = "suite", Policy(About.TREE)
    REVIEW = "review", Policy(About.CHANGE, by_model=True)

    def judges(self, tasks: Sequence[GatedTask]) -> bool:
        """Return whether it judges what any of the tasks did."""
        return self.policy.only_for is None or any(map(self.policy.only_for, tasks))


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


class TestResult(Frozen):
    """How one test ended, by the name that its runner gives it."""

    __test__ = False  # Its name is no reason for pytest to collect it.

    name: str
    outcome: Outcome


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
    tests: tuple[TestResult, ...] = Field(
        default=(), description="Of those that the output names, the first ones."
    )

    @property
    def passed(self) -> bool:
        """Whether the gate lets the tree through."""
        return self.outcome is Outcome.PASSED
