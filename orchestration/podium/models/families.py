"""Who makes a model, so that a reviewer can be of another family than the author.

The name decides before the provider does: resellers and local servers offer everybody's
models.  What no table knows is named after its maker's part of the name, or its provider;
``models."…".family`` in the configuration has the last word.
"""

import re

from podium.configuration.models import Configuration
from podium.models.providers import known

# The order matters: a distilled model is called after both its teacher and its base.
_BY_NAME: tuple[tuple[str, str], ...] = (
    ("anthropic", r"claude"),
    ("openai", r"gpt|chatgpt|codex|o[1-9]"),
    ("google", r"gemini|gemma|palm"),
    ("deepseek", r"deepseek"),
    ("xai", r"grok"),
    ("alibaba", r"qwen|qwq"),
    ("mistral", r"mistral|mixtral|ministral|codestral|devstral|magistral"),
    ("moonshot", r"kimi|moonshot"),
    ("zhipu", r"glm|chatglm"),
    ("minimax", r"minimax"),
    ("cohere", r"command|c4ai"),
    ("amazon", r"nova|titan"),
    ("nvidia", r"nemotron"),
    ("ai21", r"jamba"),
    ("ibm", r"granite"),
    ("microsoft", r"phi"),
    ("meta", r"llama|codellama"),
)
_NAME_PATTERNS = tuple((family, re.compile(rf"(?<![a-z])(?:{it})")) for family, it in _BY_NAME)


def family_of(model: str, configuration: Configuration) -> str:
    """Return the family of a model named as litellm names it, in lower case."""
    settings = configuration.models.get(model)
    if settings is not None and settings.family is not None:
        return settings.family.lower()
    provider, _, name = model.lower().partition("/")
    for family, pattern in _NAME_PATTERNS:
        if pattern.search(name):
            return family
    maker, slash, _ = name.partition("/")
    return known(provider).family or (maker if slash else provider)
