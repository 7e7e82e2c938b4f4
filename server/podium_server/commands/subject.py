"""What a command is about."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from podium.domain.base import PlanId
from podium.domain.request import Request
from podium.errors import UserError
from podium_server.paths import is_plan, plan_of

if TYPE_CHECKING:
    from podium_server.session import EditorSession

Arguments = Mapping[str, object]


def text_of(arguments: Arguments, name: str) -> str:
    """Return an argument without white space around it; nothing if it is missing or no text."""
    value = arguments.get(name)
    return value.strip() if isinstance(value, str) else ""


def plan_in(
    session: "EditorSession", arguments: Arguments, fits: Callable[[Request], bool] = lambda _: True
) -> PlanId:
    """Return the plan that a command means.

    Raises:
        UserError: It names none, and not exactly one plan ``fits``.
    """
    named = text_of(arguments, "plan")
    if named:
        return PlanId(named)
    relative = session.relative(text_of(arguments, "uri"))
    if relative is not None and is_plan(relative):
        return plan_of(relative)
    fitting = [it.id for it in session.board.requests if fits(it)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        message = "no plan is in a state for that; open the plan that you mean and try there"
    else:
        message = f"which plan? open one of {', '.join(sorted(fitting))} and try there"
    raise UserError(message)


async def call(session: "EditorSession", method: str, **params: object) -> Any:  # noqa: ANN401  # JSON.
    """Ask the engine, which knows every document's latest text by then.

    Raises:
        UserError: It refuses, or there is none.
    """
    engine = await session.ready()
    await session.forwarding.flush()
    return await engine.call(method, params)
