import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.engine_home import until
from podium.domain.base import PlanId, RunId, TaskId, TreeHash
from podium.domain.board import Board
from podium.domain.plan import Plan, Task
from podium.domain.request import Phase, Request
from podium.domain.run import Judgement, Run, TaskRun
from podium.domain.verdict import Complaint, Gate, Outcome, Verdict
from podium.engine.subscriptions import MAX_REQUEST_BYTES, Subscriptions
from podium.protocol.wire import MAX_FRAME_BYTES, Params, Peer


class Room:
    """A board that tests change, and peers that watch it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.board = Board()
        self.notices: tuple[str, ...] = ()
        self.subscriptions = Subscriptions(lambda: self.board, lambda: self.notices)
        self.peers: list[Peer] = []
        self.writers: list[asyncio.StreamWriter] = []

    def change(self, plan: str, title: str) -> None:
        self.board = self.board.with_request(Request(id=PlanId(plan), title=title))
        self.subscriptions.mark([PlanId(plan)])

    async def join(self, limit: int = MAX_FRAME_BYTES) -> asyncio.StreamReader:
        n_peers = len(self.peers)
        reader, writer = await asyncio.open_unix_connection(self.path, limit=limit)
        self.writers.append(writer)
        await until(lambda: len(self.peers) > n_peers)
        self.subscriptions.add(self.peers[-1])
        return reader


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    room = Room(tmp_path / "s")

    async def nothing(_method: str, _params: Params) -> None: ...

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        room.peers.append(Peer(reader, writer, nothing))
        await room.peers[-1].run()

    server = await asyncio.start_unix_server(serve, room.path)
    yield room
    server.close()
    for it in room.writers:
        it.close()
    for it in room.peers:
        await it.aclose()
    await room.subscriptions.aclose()


async def changed(reader: asyncio.StreamReader) -> Any:  # noqa: ANN401  # JSON.
    message = json.loads(await reader.readline())
    assert message["method"] == "board/changed"
    return message["params"]


def titles(params: Any) -> dict[str, str]:  # noqa: ANN401  # JSON.
    return {it["id"]: it["title"] for it in params["requests"]}


async def test_a_message_holds_only_what_changed(room: Room) -> None:
    room.change("a", "1")
    room.change("b", "1")
    reader = await room.join()
    room.change("b", "2")
    assert titles(await changed(reader)) == {"b": "2"}
    room.notices = ("the disk is full",)
    room.subscriptions.mark()
    assert await changed(reader) == {"requests": [], "notices": ["the disk is full"]}
    assert titles(json.loads(room.subscriptions.snapshot())) == {"a": "1", "b": "2"}


async def test_a_burst_becomes_one_message(room: Room) -> None:
    reader = await room.join()
    room.change("a", "first")
    assert titles(await changed(reader)) == {"a": "first"}
    for number in range(100):
        room.change("a", str(number))
        room.change("b", str(number))
    assert titles(await changed(reader)) == {"a": "99", "b": "99"}


async def test_a_reader_that_sleeps_holds_up_nobody(room: Room) -> None:
    asleep = await room.join(limit=1_100_000)
    awake = await room.join()
    for number in range(30):
        room.change("a", f"{number} " + "x" * 1_000_000)
        assert titles(await changed(awake))["a"].startswith(f"{number} ")
    n_messages, last = 0, ""
    while not last.startswith("29 "):
        last = titles(await changed(asleep))["a"]
        n_messages += 1
    assert n_messages < 30


async def test_a_watcher_that_is_gone_is_forgotten(room: Room) -> None:
    await room.join()
    room.writers[0].close()
    await room.peers[0].closed.wait()
    room.subscriptions.remove(room.peers[0])
    room.change("a", "1")
    reader = await room.join()
    room.change("a", "2")
    assert titles(await changed(reader)) == {"a": "2"}


def judged(output: str, phase: Phase = Phase.RUNNING) -> Request:
    verdict = Verdict(
        gate=Gate.SUITE,
        outcome=Outcome.FAILED,
        tree=TreeHash("t"),
        summary="1 failed",
        output=output,
        complaints=(Complaint(message="wrong"),),
    )
    history = (Judgement(attempt=1, verdict=verdict),)
    task = TaskRun(task=Task(id=TaskId("T1"), title="t"), history=history)
    run = Run(
        id=RunId("a-1"),
        hash="h",
        content=Plan(id=PlanId("a")),
        budget_usd=Decimal(1),
        tasks={TaskId("T1"): task},
        judgements=(verdict,),
    )
    return Request(id=PlanId("a"), approved=Plan(id=PlanId("a")), phase=phase, run=run)


@pytest.mark.parametrize(
    ("request_", "has_outputs"),
    [
        (judged("short"), True),
        (judged("x" * MAX_REQUEST_BYTES), False),
        (judged("short", Phase.DONE), False),
    ],
    ids=["usual", "large", "past"],
)
async def test_outputs_stay_out_of_what_is_large_or_past(
    room: Room, request_: Request, *, has_outputs: bool
) -> None:
    room.board = room.board.with_request(request_)
    [told] = json.loads(room.subscriptions.snapshot())["requests"]
    run = Request.model_validate(told).run
    assert run is not None
    for verdict in (run.tasks[TaskId("T1")].history[0].verdict, run.judgements[0]):
        assert bool(verdict.output) is has_outputs
        assert verdict.complaints == (Complaint(message="wrong"),)
    assert "approved" not in told
