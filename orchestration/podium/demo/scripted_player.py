"""A scenario being played: which turn comes next, how often it was asked, and the log."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from podium.demo.scenario import Scenario, ScriptedConversation
from podium.demo.scripted_wire import ScriptedRefusal, ScriptedRequest

_SHOWN = 300
"""Characters of a request that an error message repeats."""


@dataclass(slots=True)
class LogEntry:
    """One request in the log; ``turn`` counts from 1, ``outcome`` is set when it ends."""

    wire: str
    model: str
    conversation: str
    turn: int
    about: str
    """The first line that the model was told: its role."""
    fault: str | None = None
    outcome: str = "open"
    """``open``, ``answered``, ``left`` (the client hung up) or the error status."""


class Player:
    """Finds the next turn from the request alone; what it remembers serves faults and tests."""

    def __init__(self, scenario: Scenario, *, log: Path | None = None) -> None:
        self.scenario = scenario
        self.requests: list[LogEntry] = []
        self._log = log
        self._asked: Counter[tuple[str, int]] = Counter()

    def check_key(self, key: str | None) -> None:
        """Raise `ScriptedRefusal` for a wrong key when the scenario has one."""
        if self.scenario.api_key is not None and key != self.scenario.api_key:
            raise ScriptedRefusal(401, f"Incorrect API key provided: {key or '(none)'}")

    def find(self, asked: ScriptedRequest) -> ScriptedConversation:
        """Return the conversation that this request belongs to.

        Raises:
            Refused: The model does not exist, or nothing matches.
        """
        known = self.scenario.known_models()
        if known and asked.model not in known:
            raise ScriptedRefusal(404, f"The model `{asked.model}` does not exist")
        found = self.scenario.find(asked.model, asked.opening)
        if found is None:
            told = asked.opening[:_SHOWN]
            raise ScriptedRefusal(
                400, f"no conversation matches model {asked.model!r} told {told!r}"
            )
        return found

    def record(
        self, asked: ScriptedRequest, conversation: ScriptedConversation, wire: str
    ) -> tuple[LogEntry, int]:
        """Log a request; return its entry and how often this turn was asked before."""
        about = asked.opening.strip().partition("\n")[0]
        entry = LogEntry(wire, asked.model, conversation.name, asked.turn + 1, about)
        self.requests.append(entry)
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(entry)) + "\n")
        before = self.count(conversation.name, entry.turn)
        self._asked[conversation.name, entry.turn] += 1
        return entry, before

    def count(self, conversation: str, turn: int) -> int:
        """Return how often a turn was asked, faults included; turns count from 1."""
        return self._asked[conversation, turn]


def check_expectation(asked: ScriptedRequest, conversation: ScriptedConversation) -> None:
    """Raise `ScriptedRefusal` when the conversation is over or its client said the unforeseen."""
    where, latest = f"conversation {conversation.name!r}", asked.latest[:_SHOWN]
    if asked.turn >= len(conversation.turn):
        n_turns = len(conversation.turn)
        raise ScriptedRefusal(
            400, f"{where} is over after {n_turns} turns; the latest is {latest!r}"
        )
    expected = conversation.turn[asked.turn].expect
    if expected not in asked.latest:
        raise ScriptedRefusal(
            400, f"{where}, turn {asked.turn + 1} expects {expected!r}; the latest is {latest!r}"
        )
