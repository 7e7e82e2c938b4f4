"""LSP's diagnostics as ours: bounded, with lines for people."""

from collections.abc import Sequence

from lsprotocol import types

from podium.languages.diagnosis import CodeDiagnostic, DiagnosticSeverity
from podium.languages.process import ServerFailed

MAX_DIAGNOSTICS = 2_000
"""Of one file; a file with more is not judged, because it cannot be compared."""
MAX_CHARACTERS = 1_000
"""Of one message."""
_SEVERITIES = {
    types.DiagnosticSeverity.Error: DiagnosticSeverity.ERROR,
    types.DiagnosticSeverity.Warning: DiagnosticSeverity.WARNING,
    types.DiagnosticSeverity.Information: DiagnosticSeverity.INFORMATION,
    types.DiagnosticSeverity.Hint: DiagnosticSeverity.HINT,
}


def read(
    path: str, diagnostics: Sequence[types.Diagnostic], server: str
) -> tuple[CodeDiagnostic, ...]:
    """Return what a server says of one file.

    Args:
        path: The file, relative to its tree.
        diagnostics: As the server gave them; one without a severity is an error.
        server: Its name, for diagnostics that do not say their source.

    Raises:
        ServerFailed: They are too many.
    """
    if len(diagnostics) > MAX_DIAGNOSTICS:
        message = f"{len(diagnostics):,} diagnostics are more than are looked at"
        raise ServerFailed(message)
    return tuple(
        CodeDiagnostic(
            path=path,
            line=it.range.start.line + 1,
            severity=_SEVERITIES.get(
                it.severity or types.DiagnosticSeverity.Error, DiagnosticSeverity.ERROR
            ),
            code="" if it.code is None else str(it.code)[:100],
            message=it.message[:MAX_CHARACTERS],
            source=(it.source or server)[:100],
        )
        for it in diagnostics
    )
