"""Keys, names, prices and budgets: what is refused, and what the user is told to do."""

import asyncio
from contextlib import nullcontext
from decimal import Decimal

import keyring
import keyring.backend
import pytest

from models.playing import (
    KEY,
    LITELLM_WARNS,
    OPENING,
    PRICE,
    READ_FILE,
    WIRES,
    configure,
    playing,
)
from podium.configuration import Configuration, Limits, ModelSettings, Provider
from podium.errors import ModelError
from podium.models.budget import BudgetExceeded
from podium.models.failures import (
    BadRequest,
    MissingKey,
    NoModelAnswered,
    UnknownModel,
    UnknownPrice,
    WrongKey,
)
from podium.models.gateway import Gateway, ModelRequest
from podium.models.keys import find_key
from podium.models.patience import Backoff
from podium.workspace.state import STARTED_BY

pytestmark = LITELLM_WARNS
KEYED = f"""
    api_key = "{KEY}"
    models = ["m"]
    [[conversation]]
    name = "any"
    [[conversation.turn]]
    delay_s = 0.1
    say = "Hello."
    usage = {{ input_tokens = 1000, output_tokens = 200 }}
"""


@WIRES
async def test_a_wrong_key_is_named_by_its_source_and_not_shown(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"{model.partition('/')[0].upper()}_API_KEY"
    monkeypatch.setenv(variable, "sk-wrong-but-secret-1")
    async with playing(KEYED) as play:
        with pytest.raises(WrongKey) as caught:
            await play.ask(model)

    assert f"the key from the environment variable {variable}" in str(caught.value)
    assert "HTTP 401: Incorrect API key provided: ***" in str(caught.value)
    assert "wrong-but-secret" not in str(caught.value)


@WIRES
async def test_a_missing_key_names_what_to_set(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = model.partition("/")[0]
    monkeypatch.delenv(f"{provider.upper()}_API_KEY")
    async with playing(KEYED) as play:
        with pytest.raises(MissingKey) as caught:
            await play.ask(model)
        assert play.outcomes() == []

    variable = f"{provider.upper()}_API_KEY"
    assert str(caught.value) == (
        f"{model}: no key for the provider {provider!r}: {variable} is not set here; set it; or "
        f"store it with `podium key {provider}`, or name another variable in "
        f"`providers.{provider}.api_key_env`"
    )


async def missing_key(model: str) -> MissingKey:
    """Return what is said of it in an engine that an editor has started."""
    with pytest.raises(MissingKey) as caught:
        await find_key(model, Configuration(), {STARTED_BY: "podium lsp"})
    return caught.value


async def test_a_missing_key_tells_whose_environment_the_engine_has() -> None:
    assert (await missing_key("openai/m")).reason == (
        "no key for the provider 'openai': OPENAI_API_KEY is not set in the environment of "
        "`podium lsp`, which has started the engine; set it in a shell, and run "
        "`podium engine stop` and `podium resume` there; or store it with "
        "`podium key openai`, or name another variable in `providers.openai.api_key_env`"
    )


async def test_keys_that_are_all_missing_are_told_in_one_sentence() -> None:
    failures = [await missing_key(it) for it in ("openai/m", "gemini/n", "openai/o")]
    assert str(NoModelAnswered(failures)) == (
        "no key for the provider 'openai' or 'gemini': OPENAI_API_KEY or GEMINI_API_KEY is not set "
        "in the environment of `podium lsp`, which has started the engine; set one in a shell, and "
        "run `podium engine stop` and `podium resume` there; or store one with "
        "`podium key PROVIDER`"
    )
    broken = [*failures, UnknownModel("acme/x", "HTTP 404")]
    assert str(NoModelAnswered(broken)).startswith("no model of the list answered:\n- openai/m: no")


class Keyring(keyring.backend.KeyringBackend):
    """Holds one key for one user of the service, or is broken."""

    def __init__(self, user: str | None) -> None:
        self.user = user

    def get_password(self, service: str, username: str) -> str | None:
        if self.user is None:
            raise OSError(service)
        return KEY if (service, username) == ("podium", self.user) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("user", "is_found"),
    [
        pytest.param("openai", True, id="found"),
        pytest.param("anthropic", False, id="another-provider's"),
        pytest.param(None, False, id="broken-keyring"),
    ],
)
async def test_without_a_variable_the_keyring_is_asked(
    user: str | None, *, is_found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring(user))
    try:
        async with playing(KEYED) as play:
            expected = nullcontext() if is_found else pytest.raises(MissingKey)
            with expected:
                assert (await play.ask("openai/m")).message.text == "Hello."
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("model", "api_base", "said"),
    [
        ("azure/gpt-4o", None, "Must provide one of the `base_url` or `azure_endpoint`"),
        ("azure/gpt-6.1-sol", "http://127.0.0.1:1", "it takes tools over OpenAI's responses alone"),
        ("openai/m", "http://[half", "Invalid IPv6 URL"),
    ],
)
async def test_what_cannot_be_sent_is_not_tried_again_but_left_to_the_next_model(
    model: str, api_base: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = model.partition("/")[0]
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", KEY)
    async with playing(KEYED) as play:
        settings = configure(play.server.url, models={model: PRICE, "anthropic/m": PRICE})
        named = settings.providers | {provider: Provider(api_base=api_base)}
        gateway = Gateway(settings.evolve(providers=named), patience=Backoff(first_delay_s=99))
        ask = ModelRequest(models=(model, "anthropic/m"), messages=OPENING, tools=(READ_FILE,))
        reply = await gateway.ask(ask, budget=play.budget, on_switch=play.switches.append)
        await gateway.aclose()
    (switch,) = play.switches
    assert said in switch.reason
    assert "nothing was sent: " in switch.reason
    assert f"check `providers.{provider}` and the model's name" in switch.reason
    assert "Traceback" not in switch.reason
    assert play.budget.spent_usd == reply.cost_usd


@WIRES
async def test_a_model_that_does_not_exist(model: str) -> None:
    wrong = f"{model}-7"
    async with playing(KEYED, models={wrong: PRICE}) as play:
        with pytest.raises(UnknownModel, match="correct the name in `categories`") as caught:
            await play.ask(wrong)

    assert "HTTP 404: The model `m-7` does not exist" in str(caught.value)


async def test_a_provider_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOBODY_API_KEY", "k")
    async with playing(KEYED, models={"nobody/m": PRICE}) as play:
        with pytest.raises(UnknownModel, match="the provider 'nobody' has no such model"):
            await play.ask("nobody/m")


async def test_the_next_model_is_asked_when_key_model_or_price_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    models = {"groq/m": PRICE, "openai/gone": PRICE, "anthropic/m": PRICE}
    async with playing(KEYED, models=models) as play:
        await play.ask("groq/m", "openai/gone", "openai/m", "anthropic/m")

    assert [it.from_model for it in play.switches] == ["groq/m", "openai/gone", "openai/m"]
    assert "GROQ_API_KEY" in play.switches[0].reason
    assert "does not exist" in play.switches[1].reason
    assert "price is not known" in play.switches[2].reason


async def test_a_price_that_nobody_knows() -> None:
    async with playing(KEYED, models={}) as play:
        with pytest.raises(UnknownPrice, match=r'set `input_usd_per_mtok` .*\[models."openai/m"\]'):
            await play.ask("openai/m")
        assert play.outcomes() == []


@WIRES
async def test_a_request_that_is_refused_is_not_repeated_elsewhere(model: str) -> None:
    text = '[[conversation]]\nname = "a"\nwhen = ["never"]\n[[conversation.turn]]\nsay = "x"\n'
    async with playing(text) as play:
        with pytest.raises(BadRequest, match="no conversation matches model 'm'"):
            await play.ask(model, "anthropic/m")
    assert play.switches == []


CREDIT = "Your credit balance is too low to access the Anthropic API."
LENGTH = "prompt is too long: 210000 tokens > 200000 maximum"


def refused(model: str, message: str) -> str:
    fault = f'{{ kind = "refused", status = 400, message = "{message}", times = 9 }}'
    return f"""
        [[conversation]]
        name = "{model}"
        model = "{model}"
        [[conversation.turn]]
        faults = [{fault if message else ""}]
        say = "I can."
    """


@pytest.mark.parametrize("first", ["openai", "anthropic", "deepseek"])
@pytest.mark.parametrize("message", [CREDIT, LENGTH])
async def test_another_model_is_asked_when_one_has_no_credit_or_no_room(
    first: str, message: str
) -> None:
    models = {f"{first}/m": PRICE, "openai/n": PRICE}
    async with playing(refused("m", message) + refused("n", ""), models=models) as play:
        reply = await play.ask(f"{first}/m", "openai/n")
    assert reply.message.text == "I can."
    assert message in play.switches[0].reason
    assert play.outcomes() == ["refused 400", "answered"]


@pytest.mark.parametrize(
    ("messages", "is_about_request"),
    [((LENGTH, LENGTH), True), ((CREDIT, LENGTH), True), ((CREDIT, CREDIT), False)],
    ids=["no room", "no room in what has credit", "no credit"],
)
async def test_what_no_model_takes_says_whether_it_is_about_the_request(
    messages: tuple[str, str], *, is_about_request: bool
) -> None:
    models = {"anthropic/m": PRICE, "openai/n": PRICE}
    first, second = messages
    async with playing(refused("m", first) + refused("n", second), models=models) as play:
        with pytest.raises(NoModelAnswered, match=second) as caught:
            await play.ask("anthropic/m", "openai/n")
    assert caught.value.is_about_request is is_about_request
    assert ("set a smaller `context_tokens`" in str(caught.value)) is is_about_request


async def test_a_call_that_could_exceed_the_budget_is_not_sent() -> None:
    async with playing(KEYED, budget_usd="0.0150") as play:
        with pytest.raises(BudgetExceeded, match=r"raise `budget.run_usd`"):
            await play.ask("openai/m", "anthropic/m")
        assert play.outcomes() == []
    assert play.budget.spent_usd == 0


async def test_calls_until_the_budget_ends_never_exceed_it() -> None:
    """Each call is up to $0.019 and costs $0.006, so in $0.05 there is room for six."""
    async with playing(KEYED, budget_usd="0.05") as play:
        answers = await asyncio.gather(
            *(play.ask("anthropic/m") for _ in range(12)), return_exceptions=True
        )
    refused = [it for it in answers if isinstance(it, BudgetExceeded)]
    assert len(answers) - len(refused) == 6
    assert play.budget.spent_usd == Decimal("0.036")
    assert all(isinstance(it, ModelError) for it in refused)


@pytest.mark.parametrize(
    ("limits", "max_concurrent"),
    [
        pytest.param(Limits(per_provider=8, per_model=2), None, id="model"),
        pytest.param(Limits(per_provider=2, per_model=8), None, id="provider"),
        pytest.param(Limits(per_provider=8, per_model=8), 2, id="this-provider"),
    ],
)
async def test_no_more_calls_at_a_time_than_the_limits(
    limits: Limits, max_concurrent: int | None
) -> None:
    async with playing(KEYED, limits=limits, max_concurrent=max_concurrent) as play:
        calls = asyncio.gather(*(play.ask("openai/m") for _ in range(6)))
        most = 0
        while not calls.done():
            most = max(most, sum(it.outcome == "open" for it in play.server.requests))
            await asyncio.sleep(0.005)
        await calls
    assert most == 2
    assert len(play.server.requests) == 6


async def test_a_smaller_model_is_asked_for_no_more_than_it_can_say() -> None:
    small = ModelSettings(
        input_usd_per_mtok=Decimal(0), output_usd_per_mtok=Decimal(1000), max_output_tokens=10
    )
    async with playing(KEYED, models={"openai/m": small}, budget_usd="0.20") as play:
        reply = await play.ask("openai/m", messages=OPENING)  # 1,000 tokens would be a dollar
    assert reply.cost_usd == Decimal("0.01")  # It says that it took 200, which it was not allowed.
