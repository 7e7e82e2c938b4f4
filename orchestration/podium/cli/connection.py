"""Talking to the engine for the time of one command."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from podium.domain.request import Request
from podium.protocol.client import EngineClient, NoEngine, OnNotification
from podium.protocol.wire import Params

Answer = TypeVar("Answer")


@asynccontextmanager
async def connected(
    workspace: Path,
    *,
    start: bool = True,
    on_notification: OnNotification = lambda _method, _params: None,
) -> AsyncGenerator[EngineClient]:
    """Give a connection while the context is open.

    Raises:
        NoEngine: None runs, or it could not be started.
    """
    name = " ".join(("podium", *sys.argv[1:2]))
    client = await EngineClient.connect(
        workspace, start=start, on_notification=on_notification, name=name
    )
    try:
        yield client
    finally:
        await client.aclose()


def ask_engine(
    workspace: Path, question: Callable[[EngineClient], Coroutine[Any, Any, Answer]]
) -> Answer:
    """Return what ``question`` learns from the engine, which is started if it does not run."""

    async def asking() -> Answer:
        async with connected(workspace) as client:
            return await question(client)

    return asyncio.run(asking())


async def get_requests(client: EngineClient) -> tuple[Request, ...]:
    """Return every request on the board."""
    return requests_of(await client.call("board/get"))


def requests_of(board: Params) -> tuple[Request, ...]:
    """Return the requests of an answer or a notification."""
    return tuple(Request.model_validate(it) for it in board["requests"])


async def follow(
    workspace: Path, show: Callable[[dict[str, Request], tuple[str, ...]], Awaitable[bool] | bool]
) -> None:
    """Call ``show`` with the whole board now and after each change, until it returns True.

    Raises:
        NoEngine: There is none and none can be started, or it went away.
    """
    changes: asyncio.Queue[Params] = asyncio.Queue()

    def take(method: str, params: Params) -> None:
        if method == "board/changed":
            changes.put_nowait(params)

    async with connected(workspace, on_notification=take) as client:
        board: dict[str, Request] = {}
        news = await client.call("board/subscribe")
        while True:
            board |= {it.id: it for it in requests_of(news)}
            is_enough = show(board, tuple(news.get("notices", ())))
            if is_enough if isinstance(is_enough, bool) else await is_enough:
                return
            news = await _next(client, changes)


async def _next(client: EngineClient, changes: "asyncio.Queue[Params]") -> Params:
    """Return the next change; raises when the engine goes away before there is one."""
    waiting = {
        asyncio.ensure_future(changes.get()),
        asyncio.ensure_future(client.closed.wait()),
    }
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for it in rest:
        it.cancel()
    for it in done:
        found = it.result()
        if isinstance(found, dict):
            return found
    message = "the engine went away; run the command again to start it anew"
    raise NoEngine(message)
