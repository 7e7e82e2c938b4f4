"""What the Markdown parser is asked: the blocks of one chunk.

markdown-it-py says where lists, items, code and comments begin and end; it gives no columns, so
the text is always read from the lines themselves.  It is imported on first use: it costs a third
of the language server's start.  Inline parsing is left out because it is not needed, and with it
go the inputs that make it quadratic.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BACKTICKS = re.compile(r"`+")


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  # See above: it is slow to import.

    blocks = ["blockquote", "code", "fence", "heading", "hr", "html_block", "lheading", "list"]
    return MarkdownIt("zero", {"html": True}).enable(blocks).disable(["inline", "text_join"])


def block_tokens(text: str) -> "list[Token]":
    r"""Return the block tokens of a chunk whose lines end in ``\n``; never raises."""
    return _parser().parse(text)


class CodeSpan(NamedTuple):
    """A code span of one line: columns of all of it and of its content, ends exclusive."""

    first: int
    last: int
    content_first: int
    content_last: int


def code_spans(line: str) -> list[CodeSpan]:
    """Return the code spans of ``line``, in linear time.

    Source:
        CommonMark 0.31, 6.1: a run of backticks is closed by the next run of the same length.
    """
    runs = [(run.start(), run.end()) for run in _BACKTICKS.finditer(line)]
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for number in reversed(range(len(runs))):
        by_length[runs[number][1] - runs[number][0]].append(number)
    found: list[CodeSpan] = []
    number = 0
    while number < len(runs):
        start, end = runs[number]
        same = by_length[end - start]
        while same and same[-1] <= number:
            same.pop()
        if not same:
            number += 1
            continue
        closing = runs[same[-1]]
        found.append(CodeSpan(start, closing[1], *_content(line, end, closing[0])))
        number = same[-1] + 1
    return found


def _content(line: str, first: int, last: int) -> tuple[int, int]:
    """Drop the one space at either end that keeps backticks of the content apart."""
    content = line[first:last]
    if content.startswith(" ") and content.endswith(" ") and content.strip(" "):
        return first + 1, last - 1
    return first, last


def code_span(content: str) -> str:
    """Write ``content``, which is one line and not blank, as a code span."""
    longest = max((len(run) for run in _BACKTICKS.findall(content)), default=0)
    fence = "`" * (longest + 1)
    needs_room = content.startswith(("`", " ")) or content.endswith(("`", " "))
    return f"{fence} {content} {fence}" if needs_room else f"{fence}{content}{fence}"
