"""The reviewer: another family than the author; its findings count only with evidence."""

import hashlib
import re
from collections.abc import Callable, Sequence

from podium.domain.base import FindingId, Frozen, TaskId
from podium.domain.finding import Finding
from podium.domain.plan import Task
from podium.domain.roles import REVIEWER
from podium.domain.transcript import SystemMessage, UserMessage
from podium.domain.verdict import Place
from podium.roles.instructions import instructions
from podium.text.models import bullets, fenced
from podium.tools.evidence import find_evidence
from podium.tools.submit_review import Claim, plain_path

MAX_DIFF = 40_000
_CHANGED = re.compile(r"^diff --git .* b/(?P<path>.*)$", re.MULTILINE)


def reviewer_messages(
    task: Task,
    *,
    diff: str,
    requirements: Sequence[str] = (),
    must_not: Sequence[str] = (),
    dismissed: Sequence[str] = (),
    agents_md: str = "",
) -> tuple[SystemMessage, UserMessage]:
    """Return what a reviewer is told before its first turn.

    Args:
        task: What the author had to do.
        diff: The whole change, as git shows it.
        requirements: The plan's that the task covers.
        must_not: The plan's must-nots.
        dismissed: Path, title and reason of each finding that a human dismissed.
        agents_md: What `podium.roles.guidance.guidance` found, fenced.
    """
    sections = [("Task of the author", f"{task.id}: {task.title}\n{task.body}".strip())]
    sections.append(("Requirements", bullets(tuple(requirements))))
    sections.append(("Must not", bullets((*must_not, *task.must_not))))
    if dismissed:
        sections.append(("Dismissed by a human: do not raise again", bullets(tuple(dismissed))))
    if agents_md:
        sections.append(("Conventions", agents_md))
    sections.append(("Change", _change(diff)))
    text = "\n\n".join(f"# {title}\n{body}" for title, body in sections)
    return instructions(REVIEWER), UserMessage(text=text)


def _change(diff: str) -> str:
    shown = fenced("diff", diff, MAX_DIFF, "the files hold the rest")
    if len(diff) <= MAX_DIFF:
        return shown
    changed = tuple(it["path"] for it in _CHANGED.finditer(diff))
    return (
        f"The diff is cut. All changed files:\n{fenced('paths', bullets(changed), 4_000)}\n{shown}"
    )


class Verified(Frozen):
    """The findings whose evidence was found, and why each of the others was dropped."""

    kept: tuple[Finding, ...] = ()
    dropped: tuple[str, ...] = ()


def verified(
    claims: Sequence[Claim], *, task: TaskId, reviewer: str, read: Callable[[str], str | None]
) -> Verified:
    """Return the claims as findings, at the lines where their evidence really is.

    Args:
        claims: As the reviewer submitted them.
        task: Whose change was reviewed.
        reviewer: The model that reviewed.
        read: Returns a file's text in the reviewed tree, or `None` if there is no such text file.
    """
    kept: dict[FindingId, Finding] = {}
    dropped: list[str] = []
    for claim in claims:
        path = plain_path(claim.path)
        text = read(path)
        lines = None if text is None else find_evidence(text, claim.evidence, near=claim.first_line)
        if lines is None:
            why = "there is no such file" if text is None else "its evidence is not in the file"
            dropped.append(f"{claim.title} ({path}): {why}")
            continue
        place = Place(path=path, first_line=lines[0], last_line=lines[1])
        name = finding_id(task, path, claim.title)
        if name in kept and kept[name].place != place:  # The same mistake in two places.
            name = finding_id(task, path, f"{claim.title}\n{lines[0]}")
        kept[name] = _finding(name, task, claim, place, reviewer)
    return Verified(kept=tuple(kept.values()), dropped=tuple(dropped))


def finding_id(task: TaskId, path: str, title: str) -> FindingId:
    """Return an id that the same claim about the same task's change always has."""
    words = " ".join(title.casefold().split())
    return FindingId(hashlib.sha256(f"{task}\0{path}\0{words}".encode()).hexdigest()[:12])


def _finding(name: FindingId, task: TaskId, claim: Claim, place: Place, reviewer: str) -> Finding:
    return Finding(
        id=name,
        task=task,
        severity=claim.severity,
        place=place,
        title=" ".join(claim.title.split()),
        detail=claim.detail,
        evidence=claim.evidence,
        suggestion=claim.suggestion,
        reviewer=reviewer,
    )
