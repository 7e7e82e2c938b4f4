"""Reads a plan document: any text gives a `Document`, nothing raises.

Bounds: over `MAX_CHARACTERS`, `MAX_LINES` or `MAX_ITEMS` a document is not read and has the one
problem ``too-large``.  Within them the worst text found, a megabyte of file references, takes some
seconds once, a plan of 500 tasks a third of one, and what did not change since next to nothing.
"""

import re
from collections.abc import Iterator
from typing import TypeVar

from podium.document.document import (
    Document,
    Node,
    QuestionNode,
    RequirementNode,
    SectionNode,
    Spans,
    TaskNode,
)
from podium.document.entries import MAX_ITEM_CHARACTERS, MAX_ITEMS
from podium.document.escaping import unescape_section
from podium.document.front_matter import FrontMatter, read_front_matter
from podium.document.grammar import entry_problems, outline_problems
from podium.document.lines import split_lines
from podium.document.outline import Outline, Section, outline_of
from podium.document.problem import Problem, error, warning
from podium.document.reading import read_items
from podium.document.sections import SectionKey
from podium.document.spans import Span
from podium.document.unread import unread_tasks
from podium.domain.base import PlanId
from podium.domain.plan import Plan

MAX_CHARACTERS = 1_000_000
MAX_LINES = 20_000
_N = TypeVar("_N", bound=Node)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TOO_LARGE = (
    f"a plan of more than {MAX_CHARACTERS:,} characters, {MAX_LINES:,} lines or {MAX_ITEMS:,} "
    "list items is not read; break the request down into several plans"
)


def parse(plan_id: PlanId, text: str) -> Document:
    """Return what the document says, with positions, and its grammar problems in order."""
    if len(text) > MAX_CHARACTERS:
        return _too_large(plan_id, text)
    readable = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    lines = split_lines(readable)
    if len(lines) > MAX_LINES:
        return _too_large(plan_id, text)
    outline = outline_of(lines)
    if sum(len(section.items) for section in outline.sections) > MAX_ITEMS:
        return _too_large(plan_id, text)
    problems = [] if readable == text else [_not_unicode(text)]
    return _Writer(plan_id, text, lines, outline).document(problems)


class _Writer:
    """Turns what was read into domain values."""

    def __init__(self, plan_id: PlanId, text: str, lines: list[str], outline: Outline) -> None:
        self._id = plan_id
        self._text = text
        self._lines = lines
        self._outline = outline
        self._items = read_items(lines, outline)

    def document(self, problems: list[Problem]) -> Document:
        """Return the document; ``problems`` are those known already."""
        last = self._outline.front_matter[1] if self._outline.front_matter else 0
        front = read_front_matter(self._lines, last)
        spans = self._spans(front, last)
        plan = Plan(
            id=self._id,
            title=self._title(),
            route=front.route,
            request=self._prose(SectionKey.REQUEST),
            objective=self._prose(SectionKey.OBJECTIVE),
            requirements=tuple([it.requirement for it in spans.requirements]),
            must=self._scope(SectionKey.MUST),
            must_not=self._scope(SectionKey.MUST_NOT),
            questions=tuple([it.question for it in spans.questions]),
            impact=self._prose(SectionKey.IMPACT),
            tasks=tuple([it.task for it in spans.tasks]),
            test_strategy=self._prose(SectionKey.TEST_STRATEGY),
            decisions=self._prose(SectionKey.DECISIONS),
        )
        problems += front.problems
        problems += outline_problems(self._outline, self._lines)
        problems += self._item_problems()
        unread = list(unread_tasks(self._lines, self._outline, self._read_lines()))
        if unread:  # What is an error there need not be reported twice.
            lines = {it.span.first_line for it in unread}
            problems = [it for it in problems if it.span.first_line not in lines] + unread
        problems.sort(key=lambda it: it.span)
        return Document(self._text, tuple(self._lines), plan, spans, tuple(problems))

    def _spans(self, front: FrontMatter, last: int) -> Spans:
        return Spans(
            front_matter=self._span(0, last) if last else None,
            keys=front.values,
            title=self._outline.title,
            sections=tuple([self._section(it) for it in self._outline.sections]),
            tasks=self._nodes(SectionKey.TASKS, TaskNode),
            requirements=self._nodes(SectionKey.REQUIREMENTS, RequirementNode),
            questions=self._nodes(SectionKey.QUESTIONS, QuestionNode),
        )

    def _nodes(self, key: SectionKey, kind: type[_N]) -> tuple[_N, ...]:
        return tuple([it for it in self._items.get(key, ()) if isinstance(it, kind)])

    def _item_problems(self) -> Iterator[Problem]:
        for items in self._items.values():
            for node in [it for it in items if it.is_cut or it.entry.problems]:
                if node.is_cut:
                    yield self._too_long(node.first_line)
                for problem in node.entry.problems:
                    yield problem.shifted(node.first_line)
        yield from entry_problems("T", self._items.get(SectionKey.TASKS, ()))
        yield from entry_problems("R", self._items.get(SectionKey.REQUIREMENTS, ()))
        yield from entry_problems("Q", self._items.get(SectionKey.QUESTIONS, ()))

    def _read_lines(self) -> dict[SectionKey, list[tuple[int, int]]]:
        """Return which lines of each section are part of its items."""
        return {
            key: [(it.first_line, it.first_line + max(1, it.entry.item.end)) for it in items]
            for key, items in self._items.items()
        }

    def _scope(self, key: SectionKey) -> tuple[str, ...]:
        return tuple(it.entry.item.text for it in self._items.get(key, ()) if it.entry.item.text)

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
        return SectionNode(key, it.name, it.heading, body)

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
