"""Reads a plan document: any text gives a `Document`, nothing raises.

Bounds: over `MAX_CHARACTERS`, `MAX_LINES` or `MAX_ITEMS` a document is not read and has the one
problem ``too-large``; within them the worst text found takes about two seconds once, and every
item that did not change since costs next to nothing.
"""

import re
from collections.abc import Callable, Iterator

from podium.document.document import (
    Document,
    QuestionNode,
    RequirementNode,
    SectionNode,
    Spans,
    TaskNode,
)
from podium.document.entries import (
    MAX_ITEM_CHARACTERS,
    MAX_ITEMS,
    Entry,
    read_question,
    read_requirement,
    read_scope_item,
    read_task,
)
from podium.document.escaping import unescape_section
from podium.document.front_matter import read_front_matter
from podium.document.grammar import entry_problems, outline_problems
from podium.document.lines import split_lines
from podium.document.outline import Outline, Section, outline_of
from podium.document.problem import Problem, error, warning
from podium.document.sections import SectionKey
from podium.document.spans import Span
from podium.domain.base import PlanId
from podium.domain.plan import Plan, Question, Requirement, Task

MAX_CHARACTERS = 1_000_000
MAX_LINES = 20_000
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TOO_LARGE = (
    f"a plan of more than {MAX_CHARACTERS:,} characters, {MAX_LINES:,} lines or {MAX_ITEMS:,} "
    "list items is not read; break the request down into several plans"
)


def parse(plan_id: PlanId, text: str) -> Document:
    """Return what the document says, with positions, and its grammar problems in order."""
    if len(text) > MAX_CHARACTERS:
        return _too_large(plan_id, text)
    problems: list[Problem] = []
    readable = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    lines = split_lines(readable)
    if len(lines) > MAX_LINES:
        return _too_large(plan_id, text)
    outline = outline_of(lines)
    if sum(len(section.items) for section in outline.sections) > MAX_ITEMS:
        return _too_large(plan_id, text)
    if readable is not text and readable != text:
        problems.append(_not_unicode(text))
    return _Reader(plan_id, text, lines, outline).read(problems)


class _Reader:
    def __init__(self, plan_id: PlanId, text: str, lines: list[str], outline: Outline) -> None:
        self._id = plan_id
        self._text = text
        self._lines = lines
        self._outline = outline

    def read(self, problems: list[Problem]) -> Document:
        """Read every section."""
        last = self._outline.front_matter[1] if self._outline.front_matter else 0
        front = read_front_matter(self._lines, last)
        problems += front.problems
        problems += outline_problems(self._outline, self._lines)
        tasks = list(self._entries(SectionKey.TASKS, read_task, problems))
        requirements = list(self._entries(SectionKey.REQUIREMENTS, read_requirement, problems))
        questions = list(self._entries(SectionKey.QUESTIONS, read_question, problems))
        must = list(self._entries(SectionKey.MUST, read_scope_item, problems))
        must_not = list(self._entries(SectionKey.MUST_NOT, read_scope_item, problems))
        problems += entry_problems("T", tasks)
        problems += entry_problems("R", requirements)
        problems += entry_problems("Q", questions)
        spans = Spans(
            front_matter=self._span(0, last) if last else None,
            keys=front.values,
            title=self._outline.title,
            sections=tuple(self._section(it) for it in self._outline.sections),
            tasks=tuple(
                TaskNode(entry, line, entry.value)
                for line, entry in tasks
                if isinstance(entry.value, Task)
            ),
            requirements=tuple(
                RequirementNode(entry, line, entry.value)
                for line, entry in requirements
                if isinstance(entry.value, Requirement)
            ),
            questions=tuple(
                QuestionNode(entry, line, entry.value)
                for line, entry in questions
                if isinstance(entry.value, Question)
            ),
        )
        plan = Plan(
            id=self._id,
            title=self._title(),
            route=front.route,
            request=self._prose(SectionKey.REQUEST),
            objective=self._prose(SectionKey.OBJECTIVE),
            requirements=tuple(it.requirement for it in spans.requirements),
            must=tuple(it.item.text for _, it in must if it.item.text),
            must_not=tuple(it.item.text for _, it in must_not if it.item.text),
            questions=tuple(it.question for it in spans.questions),
            impact=self._prose(SectionKey.IMPACT),
            tasks=tuple(it.task for it in spans.tasks),
            test_strategy=self._prose(SectionKey.TEST_STRATEGY),
            decisions=self._prose(SectionKey.DECISIONS),
        )
        problems.sort(key=lambda it: it.span)
        return Document(self._text, tuple(self._lines), plan, spans, tuple(problems))

    def _entries(
        self, key: SectionKey, read: Callable[[str], Entry], problems: list[Problem]
    ) -> Iterator[tuple[int, Entry]]:
        """Yield each item of a section with its first line, and note what is wrong inside it."""
        section = self._outline.section(key)
        for first, last in section.items if section else ():
            chunk = "\n".join(self._lines[first:last])
            if len(chunk) > MAX_ITEM_CHARACTERS:
                problems.append(self._too_long(first))
                chunk = self._lines[first][:MAX_ITEM_CHARACTERS]
            entry = read(chunk)
            problems += [it.shifted(first) for it in entry.problems]
            yield first, entry

    def _prose(self, key: SectionKey) -> str:
        section = self._outline.section(key)
        return (
            unescape_section(self._lines[section.first_line : section.last_line]) if section else ""
        )

    def _title(self) -> str:
        span = self._outline.title
        return self._lines[span.first_line][span.first_column : span.last_column] if span else ""

    def _section(self, it: Section) -> SectionNode:
        key = None if it.is_repeated else it.key
        body = self._span(it.first_line, it.last_line)
        return SectionNode(key, it.name, it.level, it.heading, body)

    def _span(self, first: int, last: int) -> Span:
        """Return the range of whole lines, from the start of the first to the end of the last."""
        if last <= first:
            return Span.at(first - 1, len(self._lines[first - 1]))
        return Span(first, 0, last - 1, len(self._lines[last - 1]))

    def _too_long(self, line: int) -> Problem:
        message = f"an item of more than {MAX_ITEM_CHARACTERS:,} characters is not read; shorten it"
        return error("too-large", Span.on_line(line, 0, len(self._lines[line])), message)


def _too_large(plan_id: PlanId, text: str) -> Document:
    problem = error("too-large", Span.at(0, 0), _TOO_LARGE)
    return Document(text, (), Plan(id=plan_id), Spans(), (problem,), is_read=False)


def _not_unicode(text: str) -> Problem:
    for number, line in enumerate(split_lines(text)):
        if found := _SURROGATE.search(line):
            span = Span.on_line(number, found.start(), found.end())
            break
    else:
        raise AssertionError
    message = "this is half a character (a lone surrogate); agents are shown '\ufffd'; replace it"
    return warning("half-character", span, message)
