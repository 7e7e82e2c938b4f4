"""What servers send, as far as it is used: anything else in a message is ignored.

lsprotocol's own classes are not used for this: its 2025.0.0 cannot read the capabilities
of `ruff` and `ty` (a notebook selector with nothing but cells), and whole answers would be
lost to a mistake in a part that is not used.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from podium.languages.diagnosis import CodeDiagnostic, DiagnosticSeverity
from podium.languages.failures import ServerRefused
from podium.workspace.roots import Roots

MAX_DIAGNOSTICS = 2_000
"""Of one file; a file with more is not judged, because it cannot be compared."""
MAX_CHARACTERS = 1_000
"""Of one message."""


class _Incoming(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, defer_build=True
    )


class DiagnosticProvider(_Incoming):
    """That diagnostics can be pulled, and as what."""

    identifier: str | None = None


class Capabilities(_Incoming):
    """What a server can do."""

    diagnostic_provider: DiagnosticProvider | None = None


class Initialized(_Incoming):
    """The answer to `initialize`."""

    capabilities: Capabilities


class Registration(_Incoming):
    """A capability that is offered later; only diagnostics are of interest."""

    id: str
    method: str
    register_options: DiagnosticProvider | None = None


class Registrations(_Incoming):
    """The parameters of `client/registerCapability`."""

    registrations: tuple[Registration, ...]


class Unregistrations(_Incoming):
    """The parameters of `client/unregisterCapability`; the protocol misspells them."""

    unregisterations: tuple[Registration, ...]


class ConfigurationWanted(_Incoming):
    """The parameters of `workspace/configuration`."""

    items: tuple[object, ...]


class Position(_Incoming):
    """Where a range begins."""

    line: int = Field(ge=0)


class Range(_Incoming):
    """Where something is, of which only the first line is kept."""

    start: Position


class Markup(_Incoming):
    """A message with markup."""

    value: str


class ReportedDiagnostic(_Incoming):
    """A diagnostic as a server gives it."""

    range: Range
    severity: int | None = None
    code: int | str | None = None
    source: str | None = None
    message: str | Markup

    def of(self, path: str, server: str, roots: Roots) -> CodeDiagnostic:
        """Return it as one of the file ``path``; without a severity it is an error.

        Where the tree lies and what only this process has are no part of what it says.
        """
        message = self.message if isinstance(self.message, str) else self.message.value
        return CodeDiagnostic(
            path=path,
            line=self.range.start.line + 1,
            severity=_SEVERITIES.get(self.severity or 1, DiagnosticSeverity.ERROR),
            code="" if self.code is None else roots.relative(str(self.code))[:100],
            message=roots.relative(message)[:MAX_CHARACTERS],
            source=roots.relative(self.source or server)[:100],
        )


class FullReport(_Incoming):
    """The answer to `textDocument/diagnostic`; we never ask for unchanged reports."""

    kind: Literal["full"]
    items: tuple[ReportedDiagnostic, ...]


class Publication(_Incoming):
    """The parameters of `textDocument/publishDiagnostics`."""

    uri: str
    version: int | None = None
    diagnostics: tuple[ReportedDiagnostic, ...]


_SEVERITIES = dict(enumerate(DiagnosticSeverity, start=1))


def of_file(
    path: str, reported: Sequence[ReportedDiagnostic], server: str, roots: Roots
) -> tuple[CodeDiagnostic, ...]:
    """Return what a server says of one file.

    Raises:
        ServerRefused: It is too much.
    """
    if len(reported) > MAX_DIAGNOSTICS:
        message = f"{len(reported):,} diagnostics are too many to look at"
        raise ServerRefused(message)
    return tuple(it.of(path, server, roots) for it in reported)
