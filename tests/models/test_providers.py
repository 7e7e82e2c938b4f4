"""What Podium knows of each provider: a case for each row, and one for whoever has none."""

import pytest

from models.playing import LITELLM_WARNS
from podium.configuration import Configuration, Provider
from podium.models.call import ModelCall
from podium.models.failures import MissingKey
from podium.models.families import family_of
from podium.models.keys import Key, find_key
from podium.models.litellm_port import Litellm
from podium.models.litellm_wire import wire_for
from podium.models.providers import ROWS, KnownProvider

pytestmark = LITELLM_WARNS
MACHINE = "this machine's own credentials"
PROVIDERS = {
    # Its key's variable, the family of a model whose name tells none, who makes the call.
    "a-new.one": ("A_NEW_ONE_API_KEY", "a-new.one", "litellm"),
    "ai21": ("AI21_API_KEY", "ai21", "litellm"),
    "anthropic": ("ANTHROPIC_API_KEY", "anthropic", "Podium"),
    "azure": ("AZURE_API_KEY", "openai", "litellm"),
    "bedrock": (MACHINE, "bedrock", "litellm"),
    "codestral": ("CODESTRAL_API_KEY", "mistral", "litellm"),
    "cohere": ("COHERE_API_KEY", "cohere", "litellm"),
    "cohere_chat": ("COHERE_API_KEY", "cohere", "litellm"),
    "dashscope": ("DASHSCOPE_API_KEY", "alibaba", "litellm"),
    "deepseek": ("DEEPSEEK_API_KEY", "deepseek", "litellm"),
    "gemini": ("GEMINI_API_KEY", "google", "litellm"),
    "groq": ("GROQ_API_KEY", "groq", "litellm"),
    "hosted_vllm": (MACHINE, "hosted_vllm", "litellm"),
    "llamafile": (MACHINE, "llamafile", "litellm"),
    "lm_studio": (MACHINE, "lm_studio", "litellm"),
    "meta_llama": ("LLAMA_API_KEY", "meta", "litellm"),
    "minimax": ("MINIMAX_API_KEY", "minimax", "litellm"),
    "mistral": ("MISTRAL_API_KEY", "mistral", "litellm"),
    "moonshot": ("MOONSHOT_API_KEY", "moonshot", "litellm"),
    "ollama": (MACHINE, "ollama", "litellm"),
    "ollama_chat": (MACHINE, "ollama_chat", "litellm"),
    "openai": ("OPENAI_API_KEY", "openai", "Podium"),
    "sagemaker": (MACHINE, "sagemaker", "litellm"),
    "sagemaker_chat": (MACHINE, "sagemaker_chat", "litellm"),
    "text-completion-openai": ("OPENAI_API_KEY", "openai", "litellm"),
    "together_ai": ("TOGETHERAI_API_KEY", "together_ai", "litellm"),
    "vertex_ai": (MACHINE, "vertex_ai", "litellm"),
    "vertex_ai_beta": (MACHINE, "vertex_ai_beta", "litellm"),
    "xai": ("XAI_API_KEY", "xai", "litellm"),
    "xinference": (MACHINE, "xinference", "litellm"),
    "zai": ("ZAI_API_KEY", "zhipu", "litellm"),
}
each = pytest.mark.parametrize("provider", PROVIDERS)


def test_each_row_has_a_case_here() -> None:
    assert {it.name for it in ROWS} == PROVIDERS.keys() - {"a-new.one"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_says_something_of_a_provider_that_litellm_knows(row: KnownProvider) -> None:
    import litellm  # noqa: PLC0415  # Takes seconds; the fixture has done it.

    assert row.name in litellm.provider_list
    assert row != KnownProvider(row.name)


@each
async def test_where_a_key_is_looked_for(provider: str) -> None:
    wanted = PROVIDERS[provider][0]
    if wanted == MACHINE:
        assert await find_key(f"{provider}/m", Configuration(), {}) == Key(MACHINE, None)
        wanted = f"{provider.upper()}_API_KEY"
    else:
        with pytest.raises(MissingKey, match=f"{wanted} is not set here"):
            await find_key(f"{provider}/m", Configuration(), {})
    found = await find_key(f"{provider}/m", Configuration(), {wanted: "k"})
    assert found == Key(f"the environment variable {wanted}", "k")


@each
async def test_another_variable_counts_instead_of_the_usual_one(provider: str) -> None:
    configuration = Configuration(providers={provider: Provider(api_key_env="MINE")})
    usual = PROVIDERS[provider][0]
    found = await find_key(f"{provider}/m", configuration, {usual: "usual", "MINE": "mine"})
    assert found.value == "mine"
    with pytest.raises(MissingKey, match="MINE is not set here"):
        await find_key(f"{provider}/m", configuration, {usual: "usual"})


@each
def test_who_makes_a_model_whose_name_does_not_tell(provider: str) -> None:
    assert family_of(f"{provider}/x", Configuration()) == PROVIDERS[provider][1]


@each
def test_who_makes_the_call(litellm: Litellm, provider: str) -> None:
    call = ModelCall(f"{provider}/x", (), (), 100, 1, None)
    wire = wire_for(litellm, call)
    assert ("litellm" if wire is None else "Podium") == PROVIDERS[provider][2]


@pytest.mark.parametrize("prefix", ["sk-", "pk-", "gsk_", "xai-", "AIza"])
def test_what_looks_like_a_key_is_not_shown(prefix: str) -> None:
    assert Key("", None).scrub(f"refused {prefix}0123456789abcdef") == "refused ***"
