"""How things are said: money, counts, and text that somebody else wrote."""

import re
from decimal import Decimal

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_SPECIAL = re.compile(
    r"(?<!`)`[^`\n|]+`(?!`)|"
    r"[\\`*\[\]<|]|(?<![^\W_])_|_(?![^\W_])|^[ \t]*[#>+=-]|^[ \t]*[0-9]+(?=[.)])",
    re.MULTILINE,
)
"""A whole code span; or what begins links, HTML, emphasis, tables, headings or lists.

``a_b`` begins nothing.
"""
_CENT = Decimal("0.01")


def plain(text: str, limit: int = 2_000) -> str:
    """Return ``text`` without control and direction characters, cut at ``limit`` characters."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return clean if len(clean) <= limit else f"{clean[: limit - 1]}…"


def one_line(text: str, limit: int = 200) -> str:
    """Return ``text`` as one line."""
    return plain(" ".join(plain(text, limit * 4).split()), limit)


def prose(text: str, limit: int = 2_000) -> str:
    """Return ``text`` so that Markdown shows it as it is: no links, no images, no HTML.

    What it quotes as code, between single backticks, stays code: nothing begins inside of it.
    """
    return _SPECIAL.sub(_escaped, plain(text, limit))


def _escaped(found: re.Match[str]) -> str:
    special = found.group()
    if special[0] == special[-1] == "`" != special:
        return special
    return f"{special}\\" if special[-1].isdigit() else f"{special[:-1]}\\{special[-1]}"


def fenced(text: str, limit: int = 2_000) -> str:
    """Return ``text`` as fenced code that nothing inside it can end."""
    clean = plain(text, limit)
    longest = max((len(run) for run in re.findall(r"`+", clean)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{clean}\n{fence}"


def money(usd: Decimal) -> str:
    """Return an amount, with more digits when it is less than a cent."""
    if usd == 0 or usd >= _CENT:
        return f"${usd:.2f}"
    return f"${usd:.4f}"


def count(number: int, noun: str) -> str:
    """Return ``3 findings``, ``1 finding``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def joined(*parts: str) -> str:
    """Return the parts that say something, with middle dots between them."""
    return " · ".join(part for part in parts if part)
