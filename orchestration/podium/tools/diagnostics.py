"""Ask the language servers."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool


class Diagnostics(Frozen):
    """Input of ``diagnostics``."""

    paths: tuple[str, ...] = Field(min_length=1, max_length=50)


async def diagnostics(args: Diagnostics, ctx: ToolContext) -> str:
    """Return what the servers say, or that they say nothing."""
    return await ctx.diagnose(args.paths) or "no errors"


DIAGNOSTICS = Tool(name="diagnostics", input=Diagnostics, reach=Reach.READS, run=diagnostics)
