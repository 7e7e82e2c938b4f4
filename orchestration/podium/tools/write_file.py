"""Create a file or replace it whole."""

import asyncio

from podium.domain.base import Frozen
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool


class WriteFile(Frozen):
    """Input of ``write_file``."""

    path: str
    text: str


async def write_file(args: WriteFile, ctx: ToolContext) -> str:
    """Return that it was written, and what that broke."""
    path = ctx.editable(args.path)
    await asyncio.to_thread(ctx.tree.write_text, path, args.text)
    n_lines = len(args.text.splitlines())
    broke = await ctx.after_edit(path)
    return f"{path} written, {n_lines} lines" + (f"\n\n{broke}" if broke else "")


WRITE_FILE = Tool(name="write_file", input=WriteFile, reach=Reach.EDITS, run=write_file)
