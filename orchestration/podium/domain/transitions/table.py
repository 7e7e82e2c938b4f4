"""Which transition follows which event: each transition says so of itself."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from podium.domain.events.fact import Fact
from podium.domain.request import Request

E = TypeVar("E", bound=Fact)
Transition: TypeAlias = Callable[[Request, E], Request]

TRANSITIONS: Final[dict[type[Fact], Transition[Any]]] = {}
"""One for each event of the union; only `podium.domain.step` calls them."""


def after(kind: type[E]) -> Callable[[Transition[E]], Transition[E]]:
    """Make the decorated function what follows an event of this class."""

    def register(transition: Transition[E]) -> Transition[E]:
        TRANSITIONS[kind] = transition
        return transition

    return register
