"""A repository with a real engine whose jobs follow a script, for walks over LSP."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

# The harness is made of modules of its own, so that tests can name its types.
sys.path.insert(0, str(Path(__file__).parent))

from lsp_editor import until
from walking import SCRIPT, podium

from engine.engine_home import git


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit."""
    root = tmp_path / "a project\nof ours"
    (root / ".podium/plans").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "config", "user.name", "Ada")
    (root / "README.md").write_text("# Titles\n")
    git(root, "add", "README.md")
    git(root, "commit", "-q", "-m", "Begin")
    return root


@pytest.fixture
def state() -> Iterator[Path]:
    """Where the engine keeps its state; short, as a Unix socket's path has at most 107 bytes."""
    with TemporaryDirectory(prefix="podium-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def env(tmp_path: Path, state: Path) -> dict[str, str]:
    own = {"XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    return dict(os.environ) | own | {"PYTHONPATH": str(SCRIPT.parents[1])}


@pytest.fixture
def patience_s() -> float:
    """How long the engine waits for an editor's answer before it looks after other things."""
    return 10.0


@pytest.fixture
async def engine(
    root: Path, state: Path, env: dict[str, str], patience_s: float
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """An engine whose workers follow a script."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), str(root), "60", str(patience_s)),
        env=env,
        stderr=subprocess.DEVNULL,
    )
    await until(lambda: list(state.glob("podium/*/engine.sock")))
    yield process
    await podium(root, env, "engine", "stop")
    await process.wait()


@pytest.fixture
def hold(engine: object, state: Path) -> Path:  # noqa: ARG001  # It makes the directory.
    """A file that makes the engine's workers wait while it is there."""
    return next(state.glob("podium/*")) / "hold"
