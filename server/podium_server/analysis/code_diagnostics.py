"""The diagnostics of a code file: open findings, and what the gates object to."""

from collections.abc import Iterator
from typing import NamedTuple

from podium.domain.finding import Finding
from podium.domain.request import Request
from podium.domain.run import Run
from podium.text.plain import paragraph
from podium_server.analysis.findings import finding_diagnostic
from podium_server.analysis.places import locate, only_in_run
from podium_server.analysis.runs import open_run_of
from podium_server.analysis.verdicts import complaints
from podium_server.shown import Diagnostic, Related, ShownSeverity
from podium_server.snapshot import CodeSnapshot


class Placed(NamedTuple):
    """An open finding where it stands in the user's file."""

    request: Request
    finding: Finding
    diagnostic: Diagnostic
    note: str
    """Said if the file does not have the code yet."""


def code_diagnostics(snapshot: CodeSnapshot) -> tuple[Diagnostic, ...]:
    """Return what the open runs have to say about a file."""
    found = [it.diagnostic for it in placed_findings(snapshot)]
    for request, run in live_runs(snapshot.requests):
        found += _complaints(snapshot, request, run)
    return tuple(found)


def placed_findings(snapshot: CodeSnapshot) -> Iterator[Placed]:
    """Yield the open findings about a file."""
    for request, run in live_runs(snapshot.requests):
        for finding in run.open_findings:
            if finding.place.path == snapshot.path:
                at = locate(snapshot.lines, finding.place, finding.evidence)
                line = snapshot.task_line(request.id, finding.task)
                note = "" if at.is_there else only_in_run(finding.place)
                shown = finding_diagnostic(request, finding, at.span, task_line=line, note=note)
                yield Placed(request, finding, shown, note)


def live_runs(requests: tuple[Request, ...]) -> Iterator[tuple[Request, Run]]:
    """Yield the runs about which somebody can still do something."""
    for request in requests:
        run = open_run_of(request)
        if run is not None:
            yield request, run


def paths_of_interest(requests: tuple[Request, ...]) -> frozenset[str]:
    """Return the files that have diagnostics, whether they are open or not."""
    paths: set[str] = set()
    for _, run in live_runs(requests):
        paths.update(it.place.path for it in run.open_findings)
        paths.update(it.place.path for _, _, it in complaints(run) if it.place is not None)
    return frozenset(paths)


def _complaints(snapshot: CodeSnapshot, request: Request, run: Run) -> Iterator[Diagnostic]:
    for task, verdict, complaint in complaints(run):
        if complaint.place is not None and complaint.place.path == snapshot.path:
            at = locate(snapshot.lines, complaint.place)
            line = snapshot.task_line(request.id, task.task.id)
            note = "" if at.is_there else f"\n{only_in_run(complaint.place)}"
            yield Diagnostic(
                at.span,
                ShownSeverity.INFORMATION,
                f"gate-{verdict.gate}",
                f"{task.task.id}, {verdict.gate}: {paragraph(complaint.message)}{note}",
                related=(Related(request.path, line, f"found when {task.task.id} was judged"),),
            )
