"""Stop because the task is bigger or other than planned."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.text.plain import one_line
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_REASON = 1_000


class Replan(Frozen):
    """Input of ``replan``."""

    reason: str = Field(min_length=1, description="What you found, and how it should be split.")


async def replan(args: Replan, ctx: ToolContext) -> str:
    """End the agent's work with what it learned."""
    ctx.state.escalation = f"needs another plan: {one_line(args.reason, MAX_REASON)}"
    return "stopped"


REPLAN = Tool(name="replan", input=Replan, reach=Reach.SUBMITS, run=replan)
