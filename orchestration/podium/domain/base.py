"""What every domain value is made of."""

from decimal import Decimal
from typing import Annotated, NewType, Self

from pydantic import BaseModel, ConfigDict, Field

PlanId = NewType("PlanId", str)
"""The stem of the plan's file name: ``slugify`` for ``.podium/plans/slugify.md``."""
RunId = NewType("RunId", str)
TaskId = NewType("TaskId", str)
JobId = NewType("JobId", str)
FindingId = NewType("FindingId", str)
QuestionId = NewType("QuestionId", str)
Commit = NewType("Commit", str)
"""A git commit's full object name."""
TreeHash = NewType("TreeHash", str)
"""A git tree's full object name."""

Usd = Annotated[Decimal, Field(ge=0)]


class Frozen(BaseModel):
    """A value: immutable, closed, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def evolve(self, **changes: object) -> Self:
        """Return a copy with ``changes``, validated like any new value."""
        return type(self).model_validate({**self.__dict__, **changes})
