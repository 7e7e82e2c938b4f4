"""Which calls Podium makes with litellm's translations, and which litellm makes."""

import pytest

from models.playing import LITELLM_WARNS, READ_FILE
from podium.models.call import Call
from podium.models.litellm_wire import wire_for
from podium.models.messages import tools_to_wire

pytestmark = LITELLM_WARNS
LOCAL = "http://127.0.0.1:8000/v1"


def call(model: str, api_base: str | None) -> Call:
    return Call(
        model=model,
        messages=(),
        tools=tools_to_wire([READ_FILE]),
        tool_choice="auto",
        max_output_tokens=100,
        timeout_s=1,
        api_base=api_base,
    )


@pytest.mark.parametrize(
    ("model", "api_base", "is_ours"),
    [
        ("openai/gpt-4.1", None, True),
        ("anthropic/claude-sonnet-4-5", None, True),
        ("openai/a-model-of-my-own", LOCAL, True),
        ("openai/gpt-5.4", LOCAL, True),
        # OpenAI itself takes tools from a model that reasons only over its responses API.
        ("openai/gpt-5.4", None, False),
        ("openai/responses/gpt-4.1", None, False),
        ("openai/gpt-5-codex", None, False),
        ("deepseek/deepseek-chat", None, False),
        ("gpt-4.1", None, False),
    ],
)
def test_litellm_makes_the_calls_that_are_more_than_a_translation(
    model: str,
    api_base: str | None,
    is_ours: bool,  # noqa: FBT001  # From the table above.
) -> None:
    import litellm  # noqa: PLC0415  # Takes seconds; the fixture has done it.

    assert (wire_for(litellm, call(model, api_base)) is not None) is is_ours
