"""Messages for what somebody waits for: said once, when it happens."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Protocol

from lsprotocol import types

from podium.domain.base import PlanId
from podium.domain.request import Phase, Request
from podium.domain.standing import standing
from podium.text.plain import one_line

_UNDER_WAY = frozenset(
    {Phase.PLANNING, Phase.APPROVED, Phase.RUNNING, Phase.INTEGRATING, Phase.MERGING}
)


class Speaker(Protocol):
    """Who shows messages."""

    def say(self, kind: types.MessageType, message: str) -> None:
        """Show one."""


class News:
    """Compares each request with what was known of it before."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._before: dict[PlanId, Request] = {}
        self.notices: frozenset[str] = frozenset()
        self._refused = ""

    def tell(self, request: Request) -> None:
        """Say what is new of a request; of one heard of for the first time nothing is."""
        before = self._before.get(request.id)
        self._before[request.id] = request
        if before is None:
            return
        name = one_line(request.title, 60) or request.id
        if before.phase.is_merging and request.phase is Phase.AWAITING_MERGE:
            return  # A merge was refused: whoever asked for it is told why.
        if before.phase is not request.phase and (news := _news(request)):
            self._speaker.say(types.MessageType.Info, f"{name}: {news}")
        else:
            for was, now in ((before.problem, request.problem), (before.paused, request.paused)):
                # What stops every plan, as a broken configuration, is a notice already.
                if now and now not in {was, *self.notices}:
                    self._speaker.say(types.MessageType.Warning, f"{name}: {now}")

    def check_version(self, engine: str) -> None:
        """Say so if the engine that runs here was started by another version of Podium."""
        if engine != version("podium"):
            message = (
                f"the engine is version {engine}, this is {version('podium')}; "
                "`podium engine stop` ends it, and what it was doing goes on in a new one"
            )
            self._speaker.say(types.MessageType.Warning, message)

    def warn(self, notices: Iterable[str]) -> None:
        """Show each notice of the engine once for as long as it holds."""
        now = frozenset(notices)
        for notice in sorted(now - self.notices - {self._refused}):
            self._speaker.say(types.MessageType.Warning, notice)
        self.notices, self._refused = now, ""

    def refuse(self, reason: str, noticed: frozenset[str]) -> None:
        """Say why a command is refused, unless that has become a notice since it began.

        Args:
            reason: Why; a notice of it that comes later is not shown again.
            noticed: The notices when the command began.
        """
        if reason not in self.notices - noticed:
            self._refused = reason
            self._speaker.say(types.MessageType.Error, reason)


def _news(request: Request) -> str:
    """Return what to tell of the phase that a request has come to, if somebody waits for it."""
    is_answered = request.phase is Phase.INTERVIEWING and not request.unanswered
    if request.phase in _UNDER_WAY or is_answered:
        return ""
    why = f"; {request.problem}" if request.phase is Phase.STOPPED and request.problem else ""
    return standing(request) + why
