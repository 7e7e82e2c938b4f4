"""``podium.discard``: throw a run's result away, when a human is sure."""

from typing import TYPE_CHECKING

from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.request import Request
from podium.domain.standing import progress
from podium.errors import UserError
from podium.text.amounts import money
from podium_server.asking import choose
from podium_server.commands.subject import Arguments, call, plan_in

if TYPE_CHECKING:
    from podium_server.session import EditorSession

_YES, _NO = "Discard", "Keep"


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Ask, then discard exactly what was asked about; no answer is a no.

    Raises:
        UserError: There is nothing to discard, it became something else while the question
            stood, or this client cannot ask.
    """
    plan = plan_in(session, arguments, lambda it: _question(it) is not None)
    question = _question(session.board.request(plan))
    if question is not None:  # Otherwise the engine says why there is nothing to ask.
        how = f"this editor cannot ask whether you are sure; say `podium discard {plan}` in a shell"
        if await choose(session, question, (_YES, _NO), otherwise=how) != _YES:
            return
        if _question(session.board.request(plan)) != question:
            message = f"the run of {plan!r} is not what it was when you were asked; ask again"
            raise UserError(message)
    await call(session, "run/discard", plan=plan)


def _question(request: Request | None) -> str | None:
    """Return what to ask, with all that would be thrown away; ``None`` if that is nothing."""
    run = request.run if request else None
    if request is None or run is None or not command(request, Verb.DISCARD).is_allowed:
        return None
    what = f"{progress(run)}, {money(request.run_spent_usd)} spent"
    return f"Throw away what run {run.id} has changed ({what})?"
