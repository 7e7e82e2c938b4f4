"""Changes of plan documents that the editors are asked to make which hold them.

Until an editor has answered or closed the document it is not asked again: not every editor
tells which version it changes.  An answer counts however late it comes.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

from podium.domain.base import PlanId
from podium.engine.plan_files import path_of
from podium.errors import UserError
from podium.protocol.wire import Disconnected, Params, WireError

EDIT_TIMEOUT_S: Final = 10.0
"""How long the engine keeps others from a document while an editor does not answer."""
_NOT_APPLIED: Final = {"applied": False}
"""An editor's answer when its user typed meanwhile; what they typed has arrived by then."""


class DocumentHolder(Protocol):
    """A client that holds documents; in the engine a `podium.protocol.wire.Peer`."""

    async def call(self, method: str, params: Params | None = None) -> object:
        """Ask the client to do something."""
        ...


class NotTaken(UserError):
    """The editor that holds a document has not made a change; its old text is still there."""


class Offerer(Protocol):
    """Who offers changes, and learns what editors say to them."""

    def shown(self, plan: PlanId, editor: DocumentHolder, before: str, text: str) -> None:
        """Take that the editor shows ``text`` where it showed ``before``."""
        ...

    def release(self, plan: PlanId, editor: DocumentHolder) -> None:
        """Take that the editor is gone."""
        ...

    def wake(self, plan: PlanId) -> None:
        """Let those try again who could not change the document."""
        ...


@dataclass(eq=False)
class _Offer:
    """A change that an editor is asked to make, and has not answered."""

    before: str
    text: str
    answer: "asyncio.Task[object]"
    is_late: bool = False


class Offers:
    """What editors are asked and have not answered."""

    def __init__(self, source: Offerer) -> None:
        self._source = source
        self._open: dict[tuple[PlanId, DocumentHolder], _Offer] = {}
        self._answers: set[asyncio.Task[object]] = set()

    async def make(
        self, plan: PlanId, editor: DocumentHolder, before: str, text: str, label: str
    ) -> bool:
        """Ask the editor to show ``text`` instead of ``before``; return whether it does.

        Raises:
            NotTaken: It has not answered, this time or before, or it refuses.
        """
        message = (
            f"the editor that holds {path_of(plan)!r} has not taken a change of it yet; "
            "answer what it may be asking you, or close the document there"
        )
        if (plan, editor) in self._open:
            raise NotTaken(message)
        params = {"path": path_of(plan), "before": before, "text": text, "label": label}
        answer = asyncio.ensure_future(editor.call("document/edit", params))
        self._answers.add(answer)
        offer = self._open[plan, editor] = _Offer(before, text, answer)
        answer.add_done_callback(lambda _: self._answered(plan, editor, offer))
        await asyncio.wait({answer}, timeout=EDIT_TIMEOUT_S)
        if not answer.done():
            offer.is_late = True
            raise NotTaken(message)
        try:
            return answer.result() != _NOT_APPLIED
        except Disconnected:
            return False
        except WireError as error:
            raise NotTaken(str(error)) from None

    def forget(self, plan: PlanId, editor: DocumentHolder) -> None:
        """Forget what an editor was asked: what it says of a closed document is nothing."""
        self._open.pop((plan, editor), None)

    async def aclose(self) -> None:
        """Wait for no answer any more."""
        for it in self._answers:
            it.cancel()
        if self._answers:
            await asyncio.wait(tuple(self._answers))

    def _answered(self, plan: PlanId, editor: DocumentHolder, offer: _Offer) -> None:
        """Take what an editor says to an offer, in time or late."""
        self._answers.discard(offer.answer)
        if offer.answer.cancelled() or self._open.get((plan, editor)) is not offer:
            return
        del self._open[plan, editor]
        error = offer.answer.exception()
        if isinstance(error, Disconnected):
            self._source.release(plan, editor)
        elif error is None and offer.answer.result() != _NOT_APPLIED:
            self._source.shown(plan, editor, offer.before, offer.text)
        if offer.is_late:
            self._source.wake(plan)
