"""A workspace with real engines, and clients of them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from podium.protocol.client import EngineClient, OnNotification
from podium.protocol.wire import Params
from podium.workspace.state import state_directory

SCRIPT = Path(__file__).with_name("engine_process.py")


class Watcher:
    """A client that keeps the board as it is told."""

    def __init__(self) -> None:
        self.client: EngineClient
        self.requests: dict[str, Params] = {}
        self.notices: list[str] = []
        self.messages: list[tuple[str, Params]] = []
        self._news = asyncio.Event()

    def take(self, method: str, params: Params) -> None:
        self.messages.append((method, params))
        if method == "board/changed":
            self.update(params)

    def update(self, params: Params) -> None:
        self.requests |= {it["id"]: it for it in params["requests"]}
        self.notices = params["notices"]
        self._news.set()

    async def until(self, holds: Callable[["Watcher"], Any]) -> None:
        async with asyncio.timeout(20):
            while not holds(self):
                self._news.clear()
                await self._news.wait()

    def is_planned(self, plan: str) -> bool:
        """Return whether a plan with tasks is in the document, and nothing is under way."""
        request = self.requests.get(plan, {"n_tasks": 0})
        return request["n_tasks"] > 0 and not request["outstanding"]

    async def carry_out(self, plan: str) -> None:
        """Have a plan made, approved and carried out, up to where its merge is awaited."""
        call = self.client.call
        await call("plan/request", text="Make titles into slugs.", path=f".podium/plans/{plan}.md")
        await self.until(lambda it: it.is_planned(plan))
        hash_ = (await call("plan/check", plan=plan))["hash"]
        await call("plan/approve", plan=plan, hash=hash_, by="me")
        await call("run/start", plan=plan)
        await self.until(lambda it: it.phase(plan) == "awaiting merge")

    def phase(self, plan: str) -> str | None:
        return self.requests[plan]["phase"] if plan in self.requests else None


class Home:
    """One workspace, whose engines all end with the test."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.state = state_directory(workspace)
        self.clients: list[EngineClient] = []
        self.pids: set[int] = set()

    def command(self, idle_s: float = 60) -> tuple[str, ...]:
        return (sys.executable, str(SCRIPT), str(self.workspace), str(idle_s))

    async def connect(
        self,
        *,
        start: bool = True,
        idle_s: float = 60,
        on_notification: OnNotification = lambda _method, _params: None,
        is_editor: bool = False,
    ) -> EngineClient:
        client = await EngineClient.connect(
            self.workspace,
            start=start,
            command=self.command(idle_s),
            on_notification=on_notification,
            is_editor=is_editor,
        )
        self.clients.append(client)
        self.pids.add(client.hello["pid"])
        return client

    async def watch(self) -> Watcher:
        watcher = Watcher()
        watcher.client = await self.connect(on_notification=watcher.take)
        watcher.update(await watcher.client.call("board/subscribe"))
        return watcher

    def jobs(self) -> list[str]:
        path = self.state / "jobs.txt"
        return path.read_text().split() if path.exists() else []

    def log(self) -> str:
        return (self.state / "engine.log").read_text()

    async def end(self) -> None:
        for it in self.clients:
            await it.aclose()
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        for pid in self.pids:
            while is_alive(pid):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Return whether the process runs; a zombie does not."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def git(workspace: Path, *arguments: str) -> str:
    command = ["git", "-C", str(workspace), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what another process does; it has no way to tell."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  # As above.
            await asyncio.sleep(0.01)
