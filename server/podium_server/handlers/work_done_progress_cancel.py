"""``window/workDoneProgress/cancel``."""

from lsprotocol import types

from podium.errors import PodiumError
from podium_server.server import PodiumServer


async def handle(ls: PodiumServer, params: types.WorkDoneProgressCancelParams) -> None:
    """Cancel the run, or the planning, whose progress was shown."""
    plan = ls.session.progress.plan_of(params.token)
    if plan is not None and ls.session.engine is not None:
        try:
            await ls.session.engine.call("run/cancel", {"plan": plan})
        except PodiumError as error:
            ls.session.say(types.MessageType.Error, str(error))
