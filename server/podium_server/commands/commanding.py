"""The commands of humans that need no module of their own: most of them."""

from typing import TYPE_CHECKING

from podium.domain.command_table import COMMANDS, Verb
from podium.domain.commands import command, method_of
from podium.domain.request import Request
from podium.errors import UserError
from podium_server.asking import ask, choose
from podium_server.command_names import VERBS
from podium_server.commands.subject import Arguments, call, plan_in, text_of

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:
    """Command it; the board shows what came of it."""
    verb = VERBS[name]
    kind = COMMANDS[verb]
    given = text_of(arguments, kind.about)
    if kind.about == "finding" and not given:
        message = "put the cursor on the finding and take the code action there"
        raise UserError(message)
    plan = plan_in(session, arguments, lambda it: bool(_targets(it, verb, given)))
    about = {"plan": str(plan)}
    if kind.has_target:
        about[kind.about] = given or await _target(session, verb, plan)
    if kind.text:
        words = f"{verb} {given} --plan {plan}" if kind.has_target else f"{verb} {plan}"
        how = f"say it with `podium {words} --{kind.text} '…'` in a shell"
        asked = text_of(arguments, kind.text) or await ask(session, kind.ask, otherwise=how)
        about[kind.text] = asked or ""
    if all(about.values()):  # Otherwise they changed their mind.
        await call(session, method_of(verb), **about)


async def _target(session: "EditorSession", verb: Verb, plan: str) -> str:
    """Return what the command is about: the only task that allows it, or which the user takes."""
    request = next((it for it in session.board.requests if it.id == plan), None)
    found = _targets(request, verb, "") if request else []
    if not found:
        message = f"there is no task of {plan!r} to {verb} now"
        raise UserError(message)
    if len(found) == 1:
        return found[0]
    how = f"put the cursor on the task, or say `podium {verb} TASK --plan {plan}` in a shell"
    return await choose(session, f"Which task do you mean to {verb}?", found, otherwise=how) or ""


def _targets(request: Request, verb: Verb, given: str) -> list[str]:
    """Return what of the request a command is allowed of; of the plan as a whole it is ``""``."""
    tasks = [str(it) for it in request.run.tasks] if request.run else []
    named = tasks if COMMANDS[verb].about == "task" and not given else [given]
    return [it for it in named if command(request, verb, it).is_allowed]
