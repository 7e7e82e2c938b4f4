"""One request to one model, in the form that litellm takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from podium.models.messages import Json


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What to ask of which model."""

    model: str
    messages: Sequence[Json]
    tools: Sequence[Json]
    max_output_tokens: int
    timeout_s: float
    api_base: str | None

    def parameters(self) -> Json:
        """Return what a provider is told beside the messages, under OpenAI's names."""
        parameters: Json = {
            "max_tokens": self.max_output_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            "drop_params": True,
        }
        if self.tools:
            parameters |= {"tools": list(self.tools), "tool_choice": "auto"}
        return parameters
