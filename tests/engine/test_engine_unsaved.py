"""Editors that do not say, before a merge, what they have not saved."""

import asyncio
import os
import signal
from typing import Any

import pytest

from engine.engine_home import Home, Watcher, git
from podium.protocol.client import EngineClient, OnNotification
from podium.protocol.wire import Params, WireError

PLAN = "slugify"
UNKNOWN = "does not say whether it has unsaved text; save what you have there and close it"


async def _never(_method: str, _params: object) -> None:
    await asyncio.Event().wait()


def _refuses(_method: str, _params: object) -> None:
    message = "no idea"
    raise WireError(message)


def _babbles(_method: str, _params: object) -> Any:  # noqa: ANN401  # JSON.
    return _answer({"paths": [7]})


def _says_nothing(_method: str, _params: object) -> None:
    pass


async def _answer(said: object) -> object:
    return said


SILENT: dict[str, OnNotification] = {
    "never": _never,
    "refuses": _refuses,
    "babbles": _babbles,
    "says nothing": _says_nothing,
}


@pytest.fixture
async def watcher(home: Home) -> Watcher:
    """One with a run that awaits its merge."""
    watcher = await home.watch()
    await watcher.carry_out(PLAN)
    return watcher


async def asked(home: Home, watcher: Watcher) -> "tuple[EngineClient, asyncio.Task[Params]]":
    """Ask for the merge; return when an editor, which does not answer, is asked."""
    is_asked = asyncio.Event()

    async def hang(_method: str, _params: object) -> None:
        is_asked.set()
        await asyncio.Event().wait()

    editor = await home.connect(on_notification=hang, is_editor=True)
    merge = asyncio.create_task(watcher.client.call("run/merge", plan=PLAN))
    await is_asked.wait()
    return editor, merge


@pytest.mark.parametrize("name", SILENT)
async def test_nothing_is_merged_past_an_editor_that_does_not_say_what_is_unsaved(
    home: Home, watcher: Watcher, name: str
) -> None:
    before = git(home.workspace, "rev-parse", "HEAD")
    editor = await home.connect(on_notification=SILENT[name], is_editor=True)
    with pytest.raises(WireError, match=UNKNOWN):
        await watcher.client.call("run/merge", plan=PLAN)
    assert git(home.workspace, "rev-parse", "HEAD") == before
    await editor.aclose()
    await watcher.client.call("run/merge", plan=PLAN)
    assert (home.workspace / "slug.py").exists()


async def test_an_editor_that_goes_while_it_is_asked_holds_nothing(
    home: Home, watcher: Watcher
) -> None:
    editor, merge = await asked(home, watcher)
    await editor.aclose()
    await merge


async def test_an_engine_that_goes_on_with_a_merge_waits_for_the_editors(
    home: Home, watcher: Watcher
) -> None:
    editor, merge = await asked(home, watcher)
    os.kill(editor.hello["pid"], signal.SIGKILL)
    with pytest.raises(WireError):
        await merge
    after = await home.watch()
    await home.connect(
        on_notification=lambda _method, _params: _answer({"paths": ["slug.py"]}), is_editor=True
    )
    await after.until(lambda it: it.phase(PLAN) == "awaiting merge")
    assert after.requests[PLAN]["problem"].startswith("unsaved text in slug.py")
    assert not (home.workspace / "slug.py").exists()


async def test_a_merge_does_not_land_while_the_engine_hangs_up_on_its_editors(
    home: Home, watcher: Watcher
) -> None:
    editor, merge = await asked(home, watcher)
    await watcher.client.call("engine/stop")
    await editor.closed.wait()
    with pytest.raises(WireError):
        await merge
    await home.end()
    assert not (home.workspace / "slug.py").exists()
