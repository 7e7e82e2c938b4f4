"""Keys that are no keys, and litellm imported once."""

import asyncio
import warnings

import pytest

from models.playing import KEY
from podium.models import litellm_port


@pytest.fixture(scope="session", autouse=True)
def litellm() -> litellm_port.Litellm:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # They are litellm's own.
        return asyncio.run(litellm_port.load())


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
