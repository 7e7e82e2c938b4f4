from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from walk import theatre


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards; short, as a Unix socket's path has at most 107 bytes."""
    with TemporaryDirectory(prefix="podium-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
async def stage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[theatre.Theatre]:
    (folder / "tmp").mkdir()
    environ = {
        # A killed engine cannot remove what its sandbox has put there.
        "TMPDIR": str(folder / "tmp"),
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
