"""What is wrong with a document's form: sections, ids, checkboxes, text that nobody reads."""

import re
from collections.abc import Iterator, Sequence

from podium.document.entries import Entry
from podium.document.outline import Outline, Section
from podium.document.problem import Fix, Problem, error, information, warning
from podium.document.sections import SectionKey
from podium.document.spans import Edit, Span

_MUTE_ID = re.compile(r"([TRQ][0-9]{1,6}[a-z]?)(?=[ \t]|$)")
_NUMBER = re.compile(r"[0-9]+")
_NAMES = {"T": "task", "R": "requirement", "Q": "question"}


def outline_problems(outline: Outline, lines: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with sections, and text outside all of them."""
    for section in outline.sections:
        if section.key is None:
            yield _unknown_section(section)
        elif section.is_repeated:
            message = f"there is another section {section.name!r} above, and only that one is read"
            yield error("repeated-section", section.heading, f"{message}; merge them")
    yield from _stray_problems(outline, lines)
    if outline.unclosed is not None:
        line = outline.unclosed
        message = f"nothing closes this, so the rest is hidden; add a line {outline.closer!r}"
        fix = Fix(
            f"Add {outline.closer!r} at the end",
            (Edit(Span.at(len(lines) - 1, len(lines[-1])), f"\n{outline.closer}\n"),),
        )
        yield error("unclosed", Span.on_line(line, 0, len(lines[line])), message, fix)


def _unknown_section(section: Section) -> Problem:
    known = ", ".join(key for key in SectionKey if key.level == section.level)
    message = f"no agent reads the section {section.name!r}; sections: {known}"
    return information("unknown-section", section.heading, message)


def _stray_problems(outline: Outline, lines: Sequence[str]) -> Iterator[Problem]:
    """Yield one problem for each run of neighbouring lines."""
    run: list[int] = []
    for number in [*outline.stray, -1]:
        if run and number != run[-1] + 1:
            message = "text outside the grammar: no agent reads it; move it into a section or item"
            span = Span(run[0], 0, run[-1], len(lines[run[-1]]))
            yield information("outside-grammar", span, message)
            run = []
        run.append(number)


def next_id(letter: str, entries: Sequence[tuple[int, Entry]]) -> str:
    """Return the first id above all that are taken."""
    taken = (it.item.id.text for _, it in entries if it.item.id)
    numbers = [int(found.group()) for it in taken if (found := _NUMBER.search(it))]
    return f"{letter}{max(numbers, default=0) + 1}"


def entry_problems(letter: str, entries: Sequence[tuple[int, Entry]]) -> Iterator[Problem]:
    """Yield what keeps items of one section from being read, and ids that are taken twice."""
    seen: set[str] = set()
    free = next_id(letter, entries)
    for line, entry in entries:
        item = entry.item
        if item.id is None:
            yield _no_id(letter, free, line, entry)
        elif item.id.text in seen:
            span = item.id.span.shifted(line)
            fix = Fix(f"Renumber to {free}", (Edit(span, free),))
            message = f"another {_NAMES[letter]} is called {item.id.text!r}; renumber one of them"
            yield error("duplicate-id", span, message, fix)
        else:
            seen.add(item.id.text)
        if letter == "T" and item.id is not None:
            yield from _task_form(line, entry)


def _no_id(letter: str, free: str, line: int, entry: Entry) -> Problem:
    lead = entry.item.lead
    span = lead.span.shifted(line)
    name = _NAMES[letter]
    if letter == "T" and entry.item.checkbox is None:
        message = "this item is no task, so no agent reads it; write '- [ ] T1: title'"
        return information("outside-grammar", span, message)
    if found := _MUTE_ID.match(lead.text):
        end = Span.at(span.first_line, span.first_column + found.end())
        fix = Fix("Add the colon", (Edit(end, ":"),))
        message = f"a colon is missing after the id; write '{found.group()}: …'"
        return error("no-id", span, message, fix)
    start = Span.at(span.first_line, span.first_column)
    fix = Fix(f"Number it {free}", (Edit(start, f"{free}: "),))
    return error("no-id", span, f"this {name} has no id; write '{free}: …'", fix)


def _task_form(line: int, entry: Entry) -> Iterator[Problem]:
    item = entry.item
    span = (item.id or item.lead).span.shifted(line)
    if item.checkbox is None:
        start = Span.at(span.first_line, span.first_column)
        fix = Fix("Add a checkbox", (Edit(start, "[ ] "),))
        yield error("no-checkbox", span, "a task needs a checkbox; write '- [ ] T1: title'", fix)
    elif not item.lead.text:
        yield warning("no-title", span, "this task has no title; say in a few words what it does")
