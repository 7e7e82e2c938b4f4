"""Keep a lesson for whoever works on the next task."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.text.plain import one_line
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_NOTE = 400


class Note(Frozen):
    """Input of ``note``."""

    text: str = Field(min_length=1)


async def note(args: Note, ctx: ToolContext) -> str:
    """Return that it was kept."""
    kept = one_line(args.text, MAX_NOTE)
    if kept not in ctx.state.notes:
        ctx.state.notes = (*ctx.state.notes, kept)
    return "kept"


NOTE = Tool(name="note", input=Note, reach=Reach.REPORTS, run=note)
