"""``podium.merge``: merge a run into the user's branch; only a human asks for that."""

from typing import TYPE_CHECKING

from podium.domain.request import Phase
from podium_server.commands.subject import Arguments, call, plan_in

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Merge, unless that would touch what somebody has not saved."""
    plan = plan_in(session, arguments, lambda it: it.phase is Phase.AWAITING_MERGE)
    await call(session, "run/merge", plan=plan)
