"""Which calls Podium makes with litellm's translations, and which litellm makes."""

import pytest

from models.playing import LITELLM_WARNS, READ_FILE
from podium.models.call import ModelCall
from podium.models.litellm_wire import Chat, wire_for
from podium.models.messages import tools_to_wire
from podium.models.responses_wire import Responses

pytestmark = LITELLM_WARNS
LOCAL = "http://127.0.0.1:8000/v1"


def call(model: str, api_base: str | None) -> ModelCall:
    return ModelCall(
        model=model,
        messages=(),
        tools=tools_to_wire([READ_FILE]),
        tool_choice="auto",
        max_output_tokens=100,
        timeout_s=1,
        api_base=api_base,
    )


@pytest.mark.parametrize(
    ("model", "api_base", "translation"),
    [
        ("openai/gpt-4.1", None, Chat),
        ("anthropic/claude-sonnet-4-5", None, Chat),
        ("openai/a-model-of-my-own", LOCAL, Chat),
        ("openai/gpt-5.4", LOCAL, Chat),
        # OpenAI itself takes tools from a model that reasons only over its responses.
        ("openai/gpt-5.4", None, Responses),
        ("openai/gpt-6.1-sol", None, Responses),
        ("openai/responses/gpt-4.1", LOCAL, Responses),
        ("openai/gpt-5-codex", LOCAL, Responses),
        ("deepseek/deepseek-chat", None, None),
        ("gpt-4.1", None, None),
    ],
)
def test_litellm_makes_the_calls_that_are_more_than_a_translation(
    model: str, api_base: str | None, translation: type[Chat | Responses] | None
) -> None:
    import litellm  # noqa: PLC0415  # Takes seconds; the fixture has done it.

    wire = wire_for(litellm, call(model, api_base))
    assert (wire and type(wire.translation)) is translation


def test_no_other_way_leads_to_responses() -> None:
    """Litellm's own needs a package that is not there, and has the provider store what it hears."""
    import litellm  # noqa: PLC0415  # As above.

    with pytest.raises(ValueError, match=r"the model 'openai/responses/gpt-6\.1-sol'"):
        wire_for(litellm, call("azure/gpt-6.1-sol", "https://somebody.openai.azure.com"))
