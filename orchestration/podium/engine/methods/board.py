"""The board, and the engine itself."""

import asyncio
import importlib.metadata
import os
import time

import structlog

from podium.domain.base import Frozen
from podium.engine.context import Engine
from podium.protocol.wire import Params, Peer, RawJson
from podium.workspace.usage import bytes_of

log = structlog.stdlib.get_logger()


class Nothing(Frozen):
    """No parameters."""


class Hello(Frozen):
    """Parameters of ``hello``: who the client is, and whether it answers for an editor."""

    client: str = ""
    is_editor: bool = False


async def hello(engine: Engine, peer: Peer, params: Hello) -> Params:
    """Say who the engine is."""
    if params.is_editor:
        engine.editors.add(peer)
    log.info("client.greeted", client=params.client)
    return _identity(engine)


def _identity(engine: Engine) -> Params:
    return {
        "version": importlib.metadata.version("podium"),
        "pid": os.getpid(),
        "workspace": str(engine.workspace),
    }


async def get(engine: Engine, _peer: Peer, _params: Nothing) -> RawJson:
    """Return every request and notice."""
    return engine.subscriptions.snapshot()


async def subscribe(engine: Engine, peer: Peer, _params: Nothing) -> RawJson:
    """Return every request and notice, and tell the client of each change from now on."""
    return engine.subscriptions.add(peer)


async def status(engine: Engine, _peer: Peer, _params: Nothing) -> Params:
    """Return how the engine is."""
    requests = engine.coordinator.board.requests.values()
    return _identity(engine) | {
        "state": str(engine.state),
        "state_bytes": await asyncio.to_thread(bytes_of, engine.state),
        "uptime_s": round(time.monotonic() - engine.started_s, 1),
        "clients": len(engine.peers),
        "jobs": [spec.job for request in requests for spec in request.due],
        "plans": {request.id: request.phase for request in requests},
        "notices": list(engine.notices.all),
    }


async def stop(engine: Engine, _peer: Peer, _params: Nothing) -> Params:
    """Stop the engine; what is under way goes on when it is started again."""
    engine.stopping.set()
    return {}
