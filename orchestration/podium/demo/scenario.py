"""The scenario file: what a scripted model says, as TOML that a person can read.

    api_key = "sk-scripted"              # optional: any other key is refused

    [[conversation]]
    name = "worker T1"
    model = "scripted-worker"            # optional: any model when it is missing
    when = ["role: worker", "T1"]        # all must occur in the system or first user message

    [[conversation.turn]]
    say = "I look at the file first."
    call = [{ tool = "read_file", arguments = { path = "slugify.py" } }]

    [[conversation.turn]]
    expect = "def slugify"               # must occur in what was answered, or HTTP 400
    faults = ["429", { kind = "hang", times = 2 }]
    say = "Done."
    cut = true                           # optional: ended by the client's limit of tokens

The first conversation in the file that matches is played; `default = true` marks the
one that is played when none does.  The next turn is the number of assistant messages
in the request, so nothing is lost when the client or this server starts again.
"""

import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from podium.domain.base import Frozen
from podium.errors import UserError

CHARACTERS_PER_TOKEN = 4


class ScenarioError(UserError):
    """A scenario file cannot be played."""


class FaultKind(StrEnum):
    """A way for a provider to fail."""

    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    REFUSED = "refused"
    """An error of the given ``status`` with the given ``message``."""
    HANG = "hang"
    """The request is accepted and never answered."""
    DRIP = "drip"
    """One byte of the stream every second."""
    TRUNCATED = "truncated"
    """Half of the stream, ended cleanly without the end mark."""
    HTML = "html"
    """Status 200 with a web page."""
    MALFORMED_JSON = "malformed_json"
    """A whole answer whose tool arguments are not JSON."""
    DISCONNECT = "disconnect"
    """Half of the stream, then the connection is reset."""


class Fault(Frozen):
    """A fault that is played instead of the turn, the first ``times`` times."""

    kind: FaultKind
    times: int = Field(default=1, ge=1)
    retry_after_s: int | None = Field(default=None, ge=0)
    status: int = Field(default=400, ge=400, le=599)
    message: str = "The request was refused (scripted)"


def _fault(written: object) -> object:
    return {"kind": written} if isinstance(written, str) else written


class ScriptedCall(Frozen):
    """A tool call; the arguments become a JSON object."""

    tool: str
    arguments: dict[str, object] = Field(default_factory=dict[str, object])


class ScriptedUsage(Frozen):
    """Tokens that the answer claims to have used; those of a cache are part of the input."""

    input_tokens: int = Field(ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    cache_written_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(ge=0)

    @model_validator(mode="after")
    def _cached_is_input(self) -> Self:
        if self.cached_tokens + self.cache_written_tokens > self.input_tokens:
            message = "what a cache gives or takes is part of input_tokens and cannot be more"
            raise ValueError(message)
        return self


class Turn(Frozen):
    """One answer."""

    say: str = ""
    think: str = ""
    call: tuple[ScriptedCall, ...] = ()
    cut: bool = False
    """Whether it ends where the client's limit of tokens is, in the middle of its last call."""
    expect: str = ""
    delay_s: float = Field(default=0, ge=0)
    usage: ScriptedUsage | None = None
    faults: tuple[Annotated[Fault, BeforeValidator(_fault)], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.say and not self.call and not self.cut:
            message = "a turn needs `say` or `call`, if it is not cut"
            raise ValueError(message)
        return self

    def fault(self, asked_before: int) -> Fault | None:
        """Return the fault to play when this turn was asked ``asked_before`` times already."""
        for fault in self.faults:
            if asked_before < fault.times:
                return fault
            asked_before -= fault.times
        return None


class ScriptedConversation(Frozen):
    """Turns of one agent, and how to know that agent."""

    name: str
    model: str | None = None
    when: tuple[str, ...] = ()
    default: bool = False
    turn: tuple[Turn, ...] = Field(min_length=1)

    def matches(self, model: str, opening: str) -> bool:
        """Tell whether this agent is asking; ``opening`` is its system and first user message."""
        return self._is_for(model) and not self.default and all(it in opening for it in self.when)

    def _is_for(self, model: str) -> bool:
        return self.model is None or self.model == model


class Scenario(Frozen):
    """Everything that a scripted server says."""

    api_key: str | None = None
    models: tuple[str, ...] = ()
    conversation: tuple[ScriptedConversation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [it.name for it in self.conversation]
        for name in names:
            if names.count(name) > 1:
                message = f"two conversations are called {name!r}"
                raise ValueError(message)
        if sum(it.default for it in self.conversation) > 1:
            message = "only one conversation can be the default"
            raise ValueError(message)
        return self

    def known_models(self) -> frozenset[str]:
        """Return the models that exist here; empty when any name is taken."""
        named = frozenset(it.model for it in self.conversation if it.model is not None)
        takes_any = not self.models and any(it.model is None for it in self.conversation)
        return frozenset() if takes_any else named | frozenset(self.models)

    def find(self, model: str, opening: str) -> ScriptedConversation | None:
        """Return the first conversation that matches, else the default one."""
        matching = (it for it in self.conversation if it.matches(model, opening))
        return next(matching, next((it for it in self.conversation if it.default), None))


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: It cannot be read; the message names each wrong entry and its line.
    """
    try:
        return parse_scenario(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read the scenario {str(path)!r}: {error}"
        raise ScenarioError(message) from None


def parse_scenario(text: str, name: str = "scenario") -> Scenario:
    """Return the scenario that ``text`` describes; ``name`` is used in messages.

    Raises:
        ScenarioError: The text is not TOML or does not describe a scenario.
    """
    try:
        return Scenario.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = f"{name}: not TOML: {error}"
        raise ScenarioError(message) from None
    except ValidationError as error:
        lines = [f"{name}:{_entry(text, it['loc'])}: {it['msg']}" for it in error.errors()]
        raise ScenarioError("\n".join(lines)) from None


def _entry(text: str, location: tuple[int | str, ...]) -> str:
    """Name a place as a person counts: ``12: conversation 2, turn 1, say``."""
    words: list[str] = []
    for part in location:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return f"{_line(text, location)}: {', '.join(words) or 'the file'}"


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """Return the line of the ``[[…]]`` header that the entry is under, 1 when there is none."""
    lines = text.split("\n")
    at = 0
    for header, index in _headers(location):
        pattern = re.compile(rf"\s*\[\[\s*{header}\s*\]\]")
        places = [number for number in range(at, len(lines)) if pattern.match(lines[number])]
        if len(places) <= index:
            break
        at = places[index]
    return at + 1


def _headers(location: tuple[int | str, ...]) -> list[tuple[str, int]]:
    """Return the array headers on the way to ``location``, each with the index in its parent."""
    path: list[str] = []
    headers: list[tuple[str, int]] = []
    for part in location:
        if isinstance(part, int):
            headers.append((r"\s*\.\s*".join(path), part))
        else:
            path.append(re.escape(part))
    return headers
