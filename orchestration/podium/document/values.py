"""Pieces of a field's text, with positions: code, ids, names between commas."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from podium.document.markdown import CodeSpan, code_spans
from podium.document.spans import Span


class Value(NamedTuple):
    """A piece of text and where it stands; the span of code holds no backticks."""

    text: str
    span: Span
    is_code: bool = False
    outer: Span | None = None
    """For code of one line: the span with its backticks."""
    after: "Value | None" = None
    """For code of one line: what follows it up to the next comma, as ``(new)``."""

    @property
    def end(self) -> Span:
        """The empty range after it and its backticks."""
        return Span.at(*(self.outer or self.span)[2:])


def code_values(line: Value) -> list[Value]:
    """Return the pieces of code in a line; the line itself when it has none or is code."""
    spans = [] if line.is_code else code_spans(line.text)
    return list(_codes(line, spans, len(line.text))) or [line]


def split(line: Value) -> Iterator[Value]:
    """Yield the comma-separated values of one line; a comma inside code separates nothing."""
    if line.is_code:
        yield line
        return
    spans = code_spans(line.text)
    first = number = 0
    for comma in _commas(line.text, spans):
        codes: list[CodeSpan] = []
        while number < len(spans) and spans[number].last <= comma:
            codes.append(spans[number])
            number += 1
        yield from _codes(line, codes, comma) if codes else _words(line, first, comma)
        first = comma + 1


def _commas(text: str, spans: Sequence[CodeSpan]) -> list[int]:
    """Return where values end: at commas outside code, and at the end of the text."""
    found: list[int] = []
    number = 0
    for comma in (it.start() for it in re.finditer(",", text)):
        while number < len(spans) and spans[number].last <= comma:
            number += 1
        if number == len(spans) or comma < spans[number].first:
            found.append(comma)
    return [*found, len(text)]


def _codes(line: Value, codes: Sequence[CodeSpan], last: int) -> Iterator[Value]:
    """Yield one value for each code span; what follows one belongs to it, as ``(new)``."""
    for code, following in zip_longest(codes, codes[1:]):
        until = following.first if following else last
        after = _trimmed(line, code.last, until)
        value = _trimmed(line, code.content_first, code.content_last)
        if value is not None:
            number, column = line.span.first_line, line.span.first_column
            outer = Span.on_line(number, column + code.first, column + code.last)
            yield value._replace(is_code=True, outer=outer, after=after)


def _words(line: Value, first: int, last: int) -> Iterator[Value]:
    value = _trimmed(line, first, last)
    if value is not None:
        yield value


def _trimmed(line: Value, first: int, last: int) -> Value | None:
    """Return part of a line without the white space around it, or ``None`` if there is no more."""
    part = line.text[first:last]
    text = part.strip(" \t")
    if not text:
        return None
    column = line.span.first_column + first + part.index(text)
    return Value(text, Span.on_line(line.span.first_line, column, column + len(text)))
