r"""Keeps text that somebody else wrote from reading as structure.

A request may contain a heading, a task's body a line ``- accept: …`` or a fence that nothing
closes.  Such a line is written with a backslash before it, which Markdown does not show, and
reading takes the backslash away again; a line that begins with backslashes of its own gets one
more, so that every text comes back as it was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from podium.document.lines import split_lines
from podium.document.scanner import Kind, Scanner

_HEADING = re.compile(r" {0,3}(\\*)#{1,3}(?:[ \t]|$)")
_OPENER = re.compile(r"[ \t]*(\\*)(?:```|~~~|<)")
_ESCAPED_OPENER = re.compile(r"[ \t]*(\\+)(?:```|~~~|<)")
_HIDDEN = frozenset({Kind.CODE, Kind.COMMENT})
_NOTHING = re.compile(r"(?!)")


def tidy(lines: Iterable[str]) -> list[str]:
    """Drop white space at the ends of lines and blank lines at the ends of the text."""
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n").split("\n")


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space and line ends as one space."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def escape_section(text: str) -> list[str]:
    """Return the lines that say ``text`` as the free text of a section."""
    lines = tidy(split_lines(text))
    escaped = _escape(lines, (_HEADING,))
    if _is_plain(escaped) and unescape_section(escaped) == "\n".join(lines):
        return escaped
    return _escape(lines, (_HEADING, _OPENER), hidden_too=True)


def unescape_section(lines: Iterable[str]) -> str:
    """Return the text that the lines of a section say."""
    return "\n".join(_unescape(tidy(lines), (_HEADING, _OPENER)))


def escape_body(lines: list[str], names: frozenset[str], *, strictly: bool) -> list[str]:
    """Return the lines that say ``lines`` below an item whose fields are ``names``.

    Args:
        lines: Lines without white space at their ends.
        names: The fields' names, in small letters.
        strictly: Let nothing open code, comments or HTML: for a text that leaves them open.
    """
    patterns = (_field(names), _OPENER) if strictly else (_field(names),)
    return _escape(lines, patterns, hidden_too=strictly)


def unescape_body(lines: Iterable[str], names: frozenset[str]) -> list[str]:
    """Return what the lines below an item say, without white space at their ends."""
    return _unescape([line.rstrip(" \t") for line in lines], (_field(names), _OPENER))


def _escape(
    lines: list[str], patterns: tuple[re.Pattern[str], ...], *, hidden_too: bool = False
) -> list[str]:
    """Put a backslash before what matches; before its backslashes, if it could pass for escaped."""
    return [
        _with_backslash(line, (*patterns, _ESCAPED_OPENER)) if shown or hidden_too else line
        for line, shown in _shown(lines)
    ]


def _with_backslash(line: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        if found := pattern.match(line):
            at = found.start(1)
            return f"{line[:at]}\\{line[at:]}"
    return line


def _unescape(lines: list[str], patterns: tuple[re.Pattern[str], ...]) -> list[str]:
    if not any("\\" in line for line in lines):
        return lines
    return [_without_backslash(line, patterns) if shown else line for line, shown in _shown(lines)]


def _without_backslash(line: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        if (found := pattern.match(line)) and found.group(1):
            at = found.start(1)
            return line[:at] + line[at + 1 :]
    return line


def _shown(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line and whether it stands outside code and comments."""
    hidden = {number for number, kind in Scanner(lines).scan() if kind in _HIDDEN}
    return ((line, number not in hidden) for number, line in enumerate(lines))


def _is_plain(lines: Sequence[str]) -> bool:
    """Whether no line is a heading that would end a section, and nothing stays open."""
    scanner = Scanner(lines)
    headings = [number for number, kind in scanner.scan() if kind is Kind.HEADING]
    return not scanner.closer and not any(_HEADING.match(lines[it]) for it in headings)


@lru_cache(maxsize=8)
def _field(names: frozenset[str]) -> re.Pattern[str]:
    if not names:
        return _NOTHING
    return re.compile(rf"[ \t]*(\\*)-[ \t]+(?i:{'|'.join(sorted(names))}):(?:[ \t]|$)")
