"""What language servers and grammars say about files."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from podium.domain.base import Frozen


class DiagnosticSeverity(StrEnum):
    """LSP's four severities, as a server gave them."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


class CodeDiagnostic(Frozen):
    """One diagnostic of the file's current content."""

    path: str = Field(description="Relative to the tree, with forward slashes.")
    line: int = Field(ge=1, description="The line it starts on, counted from 1.")
    severity: DiagnosticSeverity
    code: str = ""
    message: str
    source: str = Field(default="", description="Who says so: a server's or a grammar's name.")

    @property
    def is_error(self) -> bool:
        """Whether it is of severity error."""
        return self.severity is DiagnosticSeverity.ERROR


class Diagnosis(Frozen):
    """Everything that was said about some files, and what could not be determined.

    Without diagnostics the files are clean only if ``unknown`` is empty too: a server that
    died, stayed silent or answered for another version of a file knows nothing of it.
    """

    diagnostics: tuple[CodeDiagnostic, ...] = ()
    unknown: tuple[str, ...] = Field(
        default=(), description="Why some answers are missing, one line each, for people."
    )

    @classmethod
    def joined(cls, parts: Iterable["Diagnosis"]) -> "Diagnosis":
        """Return all of ``parts``, by place; a reason given twice is kept once."""
        parts = tuple(parts)
        diagnostics = (it for part in parts for it in part.diagnostics)
        return cls(
            diagnostics=tuple(sorted(diagnostics, key=lambda it: (it.path, it.line, it.source))),
            unknown=tuple(dict.fromkeys(it for part in parts for it in part.unknown)),
        )
