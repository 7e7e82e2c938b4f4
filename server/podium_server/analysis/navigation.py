"""Where ids and file references lead."""

from collections.abc import Iterator

from podium.document.document import TaskNode
from podium.document.entries import FileValue
from podium.document.spans import Span
from podium_server.shown import Link, Target
from podium_server.snapshot import PlanSnapshot, Snapshot


def definition(snapshot: Snapshot, line: int, column: int) -> Target | None:
    """Return what the id or file reference at a position stands for."""
    if not isinstance(snapshot, PlanSnapshot):
        return None
    at = (line, column)
    for node in snapshot.document.spans.tasks:
        if not holds(node.whole, at):
            continue
        for name, span in (*node.after, *node.covers):
            if holds(span, at):
                return _place_of(snapshot, name)
        for it in _files(node):
            if holds(it.span, at):
                return Target(Span.at((it.reference.first_line or 1) - 1, 0), it.reference.path)
    return None


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """Return the file references of a plan as links."""
    if not isinstance(snapshot, PlanSnapshot):
        return ()
    return tuple(
        Link(it.span, it.reference.path, (it.reference.first_line or 1) - 1)
        for node in snapshot.document.spans.tasks
        for it in _files(node)
        if not it.reference.is_new
    )


def _files(node: TaskNode) -> Iterator[FileValue]:
    yield from node.files
    yield from node.references


def _place_of(snapshot: PlanSnapshot, name: str) -> Target | None:
    spans = snapshot.document.spans
    for task in spans.tasks:
        if task.task.id == name:
            return Target(task.id_span)
    for requirement in spans.requirements:
        if requirement.requirement.id == name:
            return Target(requirement.id_span)
    return None


def holds(span: Span, at: tuple[int, int]) -> bool:
    """Whether a position lies in a range or touches its end, as a cursor after a word does."""
    return span[:2] <= at <= span[2:]
