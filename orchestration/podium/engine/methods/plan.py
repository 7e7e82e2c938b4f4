"""Planning: from a request to an approval."""

import re
import unicodedata

from pydantic import Field

from podium.document.problem import Problem
from podium.document.rendering import skeleton
from podium.domain.base import Frozen, PlanId
from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.events.people import ApprovalGranted, RequestMade
from podium.domain.request import Request
from podium.engine.context import Engine, Refused
from podium.engine.documents import CurrentDocument
from podium.engine.methods.commanding import PlanParams, record
from podium.engine.plan_files import path_of, plan_of
from podium.protocol.wire import Params, Peer

MAX_SHOWN = 10


class RequestParams(Frozen):
    """Parameters of ``plan/request``; ``path`` names a document, which may exist."""

    text: str = Field(default="", max_length=100_000)
    path: str | None = None


class Approved(PlanParams):
    """Parameters of ``plan/approve``: the hash of the text that was shown, and who says yes."""

    hash: str
    by: str = Field(min_length=1)


async def request(engine: Engine, _peer: Peer, params: RequestParams) -> Params:
    """Have a request planned; its document is made if there is none."""
    plan = plan_of(params.path) if params.path else _free_name(engine, params.text)
    _refuse(command(engine.coordinator.board.request(plan), Verb.REQUEST).why_not)
    reading = await engine.documents.look(plan)
    if reading is None and params.text.strip():
        reading = await engine.documents.write_now(
            plan, lambda text: text or skeleton(params.text), label="Begin a plan"
        )
    text = params.text.strip() or (reading.document.plan.request if reading else "")
    if not text:
        message = f"{path_of(plan)!r} asks for nothing: write what you want under '## Request'"
        raise Refused(message)
    await record(engine, RequestMade(plan=plan, text=text, path=path_of(plan)))
    return {"plan": plan, "path": path_of(plan)}


async def check(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Return what is wrong with a plan's current text, and why it cannot be approved, if so."""
    reading = await _read(engine, params.plan)
    return {
        "plan": params.plan,
        "path": path_of(params.plan),
        "hash": reading.hash,
        "problems": [_shown(it) for it in reading.problems],
        "why_not": _why_not(engine.request(params.plan), reading),
    }


async def approve(engine: Engine, _peer: Peer, params: Approved) -> Params:
    """Record a human's yes to exactly the current text."""
    reading = await _read(engine, params.plan)
    if reading.hash != params.hash:
        message = "the plan changed since you read it; read it again and approve what it says now"
        raise Refused(message)
    _refuse(_why_not(engine.request(params.plan), reading))
    content, text = reading.document.plan, reading.text
    event = ApprovalGranted(
        plan=params.plan, hash=params.hash, text=text, content=content, by=params.by
    )
    await record(engine, event)
    return {"plan": params.plan, "hash": params.hash}


async def _read(engine: Engine, plan: PlanId) -> CurrentDocument:
    engine.request(plan)
    reading = await engine.documents.look(plan)
    if reading is None:
        message = f"{path_of(plan)!r} is gone; put it back, for example from git"
        raise Refused(message)
    return reading


def _free_name(engine: Engine, text: str) -> PlanId:
    """Return a name for a new plan, made of the request's first words."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", folded)[:6])[:40].strip("-") or "request"
    names = [name, *(f"{name}-{number}" for number in range(2, 10_000))]
    taken = engine.coordinator.board.requests
    return next(
        plan for it in names if (plan := PlanId(it)) not in taken and engine.documents.is_free(plan)
    )


def _why_not(request: Request, reading: CurrentDocument) -> str:
    """Return why the text cannot be approved: its errors are named before anything else."""
    if not reading.errors:
        return command(request, Verb.APPROVE).why_not
    shown = "\n".join(
        f"  line {it.span.first_line + 1}: {it.message}" for it in reading.errors[:MAX_SHOWN]
    )
    more = len(reading.errors) - MAX_SHOWN
    rest = f"\n  and {more} more" if more > 0 else ""
    return f"plan {request.id!r} cannot be approved before its errors are corrected:\n{shown}{rest}"


def _refuse(why_not: str) -> None:
    if why_not:
        raise Refused(why_not)


def _shown(problem: Problem) -> Params:
    span = problem.span
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "first_line": span.first_line + 1,
        "first_column": span.first_column + 1,
        "last_line": span.last_line + 1,
        "last_column": span.last_column + 1,
    }
