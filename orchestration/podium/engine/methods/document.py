"""Plan documents that an editor holds."""

from podium.domain.base import Frozen
from podium.engine.context import Engine
from podium.engine.plan_files import plan_of
from podium.protocol.wire import Params, Peer


class Shown(Frozen):
    """Parameters of ``document/open`` and ``document/change``: the whole text."""

    path: str
    text: str


class Closed(Frozen):
    """Parameters of ``document/close``."""

    path: str


async def show(engine: Engine, peer: Peer, params: Shown) -> Params:
    """Take the text that the client shows; it wins over the disk."""
    engine.documents.hold(plan_of(params.path), peer, params.text)
    return {}


async def close(engine: Engine, peer: Peer, params: Closed) -> Params:
    """Go back to the text on disk."""
    engine.documents.release(plan_of(params.path), peer)
    return {}
