"""One list item of the document: its first line, its body, its fields, with positions.

Positions count lines from the item's own first line, so that what is read once can be kept for
as long as the item's text does not change, wherever it moves.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podium.document.escaping import tidy, unescape_body
from podium.document.markdown import block_tokens
from podium.document.outline import last_text
from podium.document.scanner import closes_fence
from podium.document.spans import Span
from podium.document.values import Value, split

if TYPE_CHECKING:
    from markdown_it.token import Token

_LEAD = re.compile(r" ?[-*+](?:[ \t]+|$)")
_CHECKBOX = re.compile(r"\[(.)\](?:[ \t]+|$)")
_ID = re.compile(r"([TRQ][0-9]{1,6}[a-z]?):[ \t]*")
_FIELD = re.compile(r"[ \t]*-[ \t]+([A-Za-z]+(?: [A-Za-z]+)?):(?:[ \t]+|$)")
_BULLET = re.compile(r"[ \t]*(?:[-*+][ \t]+)?")
_INDENT = re.compile(r"[ \t]*")
_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_MARKER = re.compile(r"([ \t]*[-*+])([ \t]*)")
_TAB = 4
_CHILD_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A ``- name: value`` below an item."""

    name: str
    label: Span
    whole: Span
    lines: tuple[Value, ...]
    """The text of each line that has some, without bullets and indentation."""
    text: str
    """The value as text of one or more lines."""

    @property
    def value_at(self) -> Span:
        """Where the value stands; an empty range after the colon when it has none."""
        if not self.lines:
            return Span.at(self.label.last_line, self.label.last_column + 1)
        first, last = self.lines[0].span, self.lines[-1].span
        return Span(*first[:2], *last[2:])


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One list item."""

    whole: Span
    checkbox: Span | None
    """The one character between the brackets."""
    is_ticked: bool
    id: Value | None
    lead: Value
    """The rest of the first line."""
    below: tuple[str, ...]
    """The lines below the first one that are part of no field."""
    end: int
    """The line after the last one that belongs to the item."""
    offset: int
    """The column that its further lines are indented to."""
    fields: tuple[Field, ...]
    unknown: tuple[Value, ...]
    """Labels that look like fields but are not; their lines are part of the body."""
    outside: tuple[Span, ...]
    """What follows the item without belonging to it."""

    @property
    def text(self) -> str:
        """The first line and those below as one text."""
        return "\n".join((self.lead.text, *self.below)).strip(" \t\n")

    @property
    def body(self) -> str:
        """The lines below the first one as one text."""
        return "\n".join(self.below).strip(" \t\n")

    def field(self, name: str) -> Field | None:
        """Return the first field of that name."""
        return next((it for it in self.fields if it.name == name), None)

    def lines(self, name: str) -> Iterator[Value]:
        """Yield the lines of all fields of that name."""
        return (line for field in self.fields if field.name == name for line in field.lines)

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the comma-separated values of all fields of that name."""
        return tuple(value for line in self.lines(name) for value in split(line))


def read_item(text: str, letter: str, names: frozenset[str]) -> Item:
    r"""Read the item that a chunk begins with.

    Args:
        text: The chunk, its lines ended by ``\n``.
        letter: What ids begin with, as ``T``; empty when the items have none.
        names: The names of its fields, in small letters.
    """
    lines = text.split("\n")
    tokens = block_tokens(text)
    last = next((it.map[1] for it in tokens if _is_item(it, 1) and it.map), 0)
    reader = _FieldReader(lines, names)
    for token in tokens:
        if _is_item(token, _CHILD_LEVEL) and token.map and token.map[1] <= last:
            reader.read(*token.map)
    checkbox, is_ticked, item_id, lead = _read_lead(lines[0], letter)
    offset = _content_offset(lines[0])
    below = (dedent(lines[it], offset) for it in range(1, last) if it not in reader.taken)
    return Item(
        whole=Span(0, 0, len(lines) - 1, len(lines[-1])),
        checkbox=checkbox,
        is_ticked=is_ticked,
        id=item_id,
        lead=lead,
        below=tuple(unescape_body(below, names)),
        end=last_text(lines, 0, last),
        offset=offset,
        fields=tuple(reader.fields),
        unknown=tuple(reader.unknown),
        outside=tuple(_outside(tokens, lines, last)),
    )


def field_name(line: str) -> str | None:
    """Return the name in small letters if the line has the form of a field, ``- name: value``."""
    found = _FIELD.match(line)
    return found.group(1).casefold() if found else None


class _FieldReader:
    """Collects the fields among an item's child items."""

    def __init__(self, lines: list[str], names: frozenset[str]) -> None:
        self._lines = lines
        self._names = names
        self.fields: list[Field] = []
        self.unknown: list[Value] = []
        self.taken: set[int] = set()
        """The lines that are part of fields."""

    def read(self, first: int, end: int) -> None:
        """Read the child item on these lines, if it is a field."""
        found = _FIELD.match(self._lines[first])
        if found is None or first == 0 or first in self.taken:
            return
        label = Span.on_line(first, found.start(1), found.end(1))
        name = found.group(1).casefold()
        if name not in self._names:
            self.unknown.append(Value(found.group(1), label))
            return
        end = last_text(self._lines, first, end)
        self.taken.update(range(first, end))
        offset = _content_offset(self._lines[first])
        rest = [dedent(line, offset) for line in self._lines[first + 1 : end]]
        field = Field(
            name=name,
            label=label,
            whole=Span(first, 0, end - 1, len(self._lines[end - 1])),
            lines=tuple(self._values(first, end, found.end())),
            text="\n".join(tidy([self._lines[first][found.end() :], *rest])).strip(" \t\n"),
        )
        self.fields.append(field)

    def _values(self, first: int, end: int, column: int) -> Iterator[Value]:
        """Yield the text of each line; lines of fenced code as code, without the fences."""
        fence = ""
        for number in range(first, end):
            line = self._lines[number]
            if number > first:
                found = (_INDENT if fence else _BULLET).match(line)
                column = found.end() if found else 0
            text = line[column:].rstrip(" \t")
            if fence and closes_fence(text, fence):
                fence = ""
            elif not fence and number > first and (opened := _FENCE.match(text)):
                fence = opened.group()
            elif text:
                span = Span.on_line(number, column, column + len(text))
                yield Value(text, span, is_code=bool(fence))


def _is_item(token: "Token", level: int) -> bool:
    return (
        token.type == "list_item_open"
        and token.level == level
        and token.map is not None
        and (level > 1 or token.map[0] == 0)
    )


def _read_lead(line: str, letter: str) -> tuple[Span | None, bool, Value | None, Value]:
    """Return the checkbox, whether it is ticked, the id and the rest of an item's first line."""
    found = _LEAD.match(line)
    column = found.end() if found else 0
    box = _CHECKBOX.match(line, column) if letter == "T" else None
    column = box.end() if box else column
    item_id: Value | None = None
    id_found = _ID.match(line, column) if letter else None
    if id_found and id_found.group(1).startswith(letter):
        item_id = Value(id_found.group(1), Span.on_line(0, id_found.start(1), id_found.end(1)))
        column = id_found.end()
    text = line[column:].rstrip(" \t")
    lead = Value(text, Span.on_line(0, column, column + len(text)))
    checkbox = Span.on_line(0, box.start(1), box.end(1)) if box else None
    return checkbox, box is not None and box.group(1) in {"x", "X"}, item_id, lead


def _content_offset(line: str) -> int:
    """Return the column that an item's further lines are indented to."""
    found = _MARKER.match(line)
    if found is None:
        return 0
    width = len(found.group(2).replace("\t", "    "))
    return found.end(1) + (width if 1 <= width <= _TAB else 1)


def dedent(line: str, columns: int) -> str:
    """Return ``line`` without its first ``columns`` columns, as far as they are white space."""
    at = reached = 0
    while at < len(line) and reached < columns and line[at] in " \t":
        reached += _TAB - reached % _TAB if line[at] == "\t" else 1
        at += 1
    return line[at:]


def _outside(tokens: "Iterable[Token]", lines: Sequence[str], last: int) -> Iterator[Span]:
    """Yield where text follows an item without being part of it; comments and rules may."""
    for token in tokens:
        is_block = token.level == 0 or (token.level == 1 and token.type == "list_item_open")
        if not is_block or token.map is None or token.map[0] < last:
            continue
        if token.type in {"hr", "bullet_list_open", "ordered_list_open"}:
            continue
        if token.type == "html_block" and token.content.lstrip().startswith("<!--"):
            continue
        first, end = token.map[0], last_text(lines, *token.map)
        yield Span(first, 0, end - 1, len(lines[end - 1]))
