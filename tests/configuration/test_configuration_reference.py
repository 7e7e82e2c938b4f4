import importlib.util
import json
from pathlib import Path

from podium.configuration import Configuration
from podium.configuration.reference import reference

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_the_models_say() -> None:
    page = (DOCS / "configuration.md").read_text()
    assert page == reference(), (
        "run: python -m podium.configuration.reference > docs/configuration.md"
    )


def test_default_models_are_in_the_price_list_and_call_tools() -> None:
    # Found without importing it, which takes seconds.
    litellm = importlib.util.find_spec("litellm")
    assert litellm is not None
    assert litellm.origin is not None
    listed = Path(litellm.origin).with_name("model_prices_and_context_window_backup.json")
    prices = json.loads(listed.read_text())
    for models in Configuration().categories.values():
        for model in models:
            provider, _, name = model.partition("/")
            facts = prices.get(model) or prices[name]
            assert (facts["litellm_provider"], facts["mode"]) == (provider, "chat"), model
            assert facts["supports_function_calling"]
            assert facts["input_cost_per_token"] > 0
