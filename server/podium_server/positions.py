"""Columns: Podium counts code points, the wire counts what was negotiated."""

from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_ONE_BYTE = 0x80
_TWO_BYTES = 0x800
_ONE_UNIT = 0x10000


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """Return how many code units stand before ``column`` code points of ``line``.

    A column beyond the line is its end.
    """
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    return sum(_width(character, encoding) for character in line[:column])


def to_column(line: str, units: int, encoding: Encoding) -> int:
    """Return how many code points of ``line`` stand before ``units`` code units.

    Inside a code point it is that code point's start; beyond the line it is the line's end.
    """
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    for column, character in enumerate(line):
        units -= _width(character, encoding)
        if units < 0:
            return column
    return len(line)


def _width(character: str, encoding: Encoding) -> int:
    point = ord(character)
    if encoding == "utf-16":
        return 1 if point < _ONE_UNIT else 2
    if point < _ONE_BYTE:
        return 1
    if point < _TWO_BYTES:
        return 2
    return 3 if point < _ONE_UNIT else 4
