"""Edits of a plan document's text that leave every byte they do not mean to change."""

from collections.abc import Iterable, Sequence

from podium.document.entries import read_question
from podium.document.hashing import TICK
from podium.document.lines import newline_of, split_lines
from podium.document.outline import Outline, outline_of
from podium.document.rendering import answer_lines
from podium.document.sections import ORDER, SCOPE_PARTS, SectionKey
from podium.document.spans import Edit, Span, apply_edits
from podium.domain.base import QuestionId, TaskId
from podium.domain.plan import Question
from podium.errors import UserError


class UnknownQuestion(UserError):
    """An answer names a question that the document does not ask."""

    def __init__(self, question: str, known: Iterable[str]) -> None:
        asked = ", ".join(known) or "none"
        super().__init__(f"the plan asks no question {question!r}; questions: {asked}")


class UnanswerableQuestion(UserError):
    """A question's own text would swallow the answer."""

    def __init__(self, question: str) -> None:
        message = f"code or HTML in question {question!r} is left open; close it, then answer"
        super().__init__(message)


def tick(text: str, done: Iterable[TaskId]) -> str:
    """Return ``text`` with exactly the tasks in ``done`` ticked."""
    wanted = frozenset(done)
    lines = split_lines(text)
    tasks = outline_of(lines).section(SectionKey.TASKS)
    edits: list[Edit] = []
    for first, _ in tasks.items if tasks else ():
        found = TICK.match(lines[first])
        if found is None:
            continue
        box = found.group(2)
        is_done = lines[first][found.end() + 1 :].lstrip(" \t").partition(":")[0] in wanted
        if is_done != (box in {"x", "X"}):
            span = Span.on_line(first, found.start(2), found.end(2))
            edits.append(Edit(span, "x" if is_done else " "))
    return apply_edits(text, edits)


def answer_question(text: str, question: QuestionId, answer: str) -> str:
    """Return ``text`` with the answer in its place, over an earlier one.

    Raises:
        UnknownQuestion: The document does not ask it.
        UnanswerableQuestion: Its text leaves code or HTML open, so no field can follow.
    """
    lines = split_lines(text)
    section = outline_of(lines).section(SectionKey.QUESTIONS)
    known: list[str] = []
    for first, last in section.items if section else ():
        item = read_question("\n".join(lines[first:last])).item
        known.append(item.id.text if item.id else "")
        if known[-1] != question:
            continue
        field = item.field("answer")
        at = field.whole.shifted(first) if field else Span.at(first + item.end - 1, 0)
        indent = " " * (field.label.first_column - 2 if field else item.offset)
        written = [f"{indent}{line}" if line else "" for line in answer_lines(answer)]
        if field is None:
            at = Span.at(at.first_line, len(lines[at.first_line]))
            written = ["", *written]
        changed = apply_edits(text, [Edit(at, newline_of(text).join(written))])
        _check_answer(changed, first, question, answer)
        return changed
    raise UnknownQuestion(question, filter(None, known))


def _check_answer(text: str, first: int, question: QuestionId, answer: str) -> None:
    lines = split_lines(text)
    section = outline_of(lines).section(SectionKey.QUESTIONS)
    ends = [end for start, end in section.items if start == first] if section else []
    entry = read_question("\n".join(lines[first : ends[0]])) if ends else None
    value = entry.value if entry else None
    if not isinstance(value, Question) or value.answer.split() != answer.split():
        raise UnanswerableQuestion(question)


def put_section(text: str, key: SectionKey, body: Sequence[str]) -> str:
    """Return ``text`` with ``body`` as the lines of a section, which is made if it is missing."""
    lines = split_lines(text)
    outline = outline_of(lines)
    section = outline.section(key)
    if section is None:
        return apply_edits(text, [_new_section(text, lines, outline, key, body)])
    newline = newline_of(text)
    end = section.last_line - 1
    span = Span(*section.heading[2:], end, len(lines[end]))
    written = newline.join(["", "", *body, ""]) if body else newline
    return apply_edits(text, [Edit(span, written)])


def remove_section(text: str, key: SectionKey) -> str:
    """Return ``text`` without a section and its heading."""
    lines = split_lines(text)
    section = outline_of(lines).section(key)
    if section is None:
        return text
    return apply_edits(text, [Edit(Span(section.heading.first_line, 0, section.last_line, 0), "")])


def _new_section(
    text: str, lines: Sequence[str], outline: Outline, key: SectionKey, body: Sequence[str]
) -> Edit:
    """Return the edit that makes a section, before the first one that comes after it in order."""
    newline = newline_of(text)
    later = frozenset(ORDER[ORDER.index(key) + 1 :]) - SCOPE_PARTS
    written = [f"## {key}", *([""] if body else []), *body, ""]
    for section in outline.sections:
        if section.key in later and not section.is_repeated:
            line = section.heading.first_line
            opening = [""] if line > 0 and lines[line - 1].strip(" \t") else []
            return Edit(Span.at(line, 0), newline.join([*opening, *written, ""]))
    end = len(lines) - 1
    opening = _closer(outline, end)
    if lines[end].strip(" \t"):
        opening = ["", *opening, ""]
    elif end > 0 and (opening or lines[end - 1].strip(" \t")):
        opening = [*opening, ""]
    return Edit(Span.at(end, len(lines[end])), newline.join([*opening, *written]))


def _closer(outline: Outline, line: int) -> list[str]:
    """Return the line that ends code or a comment left open above, if there is one."""
    return [outline.closer] if outline.unclosed is not None and outline.unclosed <= line else []
