"""How much an agent is told and may answer, by its category and its models."""

import pytest

from podium.configuration import Configuration, ModelSettings
from podium.domain.roles import WORKER
from podium.jobs.casting import cast

A, B = "openai/a", "anthropic/b"


@pytest.mark.parametrize(
    ("limits", "models", "asked", "told"),
    [
        pytest.param({}, {}, 32_000, 96_000, id="the default"),
        pytest.param({"mine": 9_000}, {}, 9_000, 119_000, id="a category's own"),
        pytest.param({"quick": 9_000}, {}, 32_000, 96_000, id="another category's"),
        pytest.param({"mine": 99_000}, {}, 32_000, 96_000, id="a quarter of the context at most"),
        pytest.param(
            {},
            {A: ModelSettings(context_tokens=16_000)},
            4_000,
            12_000,
            id="a quarter of the smallest context",
        ),
        pytest.param(
            {}, {A: ModelSettings(max_output_tokens=60_000)}, 32_000, 68_000, id="a model's own"
        ),
        pytest.param(
            {}, {A: ModelSettings(max_output_tokens=100)}, 32_000, 96_000, id="only that model's"
        ),
    ],
)
def test_there_is_room_for_the_answer(
    limits: dict[str, int], models: dict[str, ModelSettings], asked: int, told: int
) -> None:
    categories = Configuration().categories | {"mine": (A, B)}
    settings = Configuration(categories=categories, max_output_tokens=limits, models=models)
    agent = cast(WORKER, (), settings, category="mine")
    assert (agent.max_output_tokens, agent.input_tokens) == (asked, told)
