"""The engine's API: which methods there are, and how their parameters are validated."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from podium.domain.command_table import Verb
from podium.engine.context import Engine
from podium.engine.methods import board, document, plan, result, run
from podium.engine.methods.commanding import (
    Answered,
    Dismissed,
    OfFinding,
    OfTask,
    PlanParams,
    Rejected,
    recording,
)
from podium.protocol.wire import INVALID_PARAMS, METHOD_NOT_FOUND, Params, Peer, RawJson, WireError


class Method(NamedTuple):
    """One method: what it takes and what carries it out."""

    params: type[BaseModel]
    run: Callable[[Engine, Peer, Any], Awaitable[Params | RawJson]]


METHODS = {
    "hello": Method(board.Hello, board.hello),
    "board/get": Method(board.Nothing, board.get),
    "board/subscribe": Method(board.Nothing, board.subscribe),
    "engine/status": Method(board.Nothing, board.status),
    "engine/stop": Method(board.Nothing, board.stop),
    "document/open": Method(document.Shown, document.show),
    "document/change": Method(document.Shown, document.show),
    "document/close": Method(document.Closed, document.close),
    "plan/request": Method(plan.RequestParams, plan.request),
    "plan/check": Method(PlanParams, plan.check),
    "plan/approve": Method(plan.Approved, plan.approve),
    "plan/reject": Method(Rejected, recording(Verb.REJECT)),
    "question/answer": Method(Answered, recording(Verb.ANSWER)),
    "run/start": Method(PlanParams, run.start),
    "run/pause": Method(PlanParams, recording(Verb.PAUSE)),
    "run/resume": Method(PlanParams, recording(Verb.RESUME, with_budget=True)),
    "run/cancel": Method(PlanParams, recording(Verb.CANCEL)),
    "run/diff": Method(result.Diff, result.diff),
    "run/report": Method(PlanParams, result.report),
    "run/merge": Method(PlanParams, run.merge),
    "run/discard": Method(PlanParams, recording(Verb.DISCARD)),
    "task/retry": Method(OfTask, recording(Verb.RETRY, with_budget=True)),
    "finding/fix": Method(OfFinding, recording(Verb.FIX)),
    "finding/dismiss": Method(Dismissed, recording(Verb.DISMISS)),
}


AT_ONCE = {"hello", "engine/stop", "document/open", "document/change", "document/close"}
"""What needs no plans from disk: everything else waits until a new engine has read them."""


async def answer(engine: Engine, peer: Peer, method: str, params: Params) -> Params | RawJson:
    """Carry out a method for a client.

    Raises:
        UserError: It was refused; the message says why and what to do.
    """
    known = METHODS.get(method)
    if known is None:
        message = f"the engine has no method {method!r}; are engine and client of the same version?"
        raise WireError(message, METHOD_NOT_FOUND)
    try:
        validated = known.params.model_validate(params)
    except ValidationError as error:
        message = f"{method}: {_first(error)}"
        raise WireError(message, INVALID_PARAMS) from None
    if method not in AT_ONCE:
        await engine.has_looked.wait()
    return await known.run(engine, peer, validated)


def _first(error: ValidationError) -> str:
    it = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, it["loc"]))
    return f"{place!r}: {it['msg']}" if place else it["msg"]
