"""The outline of a plan: its sections with their requirements, questions and tasks."""

from podium.document.document import SectionNode
from podium.document.sections import SectionKey
from podium.document.spans import Span
from podium.domain.standing import task_state
from podium.text.plain import one_line
from podium_server.analysis.runs import task_of
from podium_server.shown import Symbol, SymbolKind
from podium_server.snapshot import PlanSnapshot, Snapshot


def symbols(snapshot: Snapshot) -> tuple[Symbol, ...]:
    """Return the outline of a plan document; other documents have their own servers."""
    if not isinstance(snapshot, PlanSnapshot):
        return ()
    return tuple(_section(snapshot, it) for it in snapshot.document.spans.sections)


def _section(snapshot: PlanSnapshot, node: SectionNode) -> Symbol:
    # The body may end before the heading does when nothing follows it.
    last = max(node.heading[2:], node.body[2:])
    return Symbol(
        name=one_line(node.name) or "section",
        kind=SymbolKind.SECTION,
        span=Span(*node.heading[:2], *last),
        selection=node.heading,
        children=_items(snapshot, node.key),
    )


def _items(snapshot: PlanSnapshot, key: SectionKey | None) -> tuple[Symbol, ...]:
    spans = snapshot.document.spans
    if key is SectionKey.REQUIREMENTS:
        return tuple(
            Symbol(
                f"{it.requirement.id} {one_line(it.requirement.text, 80)}".strip(),
                SymbolKind.REQUIREMENT,
                it.whole,
                it.id_span,
            )
            for it in spans.requirements
        )
    if key is SectionKey.QUESTIONS:
        return tuple(
            Symbol(
                f"{it.question.id} {one_line(it.question.text, 80)}".strip(),
                SymbolKind.QUESTION,
                it.whole,
                it.id_span,
                detail="answered" if it.question.answer else "open",
            )
            for it in spans.questions
        )
    return _tasks(snapshot) if key is SectionKey.TASKS else ()


def _tasks(snapshot: PlanSnapshot) -> tuple[Symbol, ...]:
    request = snapshot.request
    found: list[Symbol] = []
    for it in snapshot.document.spans.tasks:
        task = task_of(request, it.task.id)
        done = "done" if it.task.done else ""
        found.append(
            Symbol(
                f"{it.task.id} {one_line(it.task.title, 80)}".strip(),
                SymbolKind.TASK,
                it.whole,
                it.id_span,
                detail=task_state(request, task) if request and task else done,
            )
        )
    return tuple(found)
