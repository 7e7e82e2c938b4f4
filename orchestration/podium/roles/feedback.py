"""Tell a worker why its work was sent back: the gates' evidence, not their opinion."""

from collections.abc import Iterator, Sequence

from podium.domain.finding import Finding
from podium.domain.standing import place
from podium.domain.verdict import Complaint, Verdict
from podium.text.models import bounded

MAX_OUTPUT = 4_000
MAX_COMPLAINTS = 20


def feedback(
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding] = (),
    *,
    conflicts: Sequence[str] = (),
    is_retry: bool = False,
) -> str:
    """Return what did not pass, with command, exit status, output and places.

    Args:
        verdicts: The latest of each gate; those that passed are left out.
        findings: The reviewer's that are to be mended.
        conflicts: The paths where the last attempt did not merge.
        is_retry: A human sends the task back to work.
    """
    parts = ["A human asks you to try again."] if is_retry else []
    if conflicts:
        parts.append(
            "Other tasks have changed the same lines meanwhile, so your change does not merge in "
            f"{', '.join(conflicts)}. Your worktree now starts from their result: do the task "
            "again."
        )
    parts += ["\n".join(_verdict(it)) for it in verdicts if not it.passed]
    parts += ["\n".join(_finding(it)) for it in findings]
    return "\n\n".join(parts)


def _verdict(it: Verdict) -> Iterator[str]:
    yield f"Gate {it.gate}: {it.outcome}. {it.summary}"
    if it.command:
        yield f"$ {it.command}"
    if it.exit_status is not None:
        yield f"exit status {it.exit_status}"
    yield from map(_complaint, it.complaints[:MAX_COMPLAINTS])
    if len(it.complaints) > MAX_COMPLAINTS:
        yield f"- and {len(it.complaints) - MAX_COMPLAINTS} more"
    if it.output.strip():
        yield bounded(it.output.strip("\n"), MAX_OUTPUT, "run it to see the rest")


def _complaint(it: Complaint) -> str:
    return f"- {place(it.place)}: {it.message}" if it.place else f"- {it.message}"


def _finding(it: Finding) -> Iterator[str]:
    yield f"Review, {it.severity}: {it.title} ({place(it.place)})"
    if it.detail:
        yield it.detail
    yield f"The code: {it.evidence}"
    if it.suggestion:
        yield f"Suggested: {it.suggestion}"
