"""How a call to a model fails, and what that means for the next attempt.

ModelError
├── CallFailed         one model did not answer
│   ├── MissingKey     ├── RateLimited
│   ├── WrongKey       ├── ProviderDown
│   ├── UnknownModel   ├── TimedOut
│   ├── UnknownPrice   ├── BadAnswer
│   ├── NoCredit       ├── BadRequest
│   └── Unwatched
├── NoModelAnswered    none of a list of models did
└── BudgetExceeded     (in `podium.models.budget`)
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from podium.errors import ModelError
from podium.models.names import provider_of


class CallFailed(ModelError):
    """One model did not give a usable answer; the message begins with its name."""

    retryable: ClassVar[bool] = False
    """Whether asking the same model again can help."""
    switchable: ClassVar[bool] = True
    """Whether asking another model can help."""

    def __init__(self, model: str, reason: str, *, retry_after_s: float | None = None) -> None:
        self.model, self.reason, self.retry_after_s = model, reason, retry_after_s
        self.provider = provider_of(model)
        self.spent_usd = Decimal(0)
        """An estimate of what answers that had begun and were thrown away have cost."""
        super().__init__(f"{model}: {reason}")


class MissingKey(CallFailed):
    """No key for the provider was found."""

    def __init__(self, model: str, variable: str) -> None:
        provider = provider_of(model)
        super().__init__(
            model,
            f"no key for the provider {provider!r}; set the environment variable {variable} "
            "and end the engine with `podium engine stop`, so that the next one sees it; "
            f"or run `keyring set podium {provider}`, or name "
            f"another variable in `providers.{provider}.api_key_env`",
        )


class WrongKey(CallFailed):
    """The provider refused the key (HTTP 401 or 403)."""

    def __init__(self, model: str, said: str, source: str) -> None:
        super().__init__(
            model,
            f"the provider {provider_of(model)!r} refused the key from {source}: {said}; "
            f"check that key, and that it may use this model{_from_next_start(source)}",
        )


def _from_next_start(source: str) -> str:
    is_inherited = source.startswith("the environment")
    return "; a corrected one counts after `podium engine stop`" if is_inherited else ""


class UnknownModel(CallFailed):
    """The provider has no such model, or there is no such provider."""

    def __init__(self, model: str, said: str) -> None:
        provider = provider_of(model)
        super().__init__(
            model,
            f"the provider {provider!r} has no such model, or nothing answers at "
            f"`providers.{provider}.api_base`: {said}; correct the name in `categories`",
        )


class UnknownPrice(CallFailed):
    """What the model costs is not known, so no budget could be kept."""

    def __init__(self, model: str) -> None:
        super().__init__(
            model,
            "its price is not known, so the budget could not be kept; set "
            f'`input_usd_per_mtok` and `output_usd_per_mtok` in `[models."{model}"]`',
        )


class NoCredit(CallFailed):
    """The account has nothing left (HTTP 402, or a 429 that says so)."""


class BadRequest(CallFailed):
    """The provider does not take the request; another attempt would be refused too."""

    switchable = False


class RateLimited(CallFailed):
    """Too many requests (HTTP 429)."""

    retryable = True


class ProviderDown(CallFailed):
    """The provider could not be reached or had an error of its own."""

    retryable = True


class TimedOut(CallFailed):
    """Nothing came for too long, or the whole took too long."""

    retryable = True


class BadAnswer(CallFailed):
    """Something came that must not be believed: cut off, a web page, nothing at all."""

    retryable = True


class Unwatched(CallFailed):
    """litellm made the call in a way that Podium could not follow."""

    def __init__(self, model: str) -> None:
        super().__init__(
            model,
            f"the provider {provider_of(model)!r} is reached in a way that Podium cannot follow, "
            "so its answers cannot be believed; use another provider for this model",
        )


class NoModelAnswered(ModelError):
    """Every model of the list failed."""

    def __init__(self, failures: Sequence[CallFailed]) -> None:
        self.failures = tuple(failures)
        self.spent_usd = sum((it.spent_usd for it in failures), Decimal(0))
        reasons = "\n".join(f"- {it}" for it in failures)
        super().__init__(f"no model of the list answered:\n{reasons}")
