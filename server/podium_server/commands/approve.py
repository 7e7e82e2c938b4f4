"""``podium.approve``: say yes to exactly the text on screen, and start."""

import getpass
import os
from typing import TYPE_CHECKING

from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.errors import UserError
from podium_server.commands.subject import Arguments, call, plan_in, text_of
from podium_server.snapshot import PlanSnapshot

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Approve and start; the hash is the one of the text that the lens was shown on."""
    plan = plan_in(session, arguments, lambda it: command(it, Verb.APPROVE).is_allowed)
    request = session.board.request(plan)
    uri = session.uri_of(request.path) if request else None
    snapshot = session.snapshot(uri) if uri else None
    if request is None or not isinstance(snapshot, PlanSnapshot):
        message = f"there is no plan {plan!r} to be read; open it and approve it there"
        raise UserError(message)
    if (text_of(arguments, "hash") or snapshot.hash) != snapshot.hash:
        message = f"{snapshot.path!r} has changed since this was offered; read it and approve again"
        raise UserError(message)
    await call(session, "plan/approve", plan=plan, hash=snapshot.hash, by=_who())
    if not request.phase.has_live_run:  # Otherwise the yes lets the run go on.
        await call(session, "run/start", plan=plan)


def _who() -> str:
    """Return who approves, as the system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # Nobody in this container has a name.
        return f"user {os.getuid()}"
