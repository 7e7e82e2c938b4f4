"""What is known of one document at one moment: all that `podium_server.analysis` may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from podium.document.document import Document
from podium.document.hashing import intent_hash
from podium.document.problem import Problem
from podium.document.spans import Span
from podium.domain.request import Request


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """A plan document with what the board says of it."""

    uri: str
    path: str
    """Relative to the workspace."""
    document: Document
    problems: tuple[Problem, ...] = ()
    """The grammar's and the checks'."""
    request: Request | None = None
    missing: frozenset[str] = frozenset()
    """Files that findings are about and the user's tree does not have yet."""

    @property
    def hash(self) -> str:
        """The intent hash of exactly this text."""
        return intent_hash(self.document.text)

    @property
    def plan(self) -> str:
        """The plan's id."""
        return self.document.plan.id

    @property
    def title(self) -> Span:
        """Where news of the whole plan stands: its title, or else its first line with text."""
        if self.document.spans.title:
            return self.document.spans.title
        for section in self.document.spans.sections:
            return section.heading
        return Span.on_line(0, 0, len(self.document.lines[0]) if self.document.lines else 0)


@dataclass(frozen=True, slots=True)
class CodeSnapshot:
    """Any other document, with the requests that may concern it."""

    path: str
    """Relative to the workspace."""
    lines: Sequence[str]
    requests: tuple[Request, ...] = ()
    task_lines: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """The line of each plan's tasks in its document."""

    def task_line(self, plan: str, task: str) -> int:
        """Return the line of a task in its plan's document."""
        return self.task_lines.get((plan, task), 0)


Snapshot = PlanSnapshot | CodeSnapshot
