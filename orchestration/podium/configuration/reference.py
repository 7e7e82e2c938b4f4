"""Write `docs/configuration.md` from the models.

Run ``python -m podium.configuration.reference > docs/configuration.md`` after
changing a model; a test compares.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from podium.configuration.loading import SAFE_UNTRUSTED
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

_HEAD = """\
# Configuration

<!-- Written by `python -m podium.configuration.reference`; change the models, not this page. -->

Podium reads two TOML files, both optional: the user's, `~/.config/podium/config.toml` on Linux
(`$XDG_CONFIG_HOME` is honoured) and `~/Library/Application Support/podium/config.toml` on macOS,
then the workspace's, `.podium/config.toml`, which wins.
Tables are merged key by key; lists and values are replaced.

A workspace's file comes with the repository.
Until you trust the workspace (`podium trust`), only {safe} in it counts; everything else is ignored
and named as ignored, because it could run commands, reach servers or spend your money.
Trust covers what the file says, not the workspace for good: after a change it is ignored again,
the change is named, and `podium trust` shows it.

```toml
[budget]
run_usd = 2.5

[categories]
quick = ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"]

[max_output_tokens]
quick = 16000

[gates]
suite = ["pytest -q"]

[providers.openai]
api_base = "http://127.0.0.1:8080/v1"
api_key_env = "MY_PROXY_KEY"

[languages.typescript]
extensions = [".ts", ".tsx"]
servers = [["typescript-language-server", "--stdio"]]
```

A key is never written into a file: `api_key_env` names the environment variable that holds it,
and without that variable Podium asks the keyring for service `podium`, user name the provider's \
(`podium key anthropic` puts it there).
The engine has the environment and the umask of whatever started it, an editor or a command, \
and keeps them:
after you have set a variable, run `podium engine stop` in a shell that has it, and go on there, \
as with `podium resume`.
"""
_TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("providers.NAME", Provider),
    ('models."PROVIDER/MODEL"', ModelSettings),
    ("budget", BudgetSettings),
    ("limits", Limits),
    ("gates", GateSettings),
    ("languages.NAME", LanguageSettings),
    ("sandbox", SandboxSettings),
)


def reference() -> str:
    """Return the text of the page."""
    safe = ", ".join(f"`{it}`" for it in sorted(SAFE_UNTRUSTED))
    return "\n".join([_HEAD.format(safe=safe), *_mappings(), *_tables()])


def _mappings() -> Iterator[str]:
    configuration = Configuration()
    for name in ("categories", "roles", "max_output_tokens"):
        field = Configuration.model_fields[name]
        yield f"## `[{name}]`\n\n{_prose(field)}\n"
        if not getattr(configuration, name):
            continue
        yield "| key | default |\n|---|---|"
        for key, value in cast("dict[str, object]", getattr(configuration, name)).items():
            yield f"| `{key}` | {_value(value)} |"
        yield ""


def _tables() -> Iterator[str]:
    for name, model in _TABLES:
        yield f"## `[{name}]`\n"
        parent = Configuration.model_fields[name.partition(".")[0]]
        yield (_prose(parent) or (model.__doc__ or "").split("\n")[0]) + "\n"
        yield "| key | default | meaning |\n|---|---|---|"
        for key, field in model.model_fields.items():
            yield f"| `{key}` | {_value(cast('object', field.default))} | {_prose(field)} |"
        yield ""
        if name == "languages.NAME":
            yield from _languages()


def _languages() -> Iterator[str]:
    yield "Built in:\n\n| language | extensions | servers |\n|---|---|---|"
    for name, language in Configuration().languages.items():
        servers = ", ".join(f"`{' '.join(it)}`" for it in language.servers)
        yield f"| `{name}` | {_value(language.extensions)} | {servers} |"
    yield ""


def _prose(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


def _value(value: object) -> str:
    if value is None or value == ():
        return "—"
    if isinstance(value, tuple):
        return ", ".join(_value(it) for it in cast("tuple[object, ...]", value))
    if isinstance(value, Decimal | float):
        return f"`{value:g}`"
    return f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
