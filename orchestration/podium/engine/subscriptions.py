"""Who watches the board, and what they have not been told yet.

Each subscriber has a task that sends what changed since its last message, at once when
nothing was sent lately and else once in `INTERVAL_S`.  A slow reader delays no one else: its
changes pile up as names of plans, never as messages.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from podium.domain.base import PlanId
from podium.domain.board import Board
from podium.domain.request import Request
from podium.protocol.wire import Disconnected, Peer, RawJson

INTERVAL_S = 0.04
MAX_REQUEST_BYTES: Final = 500_000

UNTOLD: Final[dict[str, Any]] = {"approved": True}
"""What clients have in the document or the run already."""
_OUTPUT: Final = {"__all__": {"verdict": {"output": True}}}
EVIDENCE: Final[dict[str, Any]] = UNTOLD | {
    "outstanding": True,
    "run": {
        "tasks": {"__all__": {"history": _OUTPUT}},
        "judgements": {"__all__": {"output": True}},
    },
}
"""What they can do without where it would be much; the run's report has the outputs."""

CHANGED = b'{"jsonrpc":"2.0","method":"board/changed","params":%s}\n'


class _Subscriber:
    def __init__(self) -> None:
        self.plans: set[PlanId] = set()
        self.wake = asyncio.Event()


class Subscriptions:
    """Sends each subscriber the requests that changed, and the notices.

    Args:
        board: Returns the board as it is now.
        notices: Returns every notice.
    """

    def __init__(self, board: Callable[[], Board], notices: Callable[[], tuple[str, ...]]) -> None:
        self._board = board
        self._notices = notices
        self._subscribers: dict[Peer, _Subscriber] = {}
        self._encoded: dict[PlanId, tuple[Request, bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def snapshot(self) -> RawJson:
        """Return all requests and notices, as JSON."""
        return self._encode(self._board().requests)

    def add(self, peer: Peer) -> RawJson:
        """Tell ``peer`` of every change from now on; return what holds now."""
        if peer not in self._subscribers:
            self._subscribers[peer] = _Subscriber()
            task = asyncio.create_task(self._serve(peer, self._subscribers[peer]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return self.snapshot()

    def remove(self, peer: Peer) -> None:
        """Forget a peer that is gone."""
        subscriber = self._subscribers.pop(peer, None)
        if subscriber is not None:
            subscriber.wake.set()

    def mark(self, plans: Iterable[PlanId] = ()) -> None:
        """Note that requests, or with no ``plans`` only the notices, have changed."""
        for subscriber in self._subscribers.values():
            subscriber.plans.update(plans)
            subscriber.wake.set()

    async def aclose(self) -> None:
        """Stop telling anybody."""
        for peer in tuple(self._subscribers):
            self.remove(peer)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def _serve(self, peer: Peer, subscriber: _Subscriber) -> None:
        with contextlib.suppress(Disconnected):
            while True:
                await subscriber.wake.wait()
                if peer not in self._subscribers:
                    return
                subscriber.wake.clear()
                plans, subscriber.plans = subscriber.plans, set()
                await peer.send(CHANGED % self._encode(plans))
                await asyncio.sleep(INTERVAL_S)

    def _encode(self, plans: Iterable[PlanId]) -> RawJson:
        requests = b",".join(self._request(it) for it in plans)
        notices = json.dumps(self._notices()).encode()
        return RawJson(b'{"requests":[%s],"notices":%s}' % (requests, notices))

    def _request(self, plan: PlanId) -> bytes:
        """Return one request as JSON, encoded once for all subscribers."""
        request = self._board().request(plan)
        known = self._encoded.get(plan)
        if known is None or known[0] is not request:
            known = self._encoded[plan] = (request, _encode_request(request))
        return known[1]


def _encode_request(request: Request) -> bytes:
    """Return a request as JSON, without outputs when it is past, or too large to send often."""
    if not request.phase.is_final:
        encoded = request.model_dump_json(exclude=UNTOLD).encode()
        if len(encoded) <= MAX_REQUEST_BYTES:
            return encoded
    return request.model_dump_json(exclude=EVIDENCE).encode()
