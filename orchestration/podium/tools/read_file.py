"""Read lines of a file."""

import asyncio

from pydantic import Field

from podium.document.lines import split_lines
from podium.domain.base import Frozen
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_LINE = 1_000
MAX_CHARACTERS = 24_000


class ReadFile(Frozen):
    """Input of ``read_file``."""

    path: str
    first_line: int = Field(default=1, ge=1)
    n_lines: int = Field(default=400, ge=1, le=2000)


async def read_file(args: ReadFile, ctx: ToolContext) -> str:
    """Return the lines with their numbers, counted from 1, and how to get the rest."""
    lines = lines_of(await asyncio.to_thread(ctx.tree.read_text, args.path))
    if not lines:
        return f"{args.path} is empty"
    if args.first_line > len(lines):
        return f"{args.path} has only {len(lines)} lines"
    shown = numbered(lines, args.first_line, args.n_lines)
    last = args.first_line + len(shown) - 1
    if last == len(lines) and args.first_line == 1:
        return "\n".join(shown)
    rest = "" if last == len(lines) else f"; go on with first_line={last + 1}"
    return "\n".join([*shown, f"[lines {args.first_line}-{last} of {len(lines)}{rest}]"])


def lines_of(text: str) -> list[str]:
    """Return the lines of a file; the line end at its end begins no new one."""
    lines = split_lines(text)
    return lines if lines[-1] else lines[:-1]


def numbered(lines: list[str], first_line: int, n_lines: int) -> list[str]:
    """Return up to ``n_lines`` lines from ``first_line`` on as `12<tab>text`, bounded."""
    shown: list[str] = []
    n_characters = 0
    for number, line in enumerate(lines[first_line - 1 : first_line - 1 + n_lines], first_line):
        cut = f"{line[:MAX_LINE]} [… {len(line) - MAX_LINE:,} characters more]"
        shown.append(f"{number}\t{line if len(line) <= MAX_LINE else cut}")
        n_characters += len(shown[-1]) + 1
        if n_characters > MAX_CHARACTERS:
            break
    return shown


READ_FILE = Tool(name="read_file", input=ReadFile, reach=Reach.READS, run=read_file)
