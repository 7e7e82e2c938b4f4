"""What `podium.models.litellm_port` relies on in litellm, which promises to keep none of it.

Each case names something of litellm's inside and what of Podium's falls with it.
"""

import importlib
import inspect
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts import Contract, Relied
from models.playing import LITELLM_WARNS
from podium.models import litellm_port
from podium.models.litellm_port import Litellm
from podium.models.watch import Relay

pytestmark = LITELLM_WARNS
CONFIGS = "litellm.utils:ProviderConfigManager"
BRIDGE = "litellm.completion_extras.litellm_responses_transformation.transformation"
REQUESTS = "litellm.responses.utils:ResponsesAPIRequestUtils"
EVENTS = "litellm.llms.base_llm.base_model_iterator:BaseModelResponseIterator"
FACTORY = "litellm.litellm_core_utils.prompt_templates.factory"
CHAT = "how a chat is put into a provider's own form"
RESPONSES = "how a chat is put into OpenAI's responses"
LITELLM = Contract(
    "litellm",
    ("podium/models/litellm_port.py",),
    {
        "litellm:acompletion": Relied(
            "the way to every provider without an endpoint of its own",
            "model messages timeout num_retries max_retries api_key api_base tools stream",
        ),
        "litellm:model_cost": Relied("what a call may cost"),
        "litellm:suppress_debug_info": Relied("that nothing is printed on stdout"),
        "litellm:LlmProviders": Relied("which translation is a provider's"),
        "litellm:GenericLiteLLMParams": Relied(RESPONSES),
        "litellm.main:responses_api_bridge_check": Relied(
            "which models are asked over OpenAI's responses",
            "model custom_llm_provider tools api_base",
        ),
        "litellm.utils:get_optional_params": Relied(
            "what a model is told beside the messages",
            "custom_llm_provider model max_tokens stream stream_options drop_params tools",
        ),
        f"{CONFIGS}.get_provider_chat_config": Relied(CHAT, "model provider"),
        f"{CONFIGS}.get_provider_responses_api_config": Relied(RESPONSES, "model provider"),
        "litellm.llms.custom_httpx.http_handler:AsyncHTTPHandler.create_async_transport": Relied(
            "the watch under every connection"
        ),
        "litellm.litellm_core_utils.litellm_logging:Logging.dispatch_success_handlers": Relied(
            "that a call is not priced, copied and logged once more"
        ),
        "litellm.litellm_core_utils.default_encoding:encoding": Relied(
            "a first call that holds up none"
        ),
        f"{EVENTS}._handle_string_chunk": Relied(
            "that a text with the end mark in it is no end", "str_line"
        ),
        "litellm.llms.anthropic.chat.handler:ModelResponseIterator": Relied(
            "how Anthropic's answers are read", "sync_stream"
        ),
        "litellm.llms.anthropic.chat.handler:ModelResponseIterator.chunk_parser": Relied(
            "how Anthropic's answers are read"
        ),
        f"{BRIDGE}:LiteLLMResponsesTransformationHandler.transform_request": Relied(
            RESPONSES, "model messages optional_params litellm_params headers litellm_logging_obj"
        ),
        f"{BRIDGE}:OpenAiResponsesToChatCompletionStreamIterator": Relied(
            "how answers of OpenAI's responses are read", "sync_stream"
        ),
        f"{REQUESTS}.get_optional_params_responses_api": Relied(
            RESPONSES,
            "model responses_api_provider_config response_api_optional_params drop_params",
        ),
        f"{REQUESTS}.get_requested_response_api_optional_param": Relied(RESPONSES),
    },
)


@pytest.mark.parametrize("place", LITELLM.relied)
def test_litellm_still_has(place: str) -> None:
    LITELLM.check(place)


def test_every_module_that_is_looked_into_has_a_case() -> None:
    source = Path(litellm_port.__file__).read_text()
    looked_into = set(re.findall(r'"(litellm(?:\.\w+)*)"', source))
    assert looked_into <= {it.partition(":")[0] for it in LITELLM.relied}


def test_nobody_else_looks_into_litellm() -> None:
    assert LITELLM.strangers(r'^\s*(from|import) litellm\b|"litellm["\.]') == []


INTO_CHAT = {
    "validate_environment": Relied(
        CHAT, "headers messages model optional_params litellm_params api_key api_base"
    ),
    "get_complete_url": Relied(
        CHAT, "stream model optional_params litellm_params api_key api_base"
    ),
    "transform_request": Relied(CHAT, "messages headers model optional_params litellm_params"),
    "get_model_response_iterator": Relied(CHAT, "sync_stream"),
}
INTO_RESPONSES = {
    "validate_environment": Relied(RESPONSES, "headers model litellm_params"),
    "get_complete_url": Relied(RESPONSES, "api_base litellm_params"),
    "transform_responses_api_request": Relied(
        RESPONSES, "model input response_api_optional_request_params litellm_params headers"
    ),
}


@pytest.mark.parametrize(
    ("over_responses", "provider", "relied"),
    [
        (False, "openai", INTO_CHAT),
        (False, "anthropic", INTO_CHAT),
        (True, "openai", INTO_RESPONSES),
    ],
)
def test_a_translation_still_has(
    litellm: Litellm, provider: str, relied: dict[str, Relied], *, over_responses: bool
) -> None:
    translation: object = litellm.translation(
        provider, "m", over_responses=over_responses
    ).translation
    kind = type(translation)
    of_kind = {f"{kind.__module__}:{kind.__name__}.{name}": it for name, it in relied.items()}
    for place in of_kind:
        LITELLM._replace(relied=of_kind).check(place)


async def test_a_client_of_litellms_sends_through_the_relay() -> None:
    handler: Any = importlib.import_module("litellm.llms.custom_httpx.http_handler")
    with pytest.raises(httpx.TransportError, match="belongs to no call"):
        await handler.AsyncHTTPHandler().client.get("http://127.0.0.1:1")
    transport = handler.AsyncHTTPHandler.create_async_transport()
    assert isinstance(transport, Relay), f"litellm makes its clients in another way: {LITELLM.see}"


@pytest.mark.parametrize(
    ("module", "said", "relies"),
    [
        ("litellm.main", '"_skip_mcp_handler"', "a call with tools, which else wants a proxy"),
        (
            "litellm.main",
            '"EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"',
            "the speed of a call to whoever imitates OpenAI",
        ),
        ("litellm", '"LITELLM_MODE"', "that no `.env` of a repository is read"),
        (
            "litellm.litellm_core_utils.get_llm_provider_logic",
            '"LLM Provider NOT provided',
            "that an unknown provider is told as one",
        ),
        (FACTORY, '"__thought__"', "that Gemini's calls are shown to other models by short ids"),
        ("litellm._logging", '"LiteLLM"', "that requests are not logged"),
        ("litellm._logging", '"LiteLLM Router"', "that requests are not logged"),
        ("litellm._logging", '"LiteLLM Proxy"', "that requests are not logged"),
    ],
)
def test_litellm_still_says(module: str, said: str, relies: str) -> None:
    source = inspect.getsource(importlib.import_module(module))
    assert said in source, (
        f"{module} no longer knows {said}, on which relies {relies}: {LITELLM.see}"
    )


def test_prices_come_with_the_package(litellm: Litellm) -> None:
    assert os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
    assert "gpt-4.1" in litellm.price_list
