"""What is wrong with a document's form: sections, ids, checkboxes, text that no agent reads."""

import re
from collections.abc import Iterator, Sequence

from podium.document.document import Node
from podium.document.entries import NAMES, TASK_FIELDS
from podium.document.items import field_name
from podium.document.outline import Outline, Section
from podium.document.problem import Fix, Problem, error, information
from podium.document.sections import SectionKey
from podium.document.spans import Edit, Span
from podium.document.unread import looks_like_task, unread_field, unread_task
from podium.document.values import Value

_MUTE_ID = re.compile(r"([TRQ][0-9]{1,6}[a-z]?)(?=[ \t]|$)")
_FIELD_INDENT = 2
_NUMBER = re.compile(r"[0-9]+")


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
        message = f"this is never closed, so the rest is hidden; add a line {outline.closer!r}"
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


def entry_problems(letter: str, entries: Sequence[Node]) -> Iterator[Problem]:
    """Yield the items of one section that cannot be known by their ids: none, or a taken one."""
    ids = [it.entry.item.id for it in entries]
    if None not in ids and len({it and it.text for it in ids}) == len(ids):
        return
    seen: set[str] = set()
    for node, item_id in zip(entries, ids, strict=True):
        if item_id is None:
            yield _no_id(letter, entries, node)
        elif item_id.text in seen:
            yield _taken(letter, entries, node, item_id)
        else:
            seen.add(item_id.text)


def _taken(letter: str, entries: Sequence[Node], node: Node, item_id: Value) -> Problem:
    span = node.id_span
    free = _free_id(letter, entries)
    fix = Fix(f"Renumber to {free}", (Edit(span, free),))
    message = f"another {NAMES[letter]} is called {item_id.text!r}; renumber one of them"
    return error("duplicate-id", span, message, fix)


def _no_id(letter: str, entries: Sequence[Node], node: Node) -> Problem:
    lead, span = node.entry.item.lead, node.title_span
    if letter == "T" and node.entry.item.checkbox is None and looks_like_task(lead.text):
        return unread_task(span)
    name = field_name(f"- {lead.text}")
    if letter == "T" and name in TASK_FIELDS and node is not entries[0]:
        whole = node.whole
        return unread_field(span, range(whole.first_line, whole.last_line + 1), _FIELD_INDENT)
    if found := _MUTE_ID.match(lead.text):
        end = Span.at(span.first_line, span.first_column + found.end())
        fix = Fix("Add the colon", (Edit(end, ":"),))
        message = f"a colon is missing after the id; write '{found.group()}: …'"
        return error("no-id", span, message, fix)
    if letter == "T" and node.entry.item.checkbox is None:
        message = "this item is not a task, so no agent reads it; write '- [ ] T1: title'"
        return information("outside-grammar", span, message)
    free = _free_id(letter, entries)
    fix = Fix(f"Number it {free}", (Edit(Span.at(*span[:2]), f"{free}: "),))
    return error("no-id", span, f"this {NAMES[letter]} has no id; write '{free}: …'", fix)


def _free_id(letter: str, entries: Sequence[Node]) -> str:
    """Return the first id above all that are taken."""
    taken = (it.entry.item.id.text for it in entries if it.entry.item.id)
    numbers = [int(found.group()) for it in taken if (found := _NUMBER.search(it))]
    return f"{letter}{max(numbers, default=0) + 1}"
