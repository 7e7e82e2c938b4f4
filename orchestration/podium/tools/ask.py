"""Stop and ask a human."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.text.plain import one_line
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_QUESTION = 1_000


class Ask(Frozen):
    """Input of ``ask``."""

    question: str = Field(min_length=1)


async def ask(args: Ask, ctx: ToolContext) -> str:
    """End the agent's work with its question: a job never waits for a human."""
    ctx.state.escalation = f"asks: {one_line(args.question, MAX_QUESTION)}"
    return "asked"


ASK = Tool(name="ask", input=Ask, reach=Reach.SUBMITS, run=ask)
