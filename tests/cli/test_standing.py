"""What the terminal tells a person to do next about a plan."""

import pytest

from domain.lives import PLAN, STARTED, Life
from podium.cli.wording import next_step
from podium.domain.request import Phase, Request

RUNNING = Life().play(STARTED).request


@pytest.mark.parametrize(
    ("request_", "is_resumable"),
    [
        (Request(id=PLAN, phase=Phase.PLANNING, paused="no credit"), True),
        (RUNNING.evolve(paused="no credit"), True),
        # To resume would be refused.
        (RUNNING.evolve(approval=None, was_revoked=True, paused="no credit"), False),
    ],
    ids=["planning", "a run", "a plan that was edited"],
)
def test_a_pause_is_told_with_the_way_out(request_: Request, *, is_resumable: bool) -> None:
    way_out = "; go on with: podium resume" if is_resumable else ""
    assert next_step(request_) == f"paused: no credit{way_out}"
