"""Printing what others wrote, and asking for a yes.

Titles, reasons, output and diffs come from models, repositories and programs: none of them may
move the cursor, change colours or rewrite what the user has read.
"""

import re
import sys

from podium.errors import UserError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return ``text`` without what a terminal obeys; newlines and tabs stay."""
    return _CONTROL.sub("�", text)


def one_line(text: str, width: int = 200) -> str:
    """Return ``text`` on one line of at most ``width`` characters, fit for a terminal."""
    line = plain(" ".join(text.split()))
    return line if len(line) <= width else f"{line[: width - 1]}…"


def say(text: str = "") -> None:
    """Print text that others wrote."""
    print(plain(text), flush=True)


def say_exactly(text: str) -> None:
    """Print as it is where a program reads it, and fit for a terminal where a person does."""
    shown = plain(text) if sys.stdout.isatty() else text
    sys.stdout.write(shown if shown.endswith("\n") or not shown else f"{shown}\n")
    sys.stdout.flush()


def confirm(question: str, *, yes: bool) -> bool:
    """Return whether a human says yes; ``yes`` is that they said so on the command line.

    Raises:
        UserError: Nobody is there to be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        message = f"{question} Nobody can answer here; say so with --yes"
        raise UserError(message)
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
