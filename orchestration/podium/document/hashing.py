"""The hash that an approval is bound to."""

import hashlib
import re

from podium.document.lines import split_lines
from podium.document.outline import outline_of
from podium.document.sections import SectionKey

TICK = re.compile(r"( ?[-*+][ \t]+\[)([ xX])(?=\][ \t]+T[0-9]{1,6}[a-z]?:)")
"""Up to a task's checkbox, and what is in it."""


def intent_hash(text: str) -> str:
    """Return the SHA-256 (hex) of what a plan document says it wants.

    How lines end, white space at the ends of lines and of the text, and whether tasks are ticked
    do not count; everything else does.
    """
    lines = [line.rstrip(" \t") for line in split_lines(text)]
    tasks = outline_of(lines).section(SectionKey.TASKS)
    for first, _ in tasks.items if tasks else ():
        lines[first] = TICK.sub(r"\g<1> ", lines[first], count=1)
    intent = "\n".join(lines).rstrip("\n")
    return hashlib.sha256(intent.encode("utf-8", "surrogatepass")).hexdigest()
