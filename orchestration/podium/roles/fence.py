"""Mark what comes from a repository as data, so that nothing in it reads as Podium speaking."""

import re

from podium.tools.bounds import bounded, one_line

_END = re.compile(r"<(?=/?\s*data\b)", re.IGNORECASE)


def fenced(name: str, text: str, limit: int, remedy: str = "") -> str:
    """Return ``text`` between `<data>` tags that nothing in it can close.

    Args:
        name: What it is, as `diff`.
        text: Whoever wrote it.
        limit: Characters of it to keep.
        remedy: How to get what is left out.
    """
    shown = bounded(text.strip("\n"), limit, remedy or "read the file for the rest")
    label = one_line(name).replace('"', "'")
    return f'<data name="{label}">\n{_END.sub("&lt;", shown)}\n</data>'


def bullets(items: tuple[str, ...], none: str = "none") -> str:
    """Return one item a line; ``none`` when there is no item."""
    return "\n".join(f"- {' '.join(it.split())}" for it in items) or none
