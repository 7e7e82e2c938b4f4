"""What every rule is given."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from functools import cached_property

from podium.document.document import Document, TaskNode
from podium.document.facts import TreeFacts
from podium.document.problem import Fix
from podium.document.spans import Edit, Span
from podium.domain.base import TaskId
from podium.domain.waves import waves

MAX_SUGGESTIONS = 20
"""How often one check looks for what was meant: comparing words is the most expensive part."""
MAX_LISTED = 8


class Case:
    """One document under examination, with what several rules want to know about it."""

    def __init__(self, document: Document, facts: TreeFacts) -> None:
        self.document = document
        self.facts = facts
        self.tasks = document.spans.tasks
        self.requirements = document.spans.requirements
        self._bits: dict[str, int] = {}
        self._n_suggestions = 0

    @cached_property
    def by_id(self) -> dict[str, TaskNode]:
        """The tasks; the first one of those that share an id."""
        found: dict[str, TaskNode] = {}
        for node in self.tasks:
            found.setdefault(node.task.id, node)
        return found

    @cached_property
    def waves(self) -> tuple[tuple[TaskId, ...], ...]:
        """The tasks that can start at all, in waves."""
        return waves(self.document.plan.tasks)

    @cached_property
    def _earlier(self) -> dict[str, int]:
        """For each task in a wave the tasks before it, as bits in the order of waves."""
        bits = self._bits
        found: dict[str, int] = {}
        for task_id in (it for wave in self.waves for it in wave):
            mask = 0
            for other in self.by_id[task_id].task.after:
                mask |= found[other] | bits[other]
            bits[task_id], found[task_id] = 1 << len(bits), mask
        return found

    def comes_after(self, task_id: str, other: str) -> bool:
        """Whether a task certainly starts after ``other`` is done."""
        return bool(self._earlier.get(task_id, 0) & self._bits.get(other, 0))

    def suggest(self, word: str, known: Collection[str]) -> str | None:
        """Return the known word that ``word`` may be meant to be."""
        if not self._may_suggest():
            return None
        near = get_close_matches(word, known, n=1)
        return near[0] if near else None

    def nearest_path(self, path: str) -> str | None:
        """Return the file that ``path`` may be meant to be."""
        return self.facts.nearest(path) if self._may_suggest() else None

    def _may_suggest(self) -> bool:
        self._n_suggestions += 1
        return self._n_suggestions <= MAX_SUGGESTIONS


def change_to(span: Span, text: str | None) -> tuple[Fix, ...]:
    """Return the fix that writes ``text`` instead, if there is one."""
    return (Fix(f"Change to {text!r}", (Edit(span, text),)),) if text else ()


def add_after(case: Case, node: TaskNode, task_id: str) -> Fix:
    """Return the fix that puts a task behind another one."""
    return Fix(f"Add 'after: {task_id}'", (_after_edit(case, node, task_id),))


def _after_edit(case: Case, node: TaskNode, task_id: str) -> Edit:
    item = node.entry.item
    if node.after:
        return Edit(Span.at(*node.after[-1][1][2:]), f", {task_id}")
    if (field := node.field("after")) is not None:
        is_empty = field.value[:2] == field.value[2:]
        return Edit(field.value, f" {task_id}" if is_empty else task_id)
    if item.fields:
        last = node.fields[-1]
        return Edit(
            Span.at(*last.whole[2:]),
            f"\n{' ' * (last.label.first_column - 2)}- after: {task_id}",
        )
    line = node.first_line + item.end - 1
    at = Span.at(line, len(case.document.lines[line]))
    return Edit(at, f"\n{' ' * item.offset}- after: {task_id}")


def listed(words: Sequence[str]) -> str:
    """Return words for a message, the first ones if there are many."""
    shown = ", ".join(words[:MAX_LISTED])
    n_more = len(words) - MAX_LISTED
    return f"{shown} and {n_more} more" if n_more > 0 else shown
