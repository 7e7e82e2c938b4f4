"""A reviewer's finding as a diagnostic, on the code or in the plan."""

from podium.document.spans import Span
from podium.domain.finding import Finding
from podium.domain.finding import Severity as FindingSeverity
from podium.domain.request import Request
from podium.text.plain import one_line, paragraph
from podium_server.shown import Diagnostic, Related, ShownSeverity

_SEVERITY = {
    FindingSeverity.BLOCKER: ShownSeverity.WARNING,
    FindingSeverity.MAJOR: ShownSeverity.WARNING,
    FindingSeverity.MINOR: ShownSeverity.INFORMATION,
    FindingSeverity.NIT: ShownSeverity.HINT,
}


def finding_diagnostic(
    request: Request,
    finding: Finding,
    span: Span,
    *,
    task_line: int,
    lead: str = "",
    note: str = "",
) -> Diagnostic:
    """Return an open finding at ``span``, leading back to its task on the plan's ``task_line``."""
    parts = [f"{lead}{one_line(finding.title)}", note, paragraph(finding.detail)]
    if finding.suggestion:
        parts.append(f"suggestion: {paragraph(finding.suggestion)}")
    parts.append(f"evidence: {one_line(finding.evidence)}")
    if finding.reviewer:
        parts.append(f"reviewer: {one_line(finding.reviewer)}")
    return Diagnostic(
        span,
        _SEVERITY[finding.severity],
        finding.severity,
        "\n".join(part for part in parts if part),
        related=(Related(request.path, task_line, f"raised on {finding.task}"),),
        data={"plan": request.id, "finding": finding.id, "task": finding.task},
    )
