"""What the roles have in common."""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from podium.domain.transcript import SystemMessage
from podium.tools.tool import AnyTool


@dataclass(frozen=True)
class Role:
    """A role: its standing instructions, from `<name>.md`, and its tools."""

    name: str
    tools: tuple[AnyTool, ...]

    @cached_property
    def system(self) -> SystemMessage:
        """The standing instructions; `data.md`, the same for all, ends them."""
        room = files("podium.roles")
        parts = (room.joinpath(f"{it}.md").read_text("utf-8").strip() for it in (self.name, "data"))
        return SystemMessage(text="\n\n".join(parts))
