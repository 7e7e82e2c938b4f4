"""Run a shell command in the sandbox."""

from pydantic import Field

from podium.domain.base import Frozen
from podium.errors import ToolRetry
from podium.text.models import bounded
from podium.tools.context import ToolContext
from podium.tools.tool import Reach, Tool

MAX_OUTPUT = 12_000


class RunCommand(Frozen):
    """Input of ``run_command``."""

    command: str = Field(min_length=1, max_length=8_000)
    timeout_s: int = Field(default=120, ge=1, le=900)


async def run_command(args: RunCommand, ctx: ToolContext) -> str:
    """Return the exit status and the bounded output."""
    if "\0" in args.command:
        message = "a command cannot hold a NUL character"
        raise ToolRetry(message)
    done = await ctx.run_command(args.command, args.timeout_s)
    remedy = "narrow the command, or send its output to a file and read that"
    output = bounded(done.output.rstrip(), MAX_OUTPUT, remedy)
    # No duration: the loop guard compares results, and time always differs.
    ended = (
        f"stopped after {args.timeout_s} s" if done.timed_out else f"exit status {done.exit_status}"
    )
    return f"{ended}\n{output}" if output else f"{ended}, no output"


RUN_COMMAND = Tool(name="run_command", input=RunCommand, reach=Reach.RUNS, run=run_command)
