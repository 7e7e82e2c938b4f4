"""Every event has its transition, and every class of one is in the union; so have jobs."""

from typing import get_args

import pytest

from podium.domain.base import Frozen
from podium.domain.effect import Job, JobSpec
from podium.domain.events import Event
from podium.domain.events.fact import Fact
from podium.domain.transitions import TRANSITIONS


def members(union: object) -> set[type]:
    return set(get_args(get_args(union)[0]))


def kinds(root: type[Frozen]) -> set[type]:
    """Return the classes below ``root`` that say what kind they are."""
    below = {it for child in root.__subclasses__() for it in kinds(child)}
    return below | ({root} if "kind" in root.model_fields else set())


@pytest.mark.parametrize(("root", "union"), [(Fact, Event), (Job, JobSpec)])
def test_a_union_is_closed(root: type[Frozen], union: object) -> None:
    assert members(union) == kinds(root)


def test_every_event_has_its_transition() -> None:
    assert set(TRANSITIONS) == members(Event)
