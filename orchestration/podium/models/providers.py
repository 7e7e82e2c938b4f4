"""What Podium knows of each provider of models: one row each.

How a provider is spoken to, and what its models cost, litellm knows.  A row says what it does
not say, or not before it is imported, which takes seconds.  A provider without a row is used all
the same: its key is in the variable that is called after it, its models are of the family that
their names tell, and litellm makes the call.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where Podium itself sends the requests that litellm has translated."""

    variables: tuple[str, ...]
    """Environment variables that may name another address; litellm reads them, too."""
    url: str
    path: str = ""
    """What a base URL must end with."""
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    """What the body says besides."""

    def url_for(self, api_base: str | None) -> str:
        """Return the address that litellm completes."""
        named = (it for it in map(os.environ.get, self.variables) if it)
        base = api_base or next(named, self.url)
        return base if base.endswith(self.path) else base.rstrip("/") + self.path


@dataclass(frozen=True, slots=True)
class KnownProvider:
    """One row."""

    name: str
    """The part of a model's name before the first slash."""
    _: KW_ONLY
    variable: str = ""
    """Where its key usually is; its name with ``_API_KEY`` behind it when not set."""
    needs_key: bool = True
    """Whether it takes one: some sign with the machine's own credentials, or run on the machine."""
    key_prefix: str = ""
    """How its keys begin, by which one is recognised in a message; ``sk`` and ``pk`` always are."""
    family: str = ""
    """Who makes its models, where a model's name does not tell."""
    written: Decimal = Decimal(1)
    """What a token costs that is written to a prompt cache, in tokens of input."""
    endpoint: Endpoint | None = None
    """None: litellm makes the call, which costs some 30 ms more."""

    @property
    def key_variable(self) -> str:
        """The environment variable where its key usually is."""
        return self.variable or re.sub(r"\W", "_", self.name).upper() + "_API_KEY"


ROWS = (
    KnownProvider(
        "anthropic",
        family="anthropic",
        written=Decimal("1.25"),
        endpoint=Endpoint(
            variables=("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
            url="https://api.anthropic.com",
            path="/v1/messages",
            # The next turn begins as this one does; OpenAI remembers that without being asked.
            extra={"cache_control": {"type": "ephemeral"}},
        ),
    ),
    KnownProvider(
        "openai",
        family="openai",
        endpoint=Endpoint(
            variables=("OPENAI_BASE_URL", "OPENAI_API_BASE"), url="https://api.openai.com/v1"
        ),
    ),
    KnownProvider("gemini", family="google", key_prefix="AIza"),
    KnownProvider("ai21", family="ai21"),
    KnownProvider("azure", family="openai"),
    KnownProvider("codestral", family="mistral"),
    KnownProvider("cohere", family="cohere"),
    KnownProvider("cohere_chat", family="cohere", variable="COHERE_API_KEY"),
    KnownProvider("dashscope", family="alibaba"),
    KnownProvider("deepseek", family="deepseek"),
    KnownProvider("groq", key_prefix="gsk"),
    KnownProvider("meta_llama", family="meta", variable="LLAMA_API_KEY"),
    KnownProvider("minimax", family="minimax"),
    KnownProvider("mistral", family="mistral"),
    KnownProvider("moonshot", family="moonshot"),
    KnownProvider("text-completion-openai", family="openai", variable="OPENAI_API_KEY"),
    KnownProvider("together_ai", variable="TOGETHERAI_API_KEY"),
    KnownProvider("xai", family="xai", key_prefix="xai"),
    KnownProvider("zai", family="zhipu"),
    KnownProvider("bedrock", needs_key=False),
    KnownProvider("hosted_vllm", needs_key=False),
    KnownProvider("llamafile", needs_key=False),
    KnownProvider("lm_studio", needs_key=False),
    KnownProvider("ollama", needs_key=False),
    KnownProvider("ollama_chat", needs_key=False),
    KnownProvider("sagemaker", needs_key=False),
    KnownProvider("sagemaker_chat", needs_key=False),
    KnownProvider("vertex_ai", needs_key=False),
    KnownProvider("vertex_ai_beta", needs_key=False),
    KnownProvider("xinference", needs_key=False),
)
_BY_NAME = {it.name: it for it in ROWS}
KEY_PREFIXES = ("sk", "pk", *(it.key_prefix for it in ROWS if it.key_prefix))


def provider_of(model: str) -> str:
    """Return the part of ``provider/model`` that names the provider in the configuration."""
    return model.partition("/")[0]


def known(provider: str) -> KnownProvider:
    """Return a provider's row; one without a row has what is usual."""
    return _BY_NAME.get(provider, KnownProvider(provider))
