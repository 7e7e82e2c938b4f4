"""Adds up a week of work."""

from collections.abc import Iterable

from durations.formatting import format_duration
from durations.parsing import parse


def total(entries: Iterable[str]) -> str:
    """Return the sum of ``entries`` in working hours, as ``"38h 30m"``."""
    return format_duration(sum(parse(it) for it in entries))
