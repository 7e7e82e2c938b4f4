"""Replace a piece of a file."""

import asyncio

from pydantic import Field

from podium.document.lines import split_lines
from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.tools.context import Mode, ToolContext
from podium.tools.read_file import lines_of, numbered
from podium.tools.tool import Reach, Tool

CONTEXT_LINES = 3
MAX_SHOWN_LINES = 40
MAX_PLACES = 10


class EditFile(Frozen):
    """Input of ``edit_file``."""

    path: str
    old: str = Field(min_length=1)
    new: str
    all: bool = False


async def edit_file(args: EditFile, ctx: ToolContext) -> str:
    """Return the lines as they are now, and what the edit broke."""
    path = ctx.editable(args.path)
    text = await asyncio.to_thread(ctx.tree.read_text, path)
    old, new = _with_ends_of(text, args.old), _with_ends_of(text, args.new)
    if ctx.state.mode is Mode.RESUMING and _is_applied(text, old, new):
        return await _answer(ctx, path, text, text.find(new), new)
    if old == new:
        message = "`old` and `new` are the same; nothing to do"
        raise ToolRetry(message)
    found = text.count(old)
    if not found:
        raise ToolRetry(_not_found(path, text, old))
    if found > 1 and not args.all:
        message = (
            f"`old` occurs {found} times in {path}, at lines {_lines_of(text, old)}; "
            "take more of the lines around it, or set `all`"
        )
        raise ToolRetry(message)
    edited = text.replace(old, new)
    await asyncio.to_thread(ctx.tree.write_text, path, edited)
    return await _answer(ctx, path, edited, text.find(old), new)


def _with_ends_of(text: str, piece: str) -> str:
    """Return ``piece`` with the line ends of ``text``: a model sees and sends bare newlines."""
    is_crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    if is_crlf and "\r" not in piece:
        return piece.replace("\n", "\r\n")
    return piece


def _is_applied(text: str, old: str, new: str) -> bool:
    """Whether the edit was made already: no ``old`` is left but inside a ``new``."""
    if not new:
        return old not in text
    return new in text and old not in text.replace(new, "\0")


def _lines_of(text: str, piece: str) -> str:
    lines: list[str] = []
    at = text.find(piece)
    while at >= 0 and len(lines) < MAX_PLACES:
        lines.append(str(text.count("\n", 0, at) + 1))
        at = text.find(piece, at + len(piece))
    return ", ".join(lines)


def _not_found(path: str, text: str, old: str) -> str:
    """Say why ``old`` was not found, as near to the reason as can be told."""
    squeezed = " ".join(old.split())
    if squeezed and squeezed in " ".join(text.split()):
        first = next(it.strip() for it in split_lines(old) if it.strip())
        near = [n for n, line in enumerate(split_lines(text), 1) if line.strip() == first]
        at = f" near line {near[0]}" if near else ""
        return (
            f"`old` is in {path}{at}, but with other white space; copy it exactly from `read_file`"
        )
    return f"`old` is not in {path}; nothing was changed; look at the file as it is now"


async def _answer(ctx: ToolContext, path: str, text: str, at: int, new: str) -> str:
    first = max(1, text.count("\n", 0, max(0, at)) + 1 - CONTEXT_LINES)
    n_lines = min(new.count("\n") + 1 + 2 * CONTEXT_LINES, MAX_SHOWN_LINES)
    shown = "\n".join(numbered(lines_of(text), first, n_lines))
    broke = await ctx.after_edit(path)
    return f"{path} now reads:\n{shown}" + (f"\n\n{broke}" if broke else "")


EDIT_FILE = Tool(name="edit_file", input=EditFile, reach=Reach.EDITS, run=edit_file)
