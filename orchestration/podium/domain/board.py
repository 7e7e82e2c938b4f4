"""The board: the immutable snapshot that the journal folds to."""

from pydantic import Field

from podium.domain.base import Frozen, PlanId
from podium.domain.request import Request


class Board(Frozen):
    """Every request of a workspace."""

    requests: dict[PlanId, Request] = Field(default_factory=dict[PlanId, Request])

    def request(self, plan: PlanId) -> Request:
        """Return the request, or an empty one that nothing has happened to."""
        return self.requests.get(plan) or Request(id=plan)

    def with_request(self, request: Request) -> "Board":
        """Return the board with one request replaced or added."""
        return Board.model_construct(requests=self.requests | {request.id: request})
