"""What can be wrong with a plan document, and how to put it right."""

from dataclasses import dataclass
from enum import StrEnum

from podium.document.spans import Edit, Span


class ProblemSeverity(StrEnum):
    """How much a problem matters; a plan with an error cannot be approved."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to put a problem right; its edits belong together."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``message`` says what, and what to do about it."""

    code: str
    severity: ProblemSeverity
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()

    def shifted(self, lines: int) -> "Problem":
        """Return this problem moved down by ``lines``, with its fixes."""
        fixes = tuple(
            Fix(fix.title, tuple(edit.shifted(lines) for edit in fix.edits)) for fix in self.fixes
        )
        return Problem(self.code, self.severity, self.span.shifted(lines), self.message, fixes)


def error(code: str, span: Span, message: str, *fixes: Fix) -> Problem:
    """Return a problem that stands in the way of approval."""
    return Problem(code, ProblemSeverity.ERROR, span, message, fixes)


def warning(code: str, span: Span, message: str, *fixes: Fix) -> Problem:
    """Return a problem that a person should look at before approving."""
    return Problem(code, ProblemSeverity.WARNING, span, message, fixes)


def information(code: str, span: Span, message: str, *fixes: Fix) -> Problem:
    """Return something worth knowing."""
    return Problem(code, ProblemSeverity.INFORMATION, span, message, fixes)
