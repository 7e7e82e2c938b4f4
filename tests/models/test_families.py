from decimal import Decimal

import pytest

from podium.configuration import Configuration, ModelSettings
from podium.models.categories import NoOtherFamily, UnknownCategory, models_for
from podium.models.families import family_of

FAMILIES = {
    "anthropic/claude-opus-5-5": "anthropic",
    "openai/gpt-6-luna": "openai",
    "openai/o3-pro": "openai",
    "openai/qwen3-coder": "alibaba",
    "openai/made-at-home": "openai",
    "gemini/gemini-4-argon": "google",
    "vertex_ai/gemini-3-pro": "google",
    "vertex_ai/claude-sonnet-5": "anthropic",
    "bedrock/us.anthropic.claude-sonnet-5-v1:0": "anthropic",
    "bedrock/amazon.nova-pro-v1:0": "amazon",
    "bedrock/meta.llama4-maverick": "meta",
    "azure/my-deployment": "openai",
    "azure_ai/mistral-large": "mistral",
    "openrouter/google/gemma-3-27b-it": "google",
    "openrouter/x-ai/grok-5": "xai",
    "openrouter/deepseek/deepseek-r1-distill-llama-70b": "deepseek",
    "openrouter/somebody/something": "somebody",
    "groq/openai/gpt-oss-120b": "openai",
    "ollama/codellama:7b": "meta",
    "ollama/sophia": "ollama",
    "moonshot/kimi-k3": "moonshot",
    "mistral/devstral-2": "mistral",
}


@pytest.mark.parametrize("model", FAMILIES)
def test_a_family_is_read_from_the_name(model: str) -> None:
    assert family_of(model, Configuration()) == FAMILIES[model]


def test_the_configuration_has_the_last_word() -> None:
    settings = ModelSettings(family="Home", input_usd_per_mtok=Decimal(0))
    configuration = Configuration(models={"openai/gpt-6-luna": settings})
    assert family_of("openai/gpt-6-luna", configuration) == "home"


@pytest.mark.parametrize("category", Configuration().categories)
def test_every_built_in_category_has_an_author_and_a_reviewer_of_another_family(
    category: str,
) -> None:
    configuration = Configuration()
    author = family_of(models_for(category, configuration)[0], configuration)
    reviewer = models_for(category, configuration, not_families=[author])[0]
    assert family_of(reviewer, configuration) != author


def test_models_keep_their_order_without_a_family() -> None:
    models = ("anthropic/claude-a", "openai/gpt-a", "openrouter/anthropic/claude-b", "gemini/a")
    configuration = Configuration(categories={"quick": models})
    assert models_for("quick", configuration) == models
    left = models_for("quick", configuration, not_families=["anthropic"])
    assert left == ("openai/gpt-a", "gemini/a")
    assert models_for("quick", configuration, not_families=["anthropic", "google"]) == left[:1]


def test_an_unknown_category_is_told_with_the_known_ones() -> None:
    configuration = Configuration(categories={"quick": ("openai/a",), "slow": ("openai/b",)})
    with pytest.raises(UnknownCategory, match="no category is called 'fast'; configured: quick, s"):
        models_for("fast", configuration)


def test_a_category_of_one_family_cannot_review_itself() -> None:
    configuration = Configuration(categories={"quick": ("openai/gpt-a", "openai/gpt-b")})
    with pytest.raises(NoOtherFamily, match=r"add a model of another family to `categories.quick`"):
        models_for("quick", configuration, not_families=["openai"])
