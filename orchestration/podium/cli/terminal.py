"""Printing what others wrote, and asking for a yes."""

import sys

from podium.errors import UserError
from podium.text.plain import block


def say(text: str = "") -> None:
    """Print text that others wrote."""
    print(block(text), flush=True)


def say_exactly(text: str) -> None:
    """Print as it is where a program reads it, and fit for a terminal where a person does."""
    shown = block(text) if sys.stdout.isatty() else text
    sys.stdout.write(shown if shown.endswith("\n") or not shown else f"{shown}\n")
    sys.stdout.flush()


def confirm(question: str, *, yes: bool) -> bool:
    """Return whether a human says yes; ``yes`` is that they said so on the command line.

    Raises:
        UserError: There is nobody to ask.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        message = f"{question} there is no terminal to answer on; agree with --yes"
        raise UserError(message)
    try:
        return input(f"{block(question)} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
