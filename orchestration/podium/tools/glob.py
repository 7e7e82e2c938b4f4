"""Find files by name."""

import asyncio

from pydantic import Field

from podium.domain.base import Frozen
from podium.tools.context import ToolContext
from podium.tools.list_files import names
from podium.tools.tool import Reach, Tool


class Glob(Frozen):
    """Input of ``glob``."""

    pattern: str = Field(min_length=1, max_length=500)


async def glob(args: Glob, ctx: ToolContext) -> str:
    """Return the files that match, one a line."""
    listing = await asyncio.to_thread(ctx.tree.glob, args.pattern)
    remedy = "use a narrower pattern"
    return names(listing.paths, cut=listing.cut, remedy=remedy) or "no file matches"


GLOB = Tool(name="glob", input=Glob, reach=Reach.READS, run=glob)
