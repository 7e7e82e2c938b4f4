"""A parsed plan document: the plan it says, and where it says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from podium.document.entries import Entry, FileValue, ids
from podium.document.items import Field
from podium.document.problem import Problem
from podium.document.sections import SectionKey
from podium.document.spans import Span
from podium.document.values import Value
from podium.domain.plan import Plan, Question, Requirement, Task


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A field of a task or question."""

    name: str
    label: Span
    """The name, without the colon."""
    whole: Span
    value: Span
    """The value; an empty range after the colon when there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A list item of the document; spans are worked out when asked for."""

    entry: Entry
    first_line: int
    is_cut: bool
    """Whether only the first line was read, because the item is too long."""

    @property
    def whole(self) -> Span:
        """From the marker to the end of what belongs to the item."""
        return self.entry.item.whole.shifted(self.first_line)

    @property
    def id_span(self) -> Span:
        """The id; the first line's text when it has none."""
        value = self.entry.item.id or self.entry.item.lead
        return value.span.shifted(self.first_line)

    @property
    def title_span(self) -> Span:
        """The text of the first line behind the id."""
        return self.entry.item.lead.span.shifted(self.first_line)

    @property
    def fields(self) -> tuple[FieldNode, ...]:
        """All fields, in the document's order."""
        return tuple(self._field(it) for it in self.entry.item.fields)

    def field(self, name: str) -> FieldNode | None:
        """Return the first field of that name."""
        found = self.entry.item.field(name)
        return self._field(found) if found else None

    def _field(self, it: Field) -> FieldNode:
        down = self.first_line
        return FieldNode(
            name=it.name,
            label=it.label.shifted(down),
            whole=it.whole.shifted(down),
            value=it.value_at.shifted(down),
        )

    def _values(self, values: Iterable[Value]) -> tuple[tuple[str, Span], ...]:
        return tuple((it.text, it.span.shifted(self.first_line)) for it in values)


@dataclass(frozen=True, slots=True, eq=False)
class TaskNode(Node):
    """A task of the document, which has an id and a checkbox."""

    task: Task

    @property
    def files(self) -> tuple[FileValue, ...]:
        """The values of ``files``."""
        return tuple(it.shifted(self.first_line) for it in self.entry.files)

    @property
    def references(self) -> tuple[FileValue, ...]:
        """Those values of ``references`` that name files."""
        return tuple(it.shifted(self.first_line) for it in self.entry.references)

    @property
    def after(self) -> tuple[tuple[str, Span], ...]:
        """The ids of ``after``."""
        return self._values(ids(self.entry.item, "after"))

    @property
    def covers(self) -> tuple[tuple[str, Span], ...]:
        """The ids of ``covers``."""
        return self._values(ids(self.entry.item, "covers"))


@dataclass(frozen=True, slots=True, eq=False)
class QuestionNode(Node):
    """A question of the document."""

    question: Question


@dataclass(frozen=True, slots=True, eq=False)
class RequirementNode(Node):
    """A requirement of the document."""

    requirement: Requirement


def node_of(entry: Entry, first_line: int, *, is_cut: bool = False) -> Node:
    """Return the node for an entry that begins on a line."""
    match entry.value:
        case Task() as task:
            return TaskNode(entry, first_line, is_cut, task)
        case Requirement() as requirement:
            return RequirementNode(entry, first_line, is_cut, requirement)
        case Question() as question:
            return QuestionNode(entry, first_line, is_cut, question)
        case None:
            return Node(entry, first_line, is_cut)


@dataclass(frozen=True, slots=True)
class SectionNode:
    """A section: its heading's line, and the lines below it."""

    key: SectionKey | None
    """``None`` for a section that the grammar does not know, or a repeated one."""
    name: str
    heading: Span
    body: Span


@dataclass(frozen=True, slots=True)
class Spans:
    """Where everything stands that an editor shows something on."""

    front_matter: Span | None = None
    keys: Mapping[str, Span] = field(default_factory=dict[str, Span])
    """The values of the front matter's known keys."""
    title: Span | None = None
    sections: tuple[SectionNode, ...] = ()
    tasks: tuple[TaskNode, ...] = ()
    requirements: tuple[RequirementNode, ...] = ()
    questions: tuple[QuestionNode, ...] = ()

    def section(self, key: SectionKey) -> SectionNode | None:
        """Return the section of that name."""
        return next((it for it in self.sections if it.key is key), None)


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a plan document, read."""

    text: str
    lines: tuple[str, ...]
    plan: Plan
    spans: Spans
    problems: tuple[Problem, ...]
    """What is wrong with its grammar; `podium.document.checking` finds the rest."""
    is_read: bool = True
    """False for a text too large to read: its plan is empty and it has one problem."""

    def task(self, task_id: str) -> TaskNode | None:
        """Return the task of that id."""
        return next((it for it in self.spans.tasks if it.task.id == task_id), None)
