"""What an agent and its model said to each other."""

from typing import Annotated, Literal

from pydantic import Field

from podium.domain.base import CallId, Frozen, Usd


class ToolCall(Frozen):
    """One call that a model asked for; ``arguments`` is the JSON text as it was sent."""

    id: str
    name: str
    arguments: str


class SystemMessage(Frozen):
    """The role's standing instructions."""

    role: Literal["system"] = "system"
    text: str


class UserMessage(Frozen):
    """What Podium tells the model: the task, evidence, reminders.

    What has an ``id`` is told once.  A reminder says nothing new: what the model has ended stays
    ended, and its turns go on being counted.
    """

    role: Literal["user"] = "user"
    text: str
    id: str = ""
    is_reminder: bool = False


class AssistantMessage(Frozen):
    """One reply of the model."""

    role: Literal["assistant"] = "assistant"
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    cut_at: int = Field(default=0, ge=0)
    """Tokens after which the provider ended it before the model did; 0 if it is whole."""


class ToolMessage(Frozen):
    """The result of one tool call."""

    role: Literal["tool"] = "tool"
    call_id: str
    name: str
    text: str
    is_error: bool = False


Message = Annotated[
    SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")
]


class ToolSchema(Frozen):
    """A tool as a provider is told of it; ``parameters`` is a JSON schema object."""

    name: str
    description: str
    parameters: dict[str, object]


class Usage(Frozen):
    """Tokens of one or more turns; what a prompt cache gave or took is part of the input."""

    input_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    cache_written_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum, field by field."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            cache_written_tokens=self.cache_written_tokens + other.cache_written_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )

    def at_most(self, input_tokens: int, output_tokens: int) -> "Usage":
        """Return what of it can be true of a call with these bounds."""
        return Usage(
            input_tokens=min(self.input_tokens, input_tokens),
            cached_tokens=min(self.cached_tokens, input_tokens),
            cache_written_tokens=min(self.cache_written_tokens, input_tokens),
            output_tokens=min(self.output_tokens, output_tokens),
        )


class ModelSwitch(Frozen):
    """A fallback that was taken, and why."""

    from_model: str
    to_model: str
    reason: str


class Reply(Frozen):
    """One paid turn: what the model said and what it cost."""

    call: CallId
    message: AssistantMessage
    model: str
    family: str
    usage: Usage
    cost_usd: Usd
