"""The plan: what the user and the agents agree on.

Values only; where they stand in the document is `podium.document`'s knowledge.
"""

from enum import StrEnum

from pydantic import Field

from podium.domain.base import Frozen, PlanId, QuestionId, TaskId
from podium.domain.verdict import Place


class Route(StrEnum):
    """How much ceremony a request gets."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"
    BREAKDOWN = "breakdown"


class FileReference(Frozen):
    """A file that a task names; ``place.last_line`` means something only if ``has_lines``."""

    path: str
    first_line: int | None = Field(default=None, ge=1)
    last_line: int | None = Field(default=None, ge=1)
    is_new: bool = False

    @property
    def place(self) -> Place:
        """The lines it names, or the file's first line."""
        first = self.first_line or 1
        return Place(path=self.path, first_line=first, last_line=self.last_line or first)


class Requirement(Frozen):
    """One numbered requirement, ``R1``."""

    id: str
    text: str


class Question(Frozen):
    """One open question, ``Q1``; answered in the document or by command."""

    id: QuestionId
    text: str
    options: tuple[str, ...] = ()
    answer: str = ""


class Task(Frozen):
    """One checkbox of a plan: what, where, how it is accepted."""

    id: TaskId
    title: str
    body: str = ""
    done: bool = False
    category: str = "unspecified-low"
    skills: tuple[str, ...] = ()
    files: tuple[FileReference, ...] = ()
    after: tuple[TaskId, ...] = ()
    covers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    parallel: str = ""

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The paths that no task beside it may touch: none where it says why that is safe."""
        return () if self.parallel else tuple(it.path for it in self.files)


class Plan(Frozen):
    """A whole plan, as its document says it."""

    id: PlanId
    title: str = ""
    route: Route = Route.STANDARD
    request: str = ""
    objective: str = ""
    requirements: tuple[Requirement, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    impact: str = ""
    tasks: tuple[Task, ...] = ()
    test_strategy: str = ""
    decisions: str = ""
