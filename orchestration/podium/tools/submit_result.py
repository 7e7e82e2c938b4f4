"""A worker says that it is done."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.text.plain import one_line
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_SUMMARY = 2_000
MAX_LESSON = 400


class SubmitResult(Frozen):
    """Input of ``submit_result``."""

    summary: str = Field(min_length=1, description="What changed, and what you saw pass.")
    lessons: tuple[str, ...] = Field(
        default=(), max_length=10, description="What the next worker should know."
    )


class Result(Frozen):
    """What a worker claims; the gates judge it."""

    summary: str
    lessons: tuple[str, ...] = ()


async def submit_result(args: SubmitResult, ctx: ToolContext) -> str:
    """End the agent's work, unless it has todos left."""
    if left := ctx.state.open_todos:
        message = (
            f"{len(left)} todos are open: {'; '.join(left)}. "
            "Do them, or take out of the list what is not needed, then submit again"
        )
        raise ToolRetry(message)
    lessons = (one_line(it, MAX_LESSON) for it in (*ctx.state.notes, *args.lessons) if it.strip())
    ctx.state.submission = Result(
        summary=args.summary[:MAX_SUMMARY], lessons=tuple(dict.fromkeys(lessons))
    )
    return "submitted"


SUBMIT_RESULT = Tool(
    name="submit_result", input=SubmitResult, reach=Reach.SUBMITS, run=submit_result
)
