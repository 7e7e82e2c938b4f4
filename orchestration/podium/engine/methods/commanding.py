"""Human commands: each is recorded as its event, or refused in the words of its rule."""

from collections.abc import Awaitable, Callable

from pydantic import Field

from podium.domain.base import FindingId, Frozen, PlanId, QuestionId, TaskId, Usd
from podium.domain.command_table import COMMANDS, Verb
from podium.domain.commands import why_not
from podium.domain.events import EVENT, Event
from podium.engine.context import Engine, Refused
from podium.protocol.wire import Params, Peer


class PlanParams(Frozen):
    """Parameters that name a plan."""

    plan: PlanId


class Rejected(PlanParams):
    """Parameters of ``plan/reject``."""

    reason: str = Field(min_length=1)


class Answered(PlanParams):
    """Parameters of ``question/answer``."""

    question: QuestionId
    answer: str = Field(min_length=1)


class OfTask(PlanParams):
    """Parameters of ``task/retry``."""

    task: TaskId


class OfFinding(PlanParams):
    """Parameters of ``finding/fix``."""

    finding: FindingId


class Dismissed(OfFinding):
    """Parameters of ``finding/dismiss``."""

    reason: str = Field(min_length=1, pattern=r"\S")


def recording(
    verb: Verb, *, with_budget: bool = False
) -> Callable[[Engine, Peer, PlanParams], Awaitable[Params]]:
    """Return the method of a command whose parameters are all that its event says.

    Args:
        verb: The command.
        with_budget: Whether the run goes on with what the configuration gives it today.
    """

    async def method(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
        """Record what a human commands."""
        engine.request(params.plan)
        more = {"budget_usd": budget(engine)} if with_budget else {}
        said = {"kind": COMMANDS[verb].event, **dict(params), **more}
        await record(engine, EVENT.validate_python(said))
        return {}

    return method


async def record(engine: Engine, event: Event) -> None:
    """Record a human's command.

    Raises:
        Refused: It cannot be carried out as things are.
    """
    if not await engine.coordinator.dispatch(event):
        changed = f"plan {event.plan!r} has just changed; look at it and try again"
        raise Refused(why_not(engine.coordinator.board.request(event.plan), event) or changed)


def budget(engine: Engine) -> Usd:
    """Return what a run may spend.

    Raises:
        Refused: Nothing.
    """
    usd = engine.settings.current().budget.run_usd
    if usd <= 0:
        message = "the budget of a run is $0; raise `budget.run_usd` in the configuration"
        raise Refused(message)
    return usd
