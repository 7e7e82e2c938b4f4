"""What a role is told for good."""

from functools import cache
from importlib.resources import files

from podium.domain.roles import Role
from podium.domain.transcript import SystemMessage


@cache
def instructions(role: Role) -> SystemMessage:
    """Return the standing instructions of a role; `data.md`, the same for all, ends them."""
    room = files("podium.roles")
    parts = (room.joinpath(f"{it}.md").read_text("utf-8").strip() for it in (role.name, "data"))
    return SystemMessage(text="\n\n".join(parts))
