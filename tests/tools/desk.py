"""A tool called as a loop calls it: JSON in, text out, on a real directory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from podium.domain.events.progress import Todo
from podium.errors import ToolRetry
from podium.tools.context import ToolContext
from podium.tools.tool import AnyTool
from podium.workspace.tree import Tree


@dataclass
class Desk:
    """A directory, a context on it, and what the tools told the board."""

    root: Path
    reported: list[tuple[Todo, ...]] = field(default_factory=list[tuple[Todo, ...]])
    edited: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.ctx = self.context()

    def context(self, *allowed_files: str, categories: Sequence[str] = ()) -> ToolContext:
        """Make a context like the one in use, with other bounds."""
        self.ctx = ToolContext(
            tree=Tree(self.root),
            allowed_files=allowed_files or (".",),
            categories=tuple(categories),
            after_edit=self._after_edit,
            report_todos=self._report,
        )
        return self.ctx

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    async def send(self, tool: AnyTool, arguments: str) -> str:
        """Return the answer, or what the model is told to mend."""
        try:
            return await tool.call(arguments, self.ctx)
        except ToolRetry as refusal:
            return f"refused: {refusal}"

    async def use(self, tool: AnyTool, **arguments: object) -> str:
        return await self.send(tool, json.dumps(arguments))

    async def _after_edit(self, path: str) -> str:
        self.edited.append(path)
        return "line 1: invalid syntax" if "(" in self.read(path).replace("()", "") else ""

    async def _report(self, todos: tuple[Todo, ...]) -> None:
        self.reported.append(todos)
