"""Where the demo happens: a fresh repository, a configuration and a state of their own.

Everything lies below one directory; nothing of the user's configuration, keys or git settings is
read.  The scripted server and the engine are ended when the stage is left, however that happens.

Only the stage starts the engine, before anybody else is there to start one.  Were it left to the
editor and the view, both would; the second waits for the first one's lock, and takes over just
when the stage has ended the first.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncGenerator, Coroutine, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from podium.demo.scripted_process import serve_in_process
from podium.errors import UserError
from podium.protocol.client import EngineClient, NoEngine
from podium.protocol.wire import WireError
from podium.workspace.state import state_directory

SAMPLE = Path(__file__).with_name("sample_project")
SCENARIO = Path(__file__).with_name("scenario.toml")
KEY_VARIABLE = "PODIUM_DEMO_KEY"
KEY = "sk-scripted"
ENGINE_ENDS_WITHIN_S = 10.0

CONFIGURATION = """\
# Podium's demo: both providers are the scripted server on this machine.
[providers.anthropic]
api_base = "{url}"
api_key_env = "{key}"

[providers.openai]
api_base = "{url}/v1"
api_key_env = "{key}"

[categories]
quick = ["openai/gpt-scripted", "anthropic/claude-scripted"]
writing = ["anthropic/claude-scripted", "openai/gpt-scripted"]
unspecified-low = ["anthropic/claude-scripted", "openai/gpt-scripted"]
unspecified-high = ["anthropic/claude-scripted", "openai/gpt-scripted"]

[models."anthropic/claude-scripted"]
input_usd_per_mtok = 3
output_usd_per_mtok = 15
context_tokens = 200000
max_output_tokens = 8000

[models."openai/gpt-scripted"]
input_usd_per_mtok = 2
output_usd_per_mtok = 10
context_tokens = 200000
max_output_tokens = 8000

[budget]
run_usd = 2

[limits]
engine_idle_s = 60
"""


class Stage(NamedTuple):
    """A stage that is set."""

    home: Path
    project: Path


@asynccontextmanager
async def set_stage(home: Path) -> AsyncGenerator[Stage]:
    """Give a project with its own configuration and a provider while the context is open.

    This process and those that it starts see the stage's configuration and state meanwhile.

    Args:
        home: An empty directory, or one that does not exist; what is put there stays.

    Raises:
        UserError: The directory cannot be used, or git is missing.
    """
    _make_empty(home)
    project = home / "project"
    environment = {
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        KEY_VARIABLE: KEY,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONSAFEPATH": "1",
    }
    with _environment(environment):
        make_project(project)
        async with serve_in_process(SCENARIO, log=home / "provider.log") as url:
            folder = home / "config" / "podium"
            folder.mkdir(parents=True)
            (folder / "config.toml").write_text(CONFIGURATION.format(url=url, key=KEY_VARIABLE))
            starting = asyncio.ensure_future(_start_engine(project))
            try:
                await asyncio.shield(starting)
                yield Stage(home, project)
            finally:
                await _to_its_end(_end_engine(project, starting))


def make_project(project: Path) -> None:
    """Put the sample project into a fresh repository with one commit.

    Raises:
        UserError: git is missing or refuses.
    """
    shutil.copytree(SAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "config", "user.name", "Demo User")
    git(project, "config", "user.email", "demo@podium.invalid")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Durations of hours, minutes and seconds")


def git(project: Path, *arguments: str) -> str:
    """Return what git says in the demo's own repository.

    Raises:
        UserError: git is missing or refuses.
    """
    try:
        done = subprocess.run(
            ("git", *arguments), cwd=project, check=True, capture_output=True, text=True
        )
    except FileNotFoundError:
        message = "git is not installed; install it and try again"
        raise UserError(message) from None
    except subprocess.CalledProcessError as error:
        message = f"git {arguments[0]} failed in {str(project)!r}: {error.stderr.strip()}"
        raise UserError(message) from None
    return done.stdout


async def _start_engine(workspace: Path) -> None:
    client = await EngineClient.connect(workspace, name="podium demo")
    await client.aclose()


async def _end_engine(workspace: Path, starting: asyncio.Future[None]) -> None:
    """End the engine, also one that is only starting, and wait until its process is gone."""
    await asyncio.wait([starting])
    pid = _pid(state_directory(workspace) / "engine.pid")
    if starting.exception() is not None or pid is None:
        return  # It did not start, or has ended already.
    with contextlib.suppress(NoEngine, WireError, TimeoutError):
        async with asyncio.timeout(ENGINE_ENDS_WITHIN_S):
            client = await EngineClient.connect(workspace, start=False, name="demo's end")
            await client.call("engine/stop")
            await client.aclose()
    deadline = time.monotonic() + ENGINE_ENDS_WITHIN_S
    while _is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        await asyncio.sleep(0.02)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Do ``work`` however often this task is cancelled meanwhile."""
    doing = asyncio.ensure_future(work)
    while not doing.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(doing)
    doing.result()


def _pid(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _make_empty(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        is_used = any(home.iterdir())
    except OSError as error:
        message = f"cannot use {str(home)!r} for the demo: {error.strerror}"
        raise UserError(message) from None
    if is_used:
        message = f"{str(home)!r} is not empty; name a directory that is, or a new one"
        raise UserError(message)


@contextmanager
def _environment(changes: Mapping[str, str]) -> Generator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
