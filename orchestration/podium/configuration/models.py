"""The values of configuration; each field's description is its documentation."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from podium.configuration import defaults
from podium.configuration.languages import LANGUAGES
from podium.domain.base import Frozen, Usd

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ModelName = Annotated[str, StringConstraints(pattern=r"^[^/\s]+/\S+$")]
Extension = Annotated[str, StringConstraints(pattern=r"^\.[^/\s]+$")]
Seconds = Annotated[float, Field(gt=0, le=7 * 24 * 3600)]
Shell = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class Provider(Frozen):
    """How one provider of models is reached."""

    api_base: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="The URL to call instead of the provider's own, for a proxy or a local server.",
    )
    api_key_env: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="The environment variable that holds the key, instead of the provider's usual "
        "one, as `OPENAI_API_KEY`; never the key itself. When that is not set, the keyring is "
        "asked for service `podium` and this provider's name.",
    )
    max_concurrent: int | None = Field(
        default=None,
        ge=1,
        description="Concurrent calls; `limits.per_provider` if not set.",
    )


class ModelSettings(Frozen):
    """What Podium should know about a model but cannot look up itself."""

    family: Name | None = Field(
        default=None,
        description="Who makes it, such as `anthropic` or `google`; "
        "a reviewer's family differs from the author's.",
    )
    input_usd_per_mtok: Usd | None = Field(
        default=None, description="US dollars per million input tokens."
    )
    output_usd_per_mtok: Usd | None = Field(
        default=None, description="US dollars per million output tokens."
    )
    context_tokens: int | None = Field(
        default=None, ge=1, description="Tokens that fit into one call."
    )
    max_output_tokens: int | None = Field(
        default=None,
        ge=1,
        description="Tokens that one answer may have, thinking included; "
        "overrides `[max_output_tokens]` for this model.",
    )


class BudgetSettings(Frozen):
    """What may be spent."""

    run_usd: Usd = Field(
        default=Decimal(5),
        description="US dollars for one run. The worst case of each call is reserved before it "
        "is made, so a run stops before it exceeds this.",
    )


class Limits(Frozen):
    """How much happens at once, and for how long."""

    jobs: int = Field(default=8, ge=1, description="Concurrent jobs in one workspace.")
    per_provider: int = Field(
        default=8, ge=1, description="Concurrent model calls to one provider."
    )
    per_model: int = Field(default=4, ge=1, description="Concurrent calls to one model.")
    turn_timeout_s: Seconds = Field(
        default=600, description="Seconds after which a model call is abandoned."
    )
    idle_timeout_s: Seconds = Field(
        default=90, description="Seconds that a model's answer may stall."
    )
    turns_per_task: int = Field(
        default=80, ge=1, description="Model calls that the agent of one job may make."
    )
    engine_idle_s: Seconds = Field(
        default=300,
        description="Seconds after which the engine exits if it has no client and nothing to do.",
    )


class GateSettings(Frozen):
    """What must pass on every tree, in addition to the plan's own acceptance commands."""

    suite: tuple[Shell, ...] = Field(
        default=(),
        description='Shell commands that run the test suite, such as `["pytest -q"]`; '
        "if empty, what the project itself configures for pytest, unittest, npm, go or cargo.",
    )
    suite_timeout_s: Seconds = Field(
        default=900, description="Seconds for each command of the suite."
    )


class LanguageSettings(Frozen):
    """Which language servers judge which files."""

    extensions: tuple[Extension, ...] = Field(
        default=(), description='File name extensions, such as `[".py"]`.'
    )
    servers: tuple[Annotated[tuple[Name, ...], Field(min_length=1)], ...] = Field(
        default=(),
        description="Commands as lists, each starting a server on stdio, such as "
        '`[["ty", "server"]]`. Empty: only syntax is checked.',
    )


class SandboxSettings(Frozen):
    """What a command that runs agents' work may use. There is never a network."""

    readable: tuple[Name, ...] = Field(
        default=(),
        description="More paths that commands may read, absolute or from `~/`; "
        "a whole home directory is refused, and so is anything that shows files of the workspace.",
    )
    timeout_s: Seconds = Field(default=300, description="Seconds for one command.")
    memory_mb: int = Field(
        default=4096, ge=64, description="Megabytes for one command, including all its processes."
    )
    processes: int = Field(default=256, ge=8, description="Concurrent processes of one command.")
    file_mb: int = Field(
        default=1024, ge=1, description="Megabytes of the largest file that it may write."
    )


def _language_defaults() -> dict[str, LanguageSettings]:
    return {
        name: LanguageSettings(extensions=it.extensions, servers=it.servers)
        for name, it in LANGUAGES.items()
        if it.servers
    }


class Configuration(Frozen):
    """Everything that may be set; every value has a default."""

    categories: dict[Name, Annotated[tuple[ModelName, ...], Field(min_length=1)]] = Field(
        default_factory=lambda: dict(defaults.CATEGORY_MODELS),
        description="What kind of thinking maps to which models: the first usable one is used, "
        "the others are fallbacks. Names are litellm's, `provider/model`. "
        "You can add categories of your own.",
    )
    roles: dict[Name, Name] = Field(
        default_factory=lambda: dict(defaults.ROLE_CATEGORIES),
        description="Which category each role thinks in; there are no others. "
        "A worker thinks in its task's category.",
    )
    max_output_tokens: dict[Name, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict[str, int],
        description="Tokens that one answer may have in a category, thinking included; "
        f"{defaults.MAX_OUTPUT_TOKENS:,} by default. A model is asked for no more than it can "
        "produce, and no more than a quarter of its context. When what is left of the budget pays "
        "for less than that, the answer is limited to what it pays for. An answer that is cut off "
        "goes back to the model, which is told to take shorter steps.",
    )
    providers: dict[Name, Provider] = Field(
        default_factory=dict[str, Provider],
        description="How providers are reached, by the part of a model's name before the first "
        "slash.",
    )
    models: dict[ModelName, ModelSettings] = Field(
        default_factory=dict[str, ModelSettings],
        description="Facts about models that are not in the price list, by their whole name.",
    )
    budget: BudgetSettings = Field(default_factory=BudgetSettings)
    limits: Limits = Field(default_factory=Limits)
    gates: GateSettings = Field(default_factory=GateSettings)
    languages: dict[Name, LanguageSettings] = Field(
        default_factory=_language_defaults,
        description="Languages by name; `python` is built in.",
    )
    sandbox: SandboxSettings = Field(default_factory=SandboxSettings)
