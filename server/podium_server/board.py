"""The latest board, as the engine tells it; each request is read when somebody looks at it."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from podium.domain.base import PlanId
from podium.domain.request import Request

log = logging.getLogger(__name__)


class BoardMirror:
    """Every request of the workspace."""

    def __init__(self) -> None:
        self._told: dict[PlanId, Mapping[str, Any]] = {}
        self._read: dict[PlanId, Request | None] = {}

    def replace(self, requests: Iterable[Mapping[str, Any]]) -> frozenset[PlanId]:
        """Forget everything but ``requests``; return the plans that may look different now."""
        before = frozenset(self._told)
        self._told.clear()
        self._read.clear()
        return before | self.update(requests)

    def update(self, requests: Iterable[Mapping[str, Any]]) -> frozenset[PlanId]:
        """Replace or add ``requests``; return their plans."""
        told = {PlanId(str(it.get("id", ""))): it for it in requests}
        self._told |= told
        for plan in told:
            self._read.pop(plan, None)
        return frozenset(told)

    def request(self, plan: PlanId) -> Request | None:
        """Return what is known of a plan."""
        if plan not in self._read and plan in self._told:
            self._read[plan] = _request(self._told[plan])
        return self._read.get(plan)

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request, in the order in which the engine told them."""
        found = (self.request(plan) for plan in tuple(self._told))
        return tuple(it for it in found if it is not None)


def _request(told: Mapping[str, Any]) -> Request | None:
    try:
        return Request.model_validate(told)
    except ValidationError:
        # Only an engine of another version says what this one does not understand.
        log.exception("board.request_refused plan=%s", told.get("id"))
        return None
