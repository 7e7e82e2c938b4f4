"""Text that others wrote, inside Markdown that an editor or a browser renders.

No image, no link, no HTML, no heading and no table of theirs comes out of it.
"""

import re

from podium.text.plain import block, cut, one_line

_SPECIAL = re.compile(
    r"(?<!`)`[^`\n|]+`(?!`)|"
    r"[\\`*\[\]<|~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|"
    r":(?=//)|(?<=www)\.|(?<=\w)@(?=\w)|"
    r"^[ \t]*[#>+=-]|^[ \t]*[0-9]+(?=[.)])|#$",
    re.MULTILINE | re.IGNORECASE,
)
"""A whole code span; what begins links, HTML, entities, emphasis or tables; an address, which
some renderers make a link; what begins headings or lists, or ends a heading.

``a_b`` begins nothing.
"""


def prose(text: str, limit: int = 2_000) -> str:
    """Return ``text`` so that Markdown shows it as it is.

    What it quotes as code, between single backticks, stays code: nothing begins inside of it.
    """
    return _SPECIAL.sub(_escaped, cut(block(text).strip(), limit))


def prose_line(text: str, limit: int = 2_000) -> str:
    """Return `prose` on one line: for a heading, an item or a cell."""
    return prose(one_line(text, limit), limit)


def code(text: str) -> str:
    """Return a path or a name as a code span; as `prose` if it would break out of one."""
    shown = one_line(text)
    return f"`{shown}`" if shown and not set(shown) & set("`|") else prose(shown)


def code_block(text: str, limit: int = 2_000) -> str:
    """Return ``text`` as fenced code that nothing inside it can end."""
    clean = cut(block(text).strip("\n"), limit)
    longest = max((len(run) for run in re.findall(r"`+", clean)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{clean}\n{fence}"


def _escaped(found: re.Match[str]) -> str:
    special = found.group()
    if special[0] == special[-1] == "`" != special:
        return special
    return f"{special}\\" if special[-1].isdigit() else f"{special[:-1]}\\{special[-1]}"
