"""The commands that only move a plan on; the board shows what came of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from podium.domain.request import Phase, Request
from podium_server.commands.subject import Arguments, call, plan_in

if TYPE_CHECKING:
    from podium_server.session import EditorSession


_TRANSITIONS: dict[str, tuple[str, Callable[[Request], bool]]] = {
    "podium.start": ("run/start", lambda it: it.phase is Phase.APPROVED),
    "podium.pause": ("run/pause", lambda it: it.phase.is_working and not it.paused),
    "podium.resume": ("run/resume", lambda it: bool(it.paused)),
    "podium.cancel": ("run/cancel", lambda it: it.phase.is_working),
}


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:
    """Move the plan on."""
    method, fits = _TRANSITIONS[name]
    await call(session, method, plan=plan_in(session, arguments, fits))
