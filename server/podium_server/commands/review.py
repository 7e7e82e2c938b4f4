"""``podium.review``: what a plan would do, on one page, before it is approved."""

from typing import TYPE_CHECKING

from podium.domain.request import Phase
from podium.errors import UserError
from podium_server.analysis.review import review
from podium_server.commands.subject import Arguments, plan_in, text_of
from podium_server.opening import show_file, write_shown
from podium_server.snapshot import PlanSnapshot

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Write the page and open it."""
    plan = plan_in(session, arguments, lambda it: it.phase is Phase.AWAITING_APPROVAL)
    request = session.board.request(plan)
    uri = session.uri_of(request.path) if request else text_of(arguments, "uri")
    snapshot = session.snapshot(uri) if uri else None
    if not isinstance(snapshot, PlanSnapshot):
        message = f"there is no plan {plan!r} to be read; open it and try there"
        raise UserError(message)
    await show_file(session, write_shown(session, f"{plan}-review.md", review(snapshot)))
