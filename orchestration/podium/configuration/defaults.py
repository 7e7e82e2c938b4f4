"""What Podium does when nothing is configured.

Each category lists three families, so that a key of any two of the providers is
enough for an author and a reviewer of different families.
"""

from podium.domain.roles import ROLES

OPUS = "anthropic/claude-opus-5-5"
SONNET = "anthropic/claude-sonnet-5-5"
HAIKU = "anthropic/claude-haiku-5-5"
SOL = "openai/gpt-6.1-sol"
LUNA = "openai/gpt-6-luna"
ASTRA = "openai/gpt-6-astra"
ARGON = "gemini/gemini-4-argon"
FLASH = "gemini/gemini-3.8-flash"

CATEGORY_MODELS: dict[str, tuple[str, ...]] = {
    "quick": (HAIKU, LUNA, FLASH),
    "visual-engineering": (ARGON, SONNET, SOL),
    "ultrabrain": (OPUS, ASTRA, ARGON),
    "artistry": (ARGON, OPUS, SOL),
    "writing": (SONNET, SOL, FLASH),
    "unspecified-low": (SONNET, SOL, FLASH),
    "unspecified-high": (OPUS, SOL, ARGON),
}

ROLE_CATEGORIES = {it.name: it.category for it in ROLES if it.category}
"""Of every role that can be told to think otherwise."""

MAX_OUTPUT_TOKENS = 32_000
"""Tokens that one answer may have, thinking included: a large file after long thought."""
