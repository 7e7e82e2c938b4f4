"""Reads durations."""

import re

_DURATION = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")


def parse(text: str) -> int:
    """Return the seconds that ``text``, as ``"1h 30m"``, stands for.

    Raises:
        ValueError: ``text`` is not a duration.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError(f"not a duration: {text!r}")
    hours, minutes, seconds = (int(it or 0) for it in found.groups())
    return hours * 3600 + minutes * 60 + seconds
