"""What every domain value is made of."""

from decimal import Decimal
from typing import Annotated, NewType, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

PlanId = NewType("PlanId", str)
"""The stem of the plan's file name: ``slugify`` for ``.podium/plans/slugify.md``."""
RunId = NewType("RunId", str)
TaskId = NewType("TaskId", str)
JobId = NewType("JobId", str)
CallId = NewType("CallId", str)
"""One request to a model."""
FindingId = NewType("FindingId", str)
QuestionId = NewType("QuestionId", str)
Commit = NewType("Commit", str)
"""A git commit's full object name."""
TreeHash = NewType("TreeHash", str)
"""A git tree's full object name."""

T = TypeVar("T")

Usd = Annotated[Decimal, Field(ge=0)]


def known(value: T | None) -> T:
    """Return a value that nothing gets here without."""
    if value is None:
        message = "what must be known by now is not"
        raise AssertionError(message)
    return value


class Frozen(BaseModel):
    """A value: immutable, closed, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def evolve(self, **changes: object) -> Self:
        """Return a copy with ``changes``, validated like any new value."""
        return type(self).model_validate({**self.__dict__, **changes})
