"""What a tool is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any, Generic

from podium.domain.transcript import ToolSchema
from podium.text.models import bounded
from podium.tools.arguments import Input, read_arguments
from podium.tools.context import ToolContext
from podium.tools.schema import tool_schema

MAX_CHARACTERS = 30_000


class Reach(StrEnum):
    """What a tool touches.

    ``REPORTS`` and ``SUBMITS`` change only what the agent says of itself, so a resumed loop
    runs them again to know where it was; ``SUBMITS`` can end the agent's work.
    """

    READS = "reads"
    EDITS = "edits"
    RUNS = "runs"
    REPORTS = "reports"
    SUBMITS = "submits"


@dataclass(frozen=True)
class Tool(Generic[Input]):
    """Something an agent may do; `<name>.md` beside this module is what the model reads."""

    name: str
    input: type[Input]
    reach: Reach
    run: Callable[[Input, ToolContext], Awaitable[str]]

    @cached_property
    def description(self) -> str:
        """The text that the model reads."""
        return files("podium.tools").joinpath(f"{self.name}.md").read_text("utf-8").strip()

    @cached_property
    def schema(self) -> ToolSchema:
        """The tool as a provider is told of it."""
        return tool_schema(self.name, self.description, self.input)

    async def call(self, arguments: str, ctx: ToolContext) -> str:
        """Return the answer to a call with these arguments, JSON as the model sent it.

        Raises:
            ToolRetry: The arguments do not fit, or the tool cannot do what they ask.
        """
        answer = await self.run(read_arguments(self.name, self.input, arguments), ctx)
        return bounded(answer, MAX_CHARACTERS, "ask for less at a time")


AnyTool = Tool[Any]
"""A tool of whatever input, as agents' tool sets hold them."""
