"""Where keys come from, and how they are kept out of messages.

A key is looked up when it is needed, handed to the one call that needs it, and never
stored, logged or shown.
"""

import asyncio
import importlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from podium.configuration.models import Configuration, Provider
from podium.errors import UserError
from podium.models.failures import MissingKey
from podium.models.providers import KEY_PREFIXES, known, provider_of
from podium.workspace.state import STARTED_BY

_SERVICE = "podium"
_LOOKS_LIKE_A_KEY = re.compile(
    rf"(?<![\w-])(?:{'|'.join(KEY_PREFIXES)})[-_]?[\w-]{{12,}}|Bearer\s+\S+"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A provider's key and where it was found; its representation does not show it."""

    source: str
    value: str | None = field(repr=False)

    def scrub(self, text: str) -> str:
        """Return ``text`` without this key and without what looks like any other."""
        if self.value:
            text = text.replace(self.value, "***")
        return _LOOKS_LIKE_A_KEY.sub("***", text)


async def find_key(
    model: str, configuration: Configuration, environment: Mapping[str, str] = os.environ
) -> Key:
    """Return the key for a model's provider: from the environment, else from the keyring.

    Raises:
        MissingKey: The provider needs a key and there is none.
    """
    provider = provider_of(model)
    configured = configuration.providers.get(provider, Provider()).api_key_env
    variable = configured or known(provider).key_variable
    if value := environment.get(variable, "").strip():
        return Key(f"the environment variable {variable}", value)
    if configured is None and not known(provider).needs_key:
        return Key("this machine's own credentials", None)
    if value := await asyncio.to_thread(_from_keyring, provider):
        return Key(f"the keyring (service {_SERVICE!r}, user {provider!r})", value)
    raise MissingKey(model, variable, environment.get(STARTED_BY))


def store_key(provider: str, value: str) -> None:
    """Put a provider's key into the machine's keyring.

    Raises:
        NoKeyring: There is none, or it did not keep the key.
    """
    try:
        _keyring().set_password(_SERVICE, provider, value)
    except Exception as error:  # Backends raise anything.
        raise NoKeyring(provider, Key("", value).scrub(str(error))) from error
    if _from_keyring(provider) != value:
        raise NoKeyring(provider, "it did not keep the key")


def forget_key(provider: str) -> None:
    """Remove a provider's key from the machine's keyring, if it is there.

    Raises:
        NoKeyring: It is still there.
    """
    if _from_keyring(provider) is None:
        return
    try:
        _keyring().delete_password(_SERVICE, provider)
    except Exception as error:
        raise NoKeyring(provider, str(error)) from error


class NoKeyring(UserError):
    """The machine's keyring cannot be used."""

    def __init__(self, provider: str, said: str) -> None:
        super().__init__(
            f"the keyring of this machine cannot be used: {' '.join(said.split())}; "
            f"set {known(provider).key_variable} in the environment instead"
        )


def _keyring() -> Any:  # noqa: ANN401  # Its own types are wider than what it returns.
    return importlib.import_module("keyring")  # Some backends talk to D-Bus at import.


def _from_keyring(provider: str) -> str | None:
    try:
        return cast("str | None", _keyring().get_password(_SERVICE, provider))
    except Exception:  # noqa: BLE001 - backends raise anything; without a keyring there is no key in it
        return None
