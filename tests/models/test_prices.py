"""Prices from the configuration and from a list of litellm's shape; budgets."""

import asyncio
from decimal import Decimal

import pytest

from models.budget import Budget
from podium.configuration import Configuration, ModelSettings
from podium.domain.transcript import Usage
from podium.models.budget import BudgetExceeded
from podium.models.failures import UnknownPrice
from podium.models.litellm_port import Litellm
from podium.models.prices import price_of

LIST: dict[str, dict[str, object]] = {
    "claude-x": {
        "litellm_provider": "anthropic",
        "input_cost_per_token": 3e-06,
        "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost": 3.75e-06,
        "output_cost_per_token": 1.5e-05,
        "input_cost_per_token_above_200k_tokens": 6e-06,
        "cache_read_input_token_cost_above_200k_tokens": 6e-07,
        "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
        "output_cost_per_token_above_200k_tokens": 2.25e-05,
        "max_input_tokens": 1_000_000,
        "max_output_tokens": 64_000,
    },
    "gemini/thinker": {
        "litellm_provider": "gemini",
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 2e-06,
        "output_cost_per_reasoning_token": 5e-06,
    },
    "half": {"litellm_provider": "openai", "input_cost_per_token": 1e-06},
    "free": {
        "litellm_provider": "ollama",
        "input_cost_per_token": 0,
        "output_cost_per_token": 0.0,
    },
}
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("model", "n_input", "n_cached", "n_output", "cost"),
    [
        pytest.param("anthropic/claude-x", 100_000, 0, 0, "0.3", id="input"),
        pytest.param("anthropic/claude-x", 100_000, 90_000, 0, "0.057", id="cached"),
        pytest.param("anthropic/claude-x", 0, 0, 10_000, "0.15", id="output"),
        pytest.param("anthropic/claude-x", 300_000, 100_000, 10_000, "1.485", id="long"),
        pytest.param("anthropic/claude-x", 200_000, 0, 0, "0.6", id="not-yet-long"),
        pytest.param("anthropic/claude-x", 10, 20, 0, "0.000003", id="more-cached-than-sent"),
        pytest.param("gemini/thinker", 0, 0, MILLION, "5", id="thinking"),
        pytest.param("ollama/free", MILLION, 0, MILLION, "0", id="free"),
        pytest.param("openai/mine", MILLION, MILLION, MILLION, "3", id="configured"),
        pytest.param("anthropic/claude-dear", MILLION, 0, 0, "7", id="configured-first"),
    ],
)
def test_cost(model: str, n_input: int, n_cached: int, n_output: int, cost: str) -> None:
    configured = {
        "openai/mine": ModelSettings(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(2)),
        "anthropic/claude-dear": ModelSettings(
            input_usd_per_mtok=Decimal(7), output_usd_per_mtok=Decimal(7)
        ),
    }
    price = price_of(model, Configuration(models=configured), LIST)
    usage = Usage(input_tokens=n_input, cached_tokens=n_cached, output_tokens=n_output)
    assert price.cost(usage) == Decimal(cost)


@pytest.mark.parametrize("model", ["openai/nobody", "openai/claude-x", "openai/half"])
def test_a_price_that_is_not_known_or_somebody_elses(model: str) -> None:
    with pytest.raises(UnknownPrice):
        price_of(model, Configuration(), LIST)


def test_the_worst_case_is_at_the_dearest_rate_and_within_the_context() -> None:
    price = price_of("anthropic/claude-x", Configuration(), LIST)
    assert price.worst(10_000, 1_000) == Decimal("0.0975")
    assert price.worst(9 * MILLION, 0) == price.worst(MILLION, 0) == Decimal("7.5")


@pytest.mark.parametrize(
    ("model", "cost"),
    [("anthropic/claude-x", "0.288"), ("anthropic/claude-mine", "0.315"), ("openai/mine", "0.3")],
)
def test_what_is_written_to_a_cache_has_its_price(model: str, cost: str) -> None:
    settings = ModelSettings(input_usd_per_mtok=Decimal(3), output_usd_per_mtok=Decimal(15))
    configured = {"anthropic/claude-mine": settings, "openai/mine": settings}
    price = price_of(model, Configuration(models=configured), LIST)
    usage = Usage(input_tokens=100_000, cached_tokens=10_000, cache_written_tokens=20_000)
    assert price.cost(usage) == Decimal(cost)


@pytest.mark.parametrize(
    "model", ["anthropic/claude-sonnet-4-5", "openai/gpt-4o", "gemini/gemini-2.5-pro"]
)
def test_litellms_own_list_is_understood(model: str, litellm: Litellm) -> None:
    price = price_of(model, Configuration(), litellm.price_list)
    assert 0 < price.tiers[0].cached < price.tiers[0].input < price.tiers[0].output
    assert price.context_tokens is not None
    assert price.max_output_tokens is not None


async def test_reservations_of_calls_at_the_same_time_add_up() -> None:
    budget = Budget(Decimal(10), Decimal(4))
    async with budget.reserve(Decimal(5)) as first:
        waiting = asyncio.create_task(_spend(budget, worst="3", cost="2"))
        await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(BudgetExceeded) as caught:
            await _spend(budget, worst="7", cost="0")
        first.charge(Decimal(1))
    await waiting
    assert budget.spent_usd == 7
    assert (caught.value.spent_usd, caught.value.worst_usd) == (4, 7)


async def test_who_waited_in_vain_is_refused() -> None:
    budget = Budget(Decimal(10))
    async with budget.reserve(Decimal(9)) as first:
        waiting = asyncio.create_task(_spend(budget, worst="3", cost="2"))
        await asyncio.sleep(0)
        first.charge(Decimal(8))
    with pytest.raises(BudgetExceeded, match=r"\$8.0000 are spent"):
        await waiting
    assert budget.spent_usd == 8


async def test_a_call_that_fails_gives_back_what_it_did_not_spend() -> None:
    budget = Budget(Decimal(10))
    with pytest.raises(ZeroDivisionError):
        await _spend(budget, worst="9", cost="2", fail=True)
    assert budget.spent_usd == 2
    await _spend(budget, worst="8", cost="8")
    assert budget.spent_usd == budget.limit_usd


async def _spend(budget: Budget, *, worst: str, cost: str, fail: bool = False) -> None:
    async with budget.reserve(Decimal(worst)) as reservation:
        reservation.charge(Decimal(cost))
        if fail:
            raise ZeroDivisionError
