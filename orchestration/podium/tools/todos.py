"""Keep the list of an agent's own steps."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.domain.events.progress import Todo
from podium.errors import ToolRetry
from podium.text.plain import one_line
from podium.tools.context import Mode, ToolContext
from podium.tools.tool import Reach, Tool


class Step(Frozen):
    """One step."""

    text: str = Field(min_length=1)
    done: bool = False


class Todos(Frozen):
    """Input of ``todos``."""

    todos: tuple[Step, ...] = Field(max_length=40)


async def todos(args: Todos, ctx: ToolContext) -> str:
    """Return how many steps are open."""
    steps = tuple(Todo(text=one_line(it.text), done=it.done) for it in args.todos)
    if steps == ctx.state.todos:
        message = "this is your list already; do the next step, then send the list again"
        raise ToolRetry(message)
    ctx.state.todos = steps
    if ctx.state.mode is not Mode.REMEMBERING:
        await ctx.report_todos(steps)
    return f"{len(ctx.state.open_todos)} of {len(steps)} open"


TODOS = Tool(name="todos", input=Todos, reach=Reach.REPORTS, run=todos)
