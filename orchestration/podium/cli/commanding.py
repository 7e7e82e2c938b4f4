"""Telling the engine to do one thing with one plan."""

from collections.abc import Callable
from pathlib import Path

from podium.cli.choosing import choose_plan
from podium.cli.connection import ask_engine, get_requests
from podium.domain.base import PlanId
from podium.domain.finding import FindingState
from podium.domain.request import Request
from podium.errors import UserError
from podium.protocol.client import EngineClient


def command_plan(
    workspace: Path,
    named: str | None,
    method: str,
    fits: Callable[[Request], bool],
    what: str,
    **params: object,
) -> PlanId:
    """Call an engine's method for the plan that is meant; return which that was.

    Raises:
        UserError: No plan is meant, or the engine refuses.
    """

    async def asking(client: EngineClient) -> PlanId:
        request = choose_plan(await get_requests(client), named, fits, what)
        await client.call(method, plan=request.id, **params)
        return request.id

    return ask_engine(workspace, asking)


def command_finding(
    workspace: Path, named_plan: str | None, finding: str, method: str, **params: object
) -> str:
    """Call an engine's method for the finding whose id begins so; return its title.

    Raises:
        UserError: There is no such finding, or the engine refuses.
    """

    async def asking(client: EngineClient) -> str:
        requests = await get_requests(client)
        if named_plan:
            requests = (choose_plan(requests, named_plan, bool, "be changed"),)
        found = [
            (request, it)
            for request in requests
            for it in (request.run.findings if request.run else ())
            if finding and it.id.startswith(finding)
        ]
        if len(found) != 1:
            how_many = f"{len(found)} findings begin" if found else "no finding begins"
            message = f"{how_many} with {finding!r}; `podium findings --all` lists them"
            raise UserError(message)
        request, it = found[0]
        if it.state is not FindingState.OPEN:
            message = f"finding {it.id!r} is {it.state} already"
            raise UserError(message)
        await client.call(method, plan=request.id, finding=it.id, **params)
        return it.title

    return ask_engine(workspace, asking)
