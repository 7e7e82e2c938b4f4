"""Text that others wrote, for a model: short, and marked as data.

A model reads code points, so nothing is hidden from it, and what it quotes or edits must be what
is in the file: characters stay as they are, but for halves of them, which no provider takes.
"""

import re

from podium.text.plain import one_line

_TAG = re.compile(r"<(?=[\s/\u200b-\u200f\u2060\ufeff]*data\b)", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")


def fenced(name: str, text: str, limit: int, remedy: str = "read the file for the rest") -> str:
    """Return ``text`` between `<data>` tags that nothing in it can close.

    Args:
        name: What it is, as `diff`.
        text: Whoever wrote it.
        limit: Characters of it to keep.
        remedy: How to get what is left out.
    """
    label = one_line(name).replace('"', "'")
    shown = _HALF.sub("�", bounded(text.strip("\n"), limit, remedy))
    return f'<data name="{_without_tags(label)}">\n{_without_tags(shown)}\n</data>'


def bullets(items: tuple[str, ...], none: str = "none") -> str:
    """Return one item a line; ``none`` when there is no item."""
    return "\n".join(f"- {' '.join(it.split())}" for it in items) or none


def bounded(text: str, limit: int, remedy: str) -> str:
    """Return ``text`` in about ``limit`` characters: its head and tail around a mark.

    Args:
        text: What a tool or a command printed.
        limit: Characters of ``text`` to keep.
        remedy: How the model gets what is left out.
    """
    if len(text) <= limit:
        return text
    tail = limit // 3
    head = limit - tail
    left_out = len(text) - limit
    return f"{text[:head]}\n[… {left_out:,} characters left out; {remedy} …]\n{text[-tail:]}"


def _without_tags(text: str) -> str:
    """Return ``text`` without a tag of ours."""
    return _TAG.sub("&lt;", text)
