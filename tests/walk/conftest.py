from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from walk import theatre


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[theatre.Stage]:
    # Short: a Unix socket's path has at most 107 bytes.
    folder = Path(mkdtemp(prefix="podium-"))
    environ = {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "OPENAI_API_KEY": "sk-scripted",
        "ANTHROPIC_API_KEY": "sk-scripted",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with theatre.stage(folder, environ) as stage:
        yield stage
