"""Which calls Podium makes with litellm's translations, and which litellm makes."""

import pytest

from models.playing import LITELLM_WARNS, READ_FILE
from podium.models.call import ModelCall
from podium.models.litellm_port import Litellm
from podium.models.litellm_wire import wire_for
from podium.models.messages import tools_to_wire

pytestmark = LITELLM_WARNS
WAYS = {False: "chat", True: "responses"}
LOCAL = "http://127.0.0.1:8000/v1"


def call(model: str, api_base: str | None) -> ModelCall:
    return ModelCall(
        model=model,
        messages=(),
        tools=tools_to_wire([READ_FILE]),
        max_output_tokens=100,
        timeout_s=1,
        api_base=api_base,
    )


@pytest.mark.parametrize(
    ("model", "api_base", "way"),
    [
        ("openai/gpt-4.1", None, "chat"),
        ("anthropic/claude-sonnet-4-5", None, "chat"),
        ("openai/a-model-of-my-own", LOCAL, "chat"),
        ("openai/gpt-5.4", LOCAL, "chat"),
        # OpenAI itself takes tools from a model that reasons only over its responses.
        ("openai/gpt-5.4", None, "responses"),
        ("openai/gpt-6.1-sol", None, "responses"),
        ("openai/responses/gpt-4.1", LOCAL, "responses"),
        ("openai/gpt-5-codex", LOCAL, "responses"),
        ("deepseek/deepseek-chat", None, "litellm's own"),
        ("gpt-4.1", None, "litellm's own"),
    ],
)
def test_litellm_makes_the_calls_that_are_more_than_a_translation(
    litellm: Litellm, model: str, api_base: str | None, way: str
) -> None:
    wire = wire_for(litellm, call(model, api_base))
    assert way == (WAYS[wire.over_responses] if wire else "litellm's own")


def test_no_other_way_leads_to_responses(litellm: Litellm) -> None:
    """Litellm's own needs a package that is not there, and has the provider store what it hears."""
    with pytest.raises(ValueError, match=r"the model 'openai/responses/gpt-6\.1-sol'"):
        wire_for(litellm, call("azure/gpt-6.1-sol", "https://somebody.openai.azure.com"))
