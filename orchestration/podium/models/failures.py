"""How a call to a model fails, and what that means for the next attempt.

ModelError
├── CallFailed         one model did not answer
│   ├── MissingKey     ├── RateLimited
│   ├── WrongKey       ├── ProviderDown
│   ├── WrongAddress   ├── TimedOut
│   ├── UnknownModel   ├── BadAnswer
│   ├── UnknownPrice   │   └── EmptyAnswer
│   ├── NoCredit       ├── BadRequest
│   ├── NotSent        └── TooLong
│   └── Unwatched
├── NoModelAnswered    none of a list of models did
└── BudgetExceeded     (in `podium.models.budget`)
"""

from collections.abc import Sequence
from typing import ClassVar

from podium.errors import ModelError
from podium.models.providers import provider_of


class CallFailed(ModelError):
    """One model did not give a usable answer; the message begins with its name."""

    retryable: ClassVar[bool] = False
    """Whether asking the same model again can help."""
    switchable: ClassVar[bool] = True
    """Whether asking another model can help."""

    def __init__(self, model: str, reason: str, *, retry_after_s: float | None = None) -> None:
        self.model, self.reason, self.retry_after_s = model, reason, retry_after_s
        self.provider = provider_of(model)
        super().__init__(f"{model}: {reason}")


class MissingKey(CallFailed):
    """No key for the provider was found; ``started_by`` gave the engine its environment."""

    def __init__(self, model: str, variable: str, started_by: str | None) -> None:
        self.variable, self.started_by = variable, started_by
        provider = provider_of(model)
        super().__init__(
            model,
            f"no key for the provider {provider!r}: {_unset(variable, 'it', started_by)}; or store "
            f"it with `podium key {provider}`, or name another variable in "
            f"`providers.{provider}.api_key_env`",
        )


def _unset(variables: str, one: str, started_by: str | None) -> str:
    """Return that no variable is set, where, and what to do about it."""
    if started_by is None:
        return f"{variables} is not set here; set {one}"
    return (
        f"{variables} is not set in the environment of `{started_by}`, which has started the "
        f"engine; set {one} in a shell, and run `podium engine stop` and `podium resume` there"
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
    """The account has nothing left (HTTP 402, or a refusal that says so)."""


class WrongAddress(CallFailed):
    """Something else than a provider is at `api_base`: it sends elsewhere."""


class BadRequest(CallFailed):
    """The provider does not take the request; another attempt would be refused too."""

    switchable = False
    is_about_request = True


class TooLong(CallFailed):
    """The request does not fit into the model's context, or not into what may be sent."""

    is_about_request = True

    def __init__(self, model: str, said: str) -> None:
        super().__init__(
            model,
            f"the request is too long: {said}; set a smaller `context_tokens` in "
            f'`[models."{model}"]`, so that old results are left out sooner, and retry the task',
        )


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


class EmptyAnswer(BadAnswer):
    """Nothing came, and the provider says that this is all: it may not like the request."""

    is_about_request = True


class NotSent(CallFailed):
    """The request could not even be made: litellm misses something, or its own way is broken."""

    def __init__(self, model: str, said: str) -> None:
        provider = provider_of(model)
        super().__init__(
            model,
            f"the request could not be made, and nothing was sent: {said}; check "
            f"`providers.{provider}` and the model's name, or take another model in `categories`",
        )


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
        self.is_about_request = any(it.is_about_request for it in failures)
        super().__init__(_no_key(self.failures) or _reasons(self.failures))


def _no_key(failures: Sequence[CallFailed]) -> str:
    """Return in one sentence that every model lacks a key; nothing if that is not so."""
    missing = [it for it in failures if isinstance(it, MissingKey)]
    variables = dict.fromkeys(it.variable for it in missing)
    if len(missing) < len(failures) or len(variables) < 2:  # noqa: PLR2004  # One says it all.
        return ""
    providers = " or ".join(dict.fromkeys(repr(it.provider) for it in missing))
    unset = _unset(" or ".join(variables), "one", missing[0].started_by)
    return f"no key for the provider {providers}: {unset}; or store one with `podium key PROVIDER`"


def _reasons(failures: Sequence[CallFailed]) -> str:
    return "\n".join(("no model of the list answered:", *(f"- {it}" for it in failures)))
