"""Configuration: what the user may set, as frozen values with good defaults.

`models` holds the values and their documentation, `loading` reads them from the
user's file and then the workspace's, `reference` writes `docs/configuration.md`.
Nothing here reads a key: configuration names the environment variable, and only
`podium.models` looks at it.  Whether a workspace is trusted is its caller's
knowledge (`podium.settings.trust`), because rings point inwards.
"""

from podium.configuration.loading import (
    ConfigurationError,
    Loaded,
    load,
    needing_trust,
    user_file,
    workspace_file,
)
from podium.configuration.models import (
    BudgetSettings,
    Configuration,
    GateSettings,
    LanguageSettings,
    Limits,
    ModelSettings,
    Provider,
    SandboxSettings,
)

__all__ = [
    "BudgetSettings",
    "Configuration",
    "ConfigurationError",
    "GateSettings",
    "LanguageSettings",
    "Limits",
    "Loaded",
    "ModelSettings",
    "Provider",
    "SandboxSettings",
    "load",
    "needing_trust",
    "user_file",
    "workspace_file",
]
