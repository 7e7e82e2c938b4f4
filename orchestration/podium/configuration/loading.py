"""Read configuration: defaults, then the user's file, then the workspace's.

A workspace's file comes with the repository and is as hostile as it is.  Until
the user trusts what it says, only the keys of `SAFE_UNTRUSTED` count, because
everything else runs a command, opens a path, reaches a server, or spends more.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import cast

import platformdirs
from pydantic import ValidationError

from podium.configuration import complaints
from podium.configuration.complaints import ConfigurationError
from podium.configuration.defaults import ROLE_CATEGORIES
from podium.configuration.models import Configuration
from podium.domain.base import Frozen

__all__ = ["ConfigurationError", "Loaded", "load", "needing_trust", "user_file", "workspace_file"]

SAFE_UNTRUSTED = frozenset({"roles"})
"""Top-level keys that an untrusted workspace may set: they choose among what the user has."""
MAX_BYTES = 1_000_000
MAX_DIGITS = 300
"""Before or behind the point of a number: as many as a float has."""


class Loaded(Frozen):
    """The configuration, and which of the workspace's settings are ignored, one line each."""

    configuration: Configuration
    ignored: tuple[str, ...] = ()


def user_file() -> Path:
    """Return where the user's configuration is, whether it exists or not."""
    return Path(platformdirs.user_config_dir("podium", appauthor=False)) / "config.toml"


def workspace_file(workspace: Path) -> Path:
    """Return where a workspace's configuration is, whether it exists or not."""
    return workspace / ".podium" / "config.toml"


def load(workspace: Path, *, trusted: bool = False) -> Loaded:
    """Return the configuration that holds in ``workspace``.

    Args:
        workspace: The root of the user's repository.
        trusted: Whether the user trusts what it says: `podium.settings.trust.is_trusted`.

    Raises:
        ConfigurationError: A file cannot be read or a value in it cannot be used.
    """
    of_user, of_workspace = user_file(), workspace_file(workspace)
    table = _defaults()
    _merge(table, _read(of_user))
    _check_names(table, of_user)
    theirs = _read(of_workspace)
    ignored: tuple[str, ...] = ()
    if not trusted:
        place = complaints.shown(of_workspace)
        names = [name for name, _ in _entries(theirs)]
        ignored = tuple(f"{place}: {it} is ignored until `podium trust`" for it in names)
        theirs = {key: value for key, value in theirs.items() if key in SAFE_UNTRUSTED}
    _merge(table, theirs)
    _check_names(table, of_workspace)
    return Loaded(configuration=Configuration.model_validate(table), ignored=ignored)


def needing_trust(workspace: Path) -> dict[str, str]:
    """Return what the workspace's file sets that counts only with the user's trust.

    Returns:
        Dotted keys, each with its value in one line of JSON.

    Raises:
        ConfigurationError: The file cannot be read or a value in it cannot be used.
    """
    entries = _entries(_read(workspace_file(workspace)))
    return {key: json.dumps(value, sort_keys=True, default=str) for key, value in entries}


def _defaults() -> dict[str, object]:
    return Configuration().model_dump(exclude_none=True)


def _read(path: Path) -> dict[str, object]:
    try:
        if path.exists() and not path.is_file():
            raise ConfigurationError(path, "it is not a file", "remove it or make it a TOML file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(
            path, f"it cannot be read: {reason}", "check its owner and mode"
        ) from None
    if len(content) > MAX_BYTES:
        raise ConfigurationError(path, f"it is larger than {MAX_BYTES:,} bytes", "shorten it")
    table = _parse(path, content)
    try:
        Configuration.model_validate(table)
    except ValidationError as error:
        raise complaints.of_validation(path, error) from None
    return table


def _parse(path: Path, content: bytes) -> dict[str, object]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            path, f"line {line} is not UTF-8", "save the file as UTF-8"
        ) from None
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=_number)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(path, f"it is not TOML: {error}", "correct it there") from None
    except (ValueError, ArithmeticError):
        raise ConfigurationError(
            path, "a number in it has too many digits", "correct it there"
        ) from None


def _number(text: str) -> Decimal:
    """Return a number with a point or an exponent.

    Raises:
        ValueError: It has more digits than a setting can mean; made an integer on the way to
            being refused, `1e9999999` would keep the engine for half a minute.
        ArithmeticError: Not even `Decimal` takes it.
    """
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > MAX_DIGITS:
        raise ValueError(text)
    return number


def _merge(base: dict[str, object], over: Mapping[str, object]) -> None:
    """Lay ``over`` on ``base``: tables are merged, everything else is replaced."""
    for key, value in over.items():
        old = base.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(cast("dict[str, object]", old), cast("dict[str, object]", value))
        else:
            base[key] = value


def _check_names(table: dict[str, object], path: Path) -> None:
    """Refuse roles that do not exist and categories that are not defined."""
    configuration = Configuration.model_validate(table)
    for role, category in configuration.roles.items():
        if role not in ROLE_CATEGORIES:
            raise complaints.unknown(path, f"roles.{role}", role, ROLE_CATEGORIES)
        if category not in configuration.categories:
            raise complaints.unknown(path, f"roles.{role}", category, configuration.categories)
    for category in configuration.max_output_tokens:
        if category not in configuration.categories:
            key = f"max_output_tokens.{category}"
            raise complaints.unknown(path, key, category, configuration.categories)


def _entries(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield what needs trust: a key of two parts, fit for a terminal, and its value."""
    for key, value in table.items():
        if key not in SAFE_UNTRUSTED:
            inner = cast("dict[str, object]", value) if isinstance(value, dict) else {}
            for name, it in inner.items():
                yield f"{key}.{name if name.isprintable() else repr(name)}", it
