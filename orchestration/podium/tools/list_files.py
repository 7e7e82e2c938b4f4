"""List a directory."""

import asyncio

from podium.domain.base import Frozen
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_NAMES = 300


class ListFiles(Frozen):
    """Input of ``list_files``."""

    path: str = "."


async def list_files(args: ListFiles, ctx: ToolContext) -> str:
    """Return the names in a directory, one a line."""
    listing = await asyncio.to_thread(ctx.tree.list, args.path)
    return names(listing.paths, cut=listing.cut, remedy="use `glob`") or f"{args.path} is empty"


def names(paths: tuple[str, ...], *, cut: bool, remedy: str) -> str:
    """Return paths one a line, bounded; how to see the rest when there is one."""
    shown = list(paths[:MAX_NAMES])
    if cut or len(paths) > MAX_NAMES:
        at_least = "at least " if cut else ""
        shown.append(f"[{at_least}{len(paths) - len(shown):,} more; {remedy}]")
    return "\n".join(shown)


LIST_FILES = Tool(name="list_files", input=ListFiles, reach=Reach.READS, run=list_files)
