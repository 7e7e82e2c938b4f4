"""What a model costs, from the configuration or from litellm's price list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from podium.configuration.models import Configuration, ModelSettings
from podium.domain.transcript import Usage
from podium.models.failures import UnknownPrice
from podium.models.providers import known, provider_of

PriceList = Mapping[str, Mapping[str, object]]
_MILLION = Decimal(1_000_000)
_TIER = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")


@dataclass(frozen=True, slots=True)
class Tier:
    """US dollars per token, for calls with more than ``above`` tokens of input."""

    above: int
    input: Decimal
    cached: Decimal
    written: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """A model's price and sizes; tiers begin at 0 and ascend."""

    tiers: tuple[Tier, ...]
    context_tokens: int | None = None
    max_output_tokens: int | None = None

    def cost(self, usage: Usage) -> Decimal:
        """Return what the tokens cost."""
        tier = next(
            it for it in reversed(self.tiers) if usage.input_tokens > it.above or not it.above
        )
        cached = min(usage.cached_tokens, usage.input_tokens)
        written = min(usage.cache_written_tokens, usage.input_tokens - cached)
        plain = usage.input_tokens - cached - written
        paid_in = plain * tier.input + cached * tier.cached + written * tier.written
        return paid_in + usage.output_tokens * tier.output

    def worst(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Return the most that a call with so many tokens can cost."""
        dearest_input = max(max(it.input, it.cached, it.written) for it in self.tiers)
        dearest_output = max(it.output for it in self.tiers)
        n_input = min(input_tokens, self.context_tokens or input_tokens)
        return n_input * dearest_input + output_tokens * dearest_output

    def output_tokens(self, usd: Decimal, input_tokens: int, wanted: int) -> int:
        """Return how long an answer may be, up to ``wanted``, for the call to cost ``usd``."""
        token_usd = self.worst(0, 1)
        if not token_usd:
            return wanted
        return min(wanted, int((usd - self.worst(input_tokens, 0)) // token_usd))


def price_of(model: str, configuration: Configuration, price_list: PriceList) -> Price:
    """Return a model's price: the configured one, else the list's.

    Raises:
        UnknownPrice: Neither knows it.
    """
    settings = configuration.models.get(model, ModelSettings())
    entry = _entry(model, price_list)
    context = settings.context_tokens or _count(entry.get("max_input_tokens"))
    output = settings.max_output_tokens or _count(entry.get("max_output_tokens"))
    tiers = _configured(settings, known(provider_of(model)).written) or _listed(entry)
    if not tiers:
        raise UnknownPrice(model)
    return Price(tiers, context, output)


def _configured(settings: ModelSettings, surcharge: Decimal) -> tuple[Tier, ...]:
    """Return the configured price; cached tokens cost the full price, which is never too little."""
    if settings.input_usd_per_mtok is None or settings.output_usd_per_mtok is None:
        return ()
    paid = settings.input_usd_per_mtok / _MILLION
    output = settings.output_usd_per_mtok / _MILLION
    return (Tier(0, input=paid, cached=paid, written=paid * surcharge, output=output),)


def _entry(model: str, price_list: PriceList) -> Mapping[str, object]:
    """Return the list's entry; a name without its provider counts only for that provider."""
    if model in price_list:
        return price_list[model]
    provider, _, name = model.partition("/")
    entry = price_list.get(name, {})
    sold_by = entry.get("litellm_provider")
    return entry if isinstance(sold_by, str) and sold_by.startswith(provider) else {}


def _listed(entry: Mapping[str, object]) -> tuple[Tier, ...]:
    bounds = sorted(int(it[1]) for it in map(_TIER.fullmatch, entry) if it)
    tiers: list[Tier] = []
    for thousands in (0, *bounds):
        suffix = f"_above_{thousands}k_tokens" if thousands else ""
        paid = _usd(entry.get(f"input_cost_per_token{suffix}"))
        output = _usd(entry.get(f"output_cost_per_token{suffix}"))
        output = output if output is not None or not tiers else tiers[-1].output
        if paid is None or output is None:
            return ()
        reasoning = _usd(entry.get("output_cost_per_reasoning_token")) or Decimal(0)
        cached = _usd(entry.get(f"cache_read_input_token_cost{suffix}"))
        written = _usd(entry.get(f"cache_creation_input_token_cost{suffix}"))
        tier = Tier(
            above=thousands * 1000,
            input=paid,
            cached=paid if cached is None else cached,
            written=paid if written is None else written,
            output=max(output, reasoning),
        )
        tiers.append(tier)
    return tuple(tiers)


def _usd(value: object) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
