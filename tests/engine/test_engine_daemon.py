import asyncio
import os
import resource
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from engine.engine_home import Home, is_alive, until
from engine.engine_process import PLAN
from podium.document.hashing import intent_hash
from podium.protocol import client as client_module
from podium.protocol.client import IS_RUNNING_ALREADY, EngineClient, NoEngine
from podium.protocol.wire import Params, WireError
from podium.workspace.state import socket_path, state_directory

REQUEST = {"text": "Make titles into slugs."}


def run(home: Home) -> tuple[int, str]:
    """Start an engine in the foreground; return its exit status and what it said."""
    ended = subprocess.run(home.command(), capture_output=True, text=True, timeout=30, check=False)
    return ended.returncode, ended.stderr


async def gone(pid: int) -> None:
    await until(lambda: not is_alive(pid))


async def test_the_first_client_starts_it_and_the_second_sees_the_same_board(home: Home) -> None:
    first, second = await home.watch(), await home.watch()
    assert first.client.hello == second.client.hello
    assert first.client.hello["workspace"] == str(home.workspace)
    asked = await first.client.call("plan/request", **REQUEST)
    assert asked == {
        "plan": "make-titles-into-slugs",
        "path": ".podium/plans/make-titles-into-slugs.md",
    }
    for watcher in (first, second):
        await watcher.until(lambda it: it.is_planned(asked["plan"]))
    assert first.requests == second.requests
    assert (home.workspace / asked["path"]).read_text().startswith("---\npodium: 1")


async def test_many_clients_at_once_start_one_engine(home: Home) -> None:
    clients = await asyncio.gather(*(home.connect() for _ in range(4)))
    assert len({it.hello["pid"] for it in clients}) == 1


async def test_without_start_there_is_no_engine(home: Home) -> None:
    with pytest.raises(NoEngine, match="no engine runs for"):
        await home.connect(start=False)


async def test_its_files_are_private_and_outside_the_repository(home: Home) -> None:
    client = await home.connect()
    status = await client.call("engine/status")
    assert status["state"] == str(home.state)
    assert status["state_bytes"]["journal"] >= (home.state / "journal.db").stat().st_size
    assert home.workspace not in home.state.parents
    assert stat.S_IMODE(home.state.stat().st_mode) == 0o700
    modes = {it.name: stat.S_IMODE(it.stat().st_mode) for it in home.state.iterdir()}
    assert modes.keys() >= {"engine.sock", "engine.lock", "engine.pid", "engine.log", "journal.db"}
    assert set(modes.values()) == {0o600}
    assert not (home.workspace / ".podium").exists()


async def test_it_stops_when_told_and_leaves_nothing_behind(home: Home) -> None:
    heard: list[str] = []
    client = await home.connect(on_notification=lambda method, _: heard.append(method))
    assert await client.call("engine/stop") == {}
    await client.closed.wait()
    assert heard == ["engine/stopping"]
    await gone(client.hello["pid"])
    left = {it.name for it in home.state.iterdir()}
    assert left == {"engine.lock", "engine.log", "journal.db"}
    assert "engine.stopped" in home.log()


async def test_it_stops_although_a_client_does_not_read(home: Home) -> None:
    client = await home.connect()
    with socket.socket(socket.AF_UNIX) as stuck:
        stuck.connect(str(socket_path(home.workspace)))
        stuck.sendall(b'{"id": 1, "method": "engine/status"}\n' * 3000)
        os.kill(client.hello["pid"], signal.SIGTERM)
        await gone(client.hello["pid"])


async def test_it_leaves_when_it_is_idle(home: Home) -> None:
    client = await home.connect(idle_s=0.3)
    await asyncio.sleep(0.5)
    assert await client.call("engine/status")
    await client.aclose()
    await gone(client.hello["pid"])
    assert "engine.idle" in home.log()


async def test_it_does_not_leave_while_a_job_is_due(home: Home) -> None:
    (home.state / "hold").touch()
    client = await home.connect(idle_s=0.2)
    await client.call("plan/request", **REQUEST)
    await client.aclose()
    await asyncio.sleep(0.6)
    assert is_alive(client.hello["pid"])
    (home.state / "hold").unlink()
    await gone(client.hello["pid"])


async def test_after_kill_9_the_next_client_finds_everything(home: Home) -> None:
    (home.state / "hold").touch()
    before = await home.watch()
    plan = (await before.client.call("plan/request", **REQUEST))["plan"]
    for n_killed in range(1, 4):
        await until(partial(_has_begun, home, n_killed))
        os.kill(before.client.hello["pid"], signal.SIGKILL)
        await before.client.closed.wait()
        assert (home.state / "engine.sock").exists()
        after = await home.watch()
        assert after.client.hello["pid"] != before.client.hello["pid"]
        assert after.phase(plan) == "planning"
        before = after
    (home.state / "hold").unlink()
    await before.until(lambda it: it.is_planned(plan))
    drafts, rest = home.jobs()[:4], home.jobs()[4:]
    assert len(set(drafts)) == 1
    assert len(rest) == len(set(rest)) == 1


def _has_begun(home: Home, n_jobs: int) -> bool:
    return len(home.jobs()) >= n_jobs


async def test_a_stale_socket_and_a_dead_pid_are_replaced(home: Home) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(home.state / "engine.sock"))
    (home.state / "engine.pid").write_text("999999999\n")
    client = await home.connect()
    assert int((home.state / "engine.pid").read_text()) == client.hello["pid"]


async def test_a_second_engine_says_that_one_runs(home: Home) -> None:
    await home.connect()
    assert await asyncio.to_thread(run, home) == (
        IS_RUNNING_ALREADY,
        "podium: the engine of this workspace is already running\n",
    )


async def test_a_client_that_connects_while_one_ends_gets_a_new_one(home: Home) -> None:
    first = await home.connect()
    await first.call("engine/stop")
    second = await home.connect()
    assert second.hello["pid"] != first.hello["pid"]


def damage(state: Path) -> None:
    (state / "journal.db").write_bytes(b"no database" * 100)


def come_from_the_future(state: Path) -> None:
    with sqlite3.connect(state / "journal.db") as connection:
        connection.execute("CREATE TABLE writer (podium TEXT)")
        connection.execute("INSERT INTO writer VALUES ('7.7')")
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def put_a_directory_there(state: Path) -> None:
    (state / "journal.db").mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (damage, r"the journal '.*journal.db' is damaged"),
        (come_from_the_future, r"journal.db' was written by Podium 7.7, which is newer than"),
        (put_a_directory_there, r"the journal '.*journal.db' cannot be used"),
    ],
    ids=["damaged", "newer", "directory"],
)
async def test_why_it_cannot_start_reaches_the_client(
    home: Home, spoil: "object", message: str
) -> None:
    assert callable(spoil)
    spoil(home.state)
    with pytest.raises(NoEngine, match=message):
        await home.connect()
    assert "Traceback" not in home.log()


def test_it_ends_with_status_2_when_it_cannot_start(home: Home) -> None:
    (home.state / "engine.lock").mkdir()
    assert run(home) == (
        2,
        f"podium: cannot use {str(home.state / 'engine.lock')!r}: Is a directory\n",
    )


async def test_a_start_that_only_crashes_names_the_log(home: Home) -> None:
    with pytest.raises(NoEngine, match=r"ended with status 9 at its start; its log is '.*log'"):
        await EngineClient.connect(home.workspace, command=("/bin/sh", "-c", "exit 9"))


async def test_a_long_state_path_is_no_obstacle(
    surroundings: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = surroundings / ("l" * 120)
    long.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(long))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(surroundings / "h"))
    client = await home.connect()
    status = await client.call("engine/status")
    assert status["state"] == str(state_directory(home.workspace))


async def test_a_broken_configuration_is_a_notice(home: Home, surroundings: Path) -> None:
    watcher = await home.watch()
    path = surroundings / "c" / "podium" / "config.toml"
    path.parent.mkdir()
    path.write_text("[limits]\njobs = 'many'\n")
    await watcher.until(lambda it: any("config.toml" in notice for notice in it.notices))
    path.unlink()
    await watcher.until(lambda it: it.notices == [])


async def test_an_engine_that_does_not_answer_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await home.connect()
    monkeypatch.setattr(client_module, "HELLO_TIMEOUT_S", 0.2)
    os.kill(first.hello["pid"], signal.SIGSTOP)
    try:
        with pytest.raises(NoEngine, match=r"does not answer; kill the process that '.*engine.pid"):
            await home.connect()
    finally:
        os.kill(first.hello["pid"], signal.SIGCONT)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of other processes: Linux")
async def test_a_full_disk_is_said_and_survived(home: Home) -> None:
    watcher = await home.watch()
    call, pid = watcher.client.call, watcher.client.hello["pid"]
    plan = (await call("plan/request", **REQUEST))["plan"]
    await watcher.until(lambda it: it.is_planned(plan))
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    with pytest.raises(WireError, match=r"journal\.db' cannot be written .* disk full\?"):
        await call("plan/reject", plan=plan, reason="not like this")
    await watcher.until(lambda it: any("disk full" in notice for notice in it.notices))
    assert watcher.phase(plan) == "awaiting approval"
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    await call("plan/reject", plan=plan, reason="not like this")
    await watcher.until(lambda it: it.requests[plan]["revision"] == 2 and it.is_planned(plan))
    assert watcher.notices == []
    assert len(home.jobs()) == len(set(home.jobs()))


PLAN_NAMES = [f"plan-{number}" for number in range(20)]
FIRST_REQUESTS: dict[str, tuple[str, Params, Callable[[Params], bool]]] = {
    "approve": (
        "plan/approve",
        {"plan": PLAN_NAMES[-1], "hash": intent_hash(PLAN), "by": "ada"},
        lambda answer: answer["plan"] == PLAN_NAMES[-1],
    ),
    "status": (
        "board/get",
        {},
        lambda answer: sorted(it["id"] for it in answer["requests"]) == sorted(PLAN_NAMES),
    ),
    "the editor's board": (
        "board/subscribe",
        {},
        lambda answer: all(it["phase"] == "awaiting approval" for it in answer["requests"]),
    ),
}


@pytest.mark.parametrize(
    ("method", "params", "fits"), FIRST_REQUESTS.values(), ids=FIRST_REQUESTS.keys()
)
async def test_its_first_answer_knows_the_plans_that_lie_on_disk(
    home: Home, method: str, params: Params, fits: Callable[[Params], bool]
) -> None:
    folder = home.workspace / ".podium/plans"
    folder.mkdir(parents=True)
    for name in PLAN_NAMES:
        (folder / f"{name}.md").write_text(PLAN)
    client = await home.connect()
    assert fits(await client.call(method, **params))
