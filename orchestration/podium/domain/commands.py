"""What a human can command now, asked of the one table (`podium.domain.command_table`).

`podium.domain.step` asks it of every event that is a human's command, so that no transition has a
condition of its own.  The engine's API refuses in its words, and the command line and the language
server offer what it allows.
"""

from collections.abc import Iterable
from typing import NamedTuple

from podium.domain.command_table import COMMANDS, Verb
from podium.domain.events import Event
from podium.domain.request import Request

_BY_EVENT = {kind.event: kind for kind in COMMANDS.values()}


class HumanCommand(NamedTuple):
    """What a human could command of a request as it is: allowed, or why not."""

    verb: Verb
    target: str
    title: str
    why_not: str

    @property
    def is_allowed(self) -> bool:
        """Whether it would be carried out."""
        return not self.why_not


def command(request: Request, verb: Verb, target: str = "") -> HumanCommand:
    """Return one command; ``target`` is the id of the question, task or finding it is about."""
    kind = COMMANDS[verb]
    title = kind.title.format(target)
    if verb is Verb.APPROVE and not request.phase.is_before_run:
        title = "Approve again"
    if verb is Verb.PAUSE and request.paused:
        title = "Pause at once"
    return HumanCommand(verb, target, title, kind.why_not(request, target))


def allowed(request: Request, about: Iterable[str], target: str = "") -> list[HumanCommand]:
    """Return what a human can command now of what is named, in the order of a plan's life."""
    verbs = [verb for verb, kind in COMMANDS.items() if kind.about in about]
    return [it for verb in verbs if (it := command(request, verb, target)).is_allowed]


def why_not(request: Request, event: Event) -> str:
    """Return why an event that is a human's command is refused; nothing if it is not."""
    kind = _BY_EVENT.get(event.kind)
    if kind is None:
        return ""
    return kind.why_not(request, getattr(event, kind.about) if kind.has_target else "")


def method_of(verb: Verb) -> str:
    """Return what the engine's API calls a command, as ``run/pause``."""
    return f"{COMMANDS[verb].about}/{verb}"
