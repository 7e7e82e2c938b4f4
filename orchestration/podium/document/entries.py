"""List items as values of the plan: tasks, requirements, questions, with what is wrong in them.

Each function reads one chunk and is memoised by the chunk's text, which is what makes a keystroke
in a long plan cheap.  The cache holds more chunks than a document may have, and no chunk is longer
than `MAX_ITEM_CHARACTERS`, so its size is bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from podium.document.escaping import one_line
from podium.document.items import Item, field_name, read_item
from podium.document.problem import Fix, Problem, error, information, warning
from podium.document.spans import Edit, Span
from podium.document.unread import unread_field, unread_subtasks
from podium.document.values import Value, code_values
from podium.domain.base import QuestionId, TaskId
from podium.domain.plan import FileReference, Question, Requirement, Task

MAX_ITEMS = 2_000
MAX_ITEM_CHARACTERS = 20_000
TASK_FIELDS = frozenset(
    {
        "category",
        "skills",
        "files",
        "after",
        "covers",
        "references",
        "accept",
        "must not",
        "parallel",
    }
)
DEFAULT_CATEGORY = "unspecified-low"
QUESTION_FIELDS = frozenset({"options", "answer"})
NO_FIELDS = frozenset[str]()
NAMES = {"T": "task", "R": "requirement", "Q": "question"}
_ONCE = frozenset({"category", "parallel", "options", "answer"})
_REFERENCE = re.compile(r"(.*?):([0-9]{1,9})(?:-([0-9]{1,9}))?")
_WORD = re.compile(r"[^\s,`]+")
_NEW = "(new)"
_OPTION = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class FileValue:
    """A file reference and where it stands, without backticks."""

    reference: FileReference
    span: Span
    path: Span
    lines: Span | None
    """The ``10-20``."""
    mark: Span | None
    """The ``(new)``."""
    end: Span
    """The empty range after it, closing backtick included, where a mark can be inserted."""

    def shifted(self, lines: int) -> "FileValue":
        """Return this value moved down by ``lines``."""
        return FileValue(
            reference=self.reference,
            span=self.span.shifted(lines),
            path=self.path.shifted(lines),
            lines=self.lines.shifted(lines) if self.lines else None,
            mark=self.mark.shifted(lines) if self.mark else None,
            end=self.end.shifted(lines),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One list item, read; ``value`` is ``None`` when it has no id to be known by."""

    item: Item
    value: Task | Question | Requirement | None
    files: tuple[FileValue, ...]
    references: tuple[FileValue, ...]
    """The references that are paths: in code, with a slash or line numbers."""
    problems: tuple[Problem, ...]


@lru_cache(maxsize=MAX_ITEMS)
def read_task(chunk: str) -> Entry:
    """Read one item of the Tasks section."""
    item = read_item(chunk, "T", TASK_FIELDS)
    files = tuple(_file(it) for it in item.values("files"))
    references = tuple(_file(it) for it in item.values("references") if _is_path(it))
    problems = (
        *_item_problems(item, chunk, "T", TASK_FIELDS),
        *_line_range_problems(files + references),
    )
    if item.id is None or item.checkbox is None:
        return Entry(item, None, files, references, problems)
    task = Task(
        id=TaskId(item.id.text),
        title=item.lead.text,
        body=item.body,
        done=item.is_ticked,
        category=_word(item, "category") or DEFAULT_CATEGORY,
        skills=tuple(it.text for it in item.values("skills")),
        files=tuple(it.reference for it in files),
        after=tuple(TaskId(it.text) for it in ids(item, "after")),
        covers=tuple(it.text for it in ids(item, "covers")),
        references=tuple(it.text for it in item.values("references")),
        accept=tuple(it.text for it in commands(item)),
        must_not=_texts(item, "must not"),
        parallel=" ".join(_texts(item, "parallel")),
    )
    return Entry(item, task, files, references, problems)


@lru_cache(maxsize=MAX_ITEMS)
def read_question(chunk: str) -> Entry:
    """Read one item of the Open questions section."""
    item = read_item(chunk, "Q", QUESTION_FIELDS)
    problems = tuple(_item_problems(item, chunk, "Q", QUESTION_FIELDS))
    if item.id is None:
        return Entry(item, None, (), (), problems)
    answer = item.field("answer")
    question = Question(
        id=QuestionId(item.id.text),
        text=item.text,
        options=tuple(_options(item)),
        answer=answer.text if answer else "",
    )
    return Entry(item, question, (), (), problems)


@lru_cache(maxsize=MAX_ITEMS)
def read_requirement(chunk: str) -> Entry:
    """Read one item of the Requirements section."""
    item = read_item(chunk, "R", NO_FIELDS)
    value = Requirement(id=item.id.text, text=item.text) if item.id else None
    return Entry(item, value, (), (), tuple(_item_problems(item, chunk, "R", NO_FIELDS)))


@lru_cache(maxsize=MAX_ITEMS)
def read_scope_item(chunk: str) -> Entry:
    """Read one item of a part of the Scope section; it has no id."""
    item = read_item(chunk, "", NO_FIELDS)
    return Entry(item, None, (), (), tuple(_unread_problems(item, chunk, NO_FIELDS)))


def commands(item: Item) -> list[Value]:
    """Return the acceptance commands: each piece of code, or a whole line that has none."""
    return [value for line in item.lines("accept") for value in code_values(line)]


def ids(item: Item, name: str) -> list[Value]:
    """Return the ids that a field lists; the one word ``none`` lists none."""
    found = [
        Value(word.group(), Span.on_line(line.span.first_line, column, column + len(word.group())))
        for line in item.lines(name)
        for word in _WORD.finditer(line.text)
        for column in (line.span.first_column + word.start(),)
    ]
    return [] if [it.text.casefold() for it in found] == ["none"] else found


def parse_reference(text: str, *, is_new: bool = False) -> FileReference:
    """Read ``path``, ``path:line`` or ``path:line-line``; lines that cannot be are left out."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return FileReference(path=text, is_new=is_new)
    first = int(found.group(2))
    last = int(found.group(3)) if found.group(3) else None
    if first < 1 or (last is not None and last < first):
        return FileReference(path=found.group(1), is_new=is_new)
    return FileReference(path=found.group(1), first_line=first, last_line=last, is_new=is_new)


def _file(value: Value) -> FileValue:
    """Read a file reference with its mark."""
    text, mark = value.text, None
    line, column = value.span.first_line, value.span.first_column
    if value.after is not None and value.after.text.casefold().startswith(_NEW):
        mark = Span.on_line(*value.after.span[:2], value.after.span.first_column + len(_NEW))
    elif not value.is_code and text.casefold().endswith(_NEW):
        mark = Span.on_line(line, value.span.last_column - len(_NEW), value.span.last_column)
        text = text[: -len(_NEW)].rstrip(" \t")
    found = _REFERENCE.fullmatch(text)
    path_end = column + (len(found.group(1)) if found else len(text))
    return FileValue(
        reference=parse_reference(text, is_new=mark is not None),
        span=Span.on_line(line, column, column + len(text)),
        path=Span.on_line(line, column, path_end),
        lines=Span.on_line(line, path_end + 1, column + len(text)) if found else None,
        mark=mark,
        end=value.end,
    )


def _is_path(value: Value) -> bool:
    """Whether a reference means a file: code with a slash or line numbers that is no address."""
    text = value.text
    return (
        value.is_code
        and "://" not in text
        and " " not in text
        and ("/" in text or _REFERENCE.fullmatch(text) is not None)
    )


def _word(item: Item, name: str) -> str:
    """Return a field's value as one line, without backticks around all of it."""
    field = item.field(name)
    if field is None or not field.lines:
        return ""
    values = code_values(field.lines[0])
    whole = values[0].outer == field.lines[0].span and len(field.lines) == 1
    return values[0].text if whole else one_line(field.text)


def _texts(item: Item, name: str) -> tuple[str, ...]:
    """Return the values of all fields of that name; a field may list several below itself."""
    found: list[str] = []
    for field in item.fields:
        if field.name != name or not field.lines:
            continue
        is_list = field.lines[0].span.first_line > field.label.first_line
        found += [it.text for it in field.lines] if is_list else [one_line(field.text)]
    return tuple(found)


def _options(item: Item) -> Iterator[str]:
    for text in _texts(item, "options"):
        for option in _OPTION.split(text):
            if option.strip(" \t"):
                yield option.strip(" \t").replace("\\|", "|")


def _item_problems(item: Item, chunk: str, letter: str, names: frozenset[str]) -> Iterator[Problem]:
    yield from _lead_problems(item, letter)
    yield from _unread_problems(item, chunk, names)
    for label in item.unknown:
        yield _unknown_field(label, names)
    seen: set[str] = set()
    for field in item.fields:
        if field.name in _ONCE and field.name in seen:
            message = f"{field.name!r} is given twice and the first one counts; remove one"
            yield warning("repeated-field", field.label, message)
        seen.add(field.name)


def _lead_problems(item: Item, letter: str) -> Iterator[Problem]:
    """Yield what keeps an item that has an id from being read, or from saying anything."""
    if item.id is None:
        return
    if letter == "T" and item.checkbox is None:
        fix = Fix("Add a checkbox", (Edit(Span.at(*item.id.span[:2]), "[ ] "),))
        message = "a task needs a checkbox; write '- [ ] T1: …'"
        yield error("no-checkbox", item.id.span, message, fix)
    elif not item.lead.text:
        message = f"this {NAMES[letter]} says nothing; write a few words after its id"
        yield warning("no-title", item.id.span, message)


def _unknown_field(label: Value, names: frozenset[str]) -> Problem:
    near = get_close_matches(label.text.casefold(), names, n=1, cutoff=0.7)
    if near:
        fix = Fix(f"Change to {near[0]!r}", (Edit(label.span, near[0]),))
        message = f"there is no field {label.text!r}; did you mean {near[0]!r}?"
        return warning("unknown-field", label.span, message, fix)
    message = f"{label.text!r} is no field and counts as text; fields: {', '.join(sorted(names))}"
    return information("unknown-field", label.span, message)


def _unread_problems(item: Item, chunk: str, names: frozenset[str]) -> Iterator[Problem]:
    lines = chunk.split("\n")
    yield from unread_subtasks(lines, item.end)
    for span in item.outside:
        text = lines[span.first_line]
        if field_name(text) in names:
            missing = max(1, item.offset - (len(text) - len(text.lstrip(" \t"))))
            numbers = range(span.first_line, span.last_line + 1)
            yield unread_field(span, (it for it in numbers if lines[it].strip(" \t")), missing)
            continue
        message = "this text belongs to no item and no agent reads it; indent or move it"
        yield information("outside-grammar", span, message)


def _line_range_problems(files: tuple[FileValue, ...]) -> Iterator[Problem]:
    for it in files:
        if it.lines is not None and it.reference.first_line is None:
            message = "lines count from 1 and the last one is not before the first; correct them"
            yield error("line-range", it.lines, message)
