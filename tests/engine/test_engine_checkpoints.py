"""A board restored from checkpoints is the one that all of history folds to."""

import resource
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree

import pytest

from podium import domain
from podium.domain.base import PlanId
from podium.domain.board import Board
from podium.domain.events import Event
from podium.domain.events.people import DocumentChanged, RequestMade
from podium.domain.request import Request
from podium.domain.step import fold
from podium.engine import checkpoints as module
from podium.engine.checkpoints import Checkpoints
from podium.engine.journal import Journal
from podium.engine.journal_file import JournalError

A, B = PlanId("a"), PlanId("b")
EVERY = 10


class CheckpointedJournal:
    """A journal with checkpoints, and what was told to it."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "journal.db"
        self.events: list[Event] = []
        self.journal: Journal
        self.checkpoints: Checkpoints

    async def open(self) -> Board:
        """Restore as an engine that starts."""
        self.journal = Journal(self.path.parent, version="1")
        self.checkpoints = Checkpoints(self.journal)
        return await self.checkpoints.restore()

    async def tell(self, plan: PlanId, n: int) -> None:
        """Record ``n`` more events of a plan."""
        for _ in range(n):
            text = f"edit {len(self.events)}"
            event = DocumentChanged(plan=plan, path="p", hash=text, title=text, n_tasks=1)
            self.events.append(event)
            await self.journal.append([event])
            await self.checkpoints.advance(self.board, [plan])

    @property
    def board(self) -> Board:
        """The board that all of history folds to."""
        plans = Counter(it.plan for it in self.events)
        return Board(
            requests={
                plan: fold((it for it in self.events if it.plan == plan), Request(id=plan))
                for plan in plans
            }
        )

    def saved(self) -> dict[str, int]:
        """Return up to which event each plan is saved."""
        with sqlite3.connect(self.path) as connection:
            rows = connection.execute("SELECT plan, seq FROM checkpoints").fetchall()
        connection.close()
        return dict(rows)

    def alter(self, sql: str) -> None:
        """Change the file behind the journal's back."""
        with sqlite3.connect(self.path) as connection:
            connection.execute(sql)
        connection.close()


@pytest.fixture
async def history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CheckpointedJournal]:
    monkeypatch.setattr(module, "EVERY", EVERY)
    history = CheckpointedJournal(tmp_path)
    await history.open()
    yield history
    await history.journal.aclose()


async def test_a_request_is_saved_whenever_enough_has_happened(
    history: CheckpointedJournal,
) -> None:
    await history.tell(A, EVERY - 1)
    await history.tell(B, 2)
    assert history.saved() == {}
    await history.tell(A, 1)
    assert history.saved() == {"a": 12}
    await history.tell(A, EVERY)
    assert history.saved() == {"a": 22}


async def test_what_came_after_a_checkpoint_is_folded_onto_it(history: CheckpointedJournal) -> None:
    await history.tell(B, 1)
    await history.tell(A, EVERY + 3)
    await history.tell(B, 2)
    before = history.saved()
    await history.journal.aclose()
    board = await history.open()
    assert board == history.board
    assert list(board.requests) == [B, A]  # In the order of their first events, as ever.
    assert history.saved() == before == {"a": 11}


async def test_a_checkpoint_spares_reading_what_it_was_made_of(
    history: CheckpointedJournal,
) -> None:
    await history.tell(A, EVERY + 1)
    await history.journal.aclose()
    history.alter("UPDATE events SET body = 'gone' WHERE seq <= 10")
    assert await history.open() == history.board


async def test_events_behind_a_checkpoint_are_still_refused(history: CheckpointedJournal) -> None:
    await history.tell(A, EVERY + 1)
    await history.journal.aclose()
    history.alter('UPDATE events SET body = \'{"kind":"dreamt"}\' WHERE seq = 11')
    with pytest.raises(JournalError, match=r"event 11 in .* is not one that this Podium"):
        await history.open()


async def test_a_long_fold_is_saved_at_once_of_every_plan(history: CheckpointedJournal) -> None:
    await history.journal.append(
        [RequestMade(plan=plan, text="do", path="p") for plan in (A, B) for _ in range(6)]
    )
    await history.journal.aclose()
    await history.open()
    assert history.saved() == {"a": 12, "b": 12}


SPOILT: dict[str, str] = {
    "folded by other code": "UPDATE checkpoints SET fold = 'older'",
    "no JSON": "UPDATE checkpoints SET body = '{'",
    "of other fields": 'UPDATE checkpoints SET body = \'{"id":"a","mood":1}\'',
    "ahead of the events": 'UPDATE checkpoints SET seq = 99, body = \'{"id":"a"}\'',
    "none": "DROP TABLE checkpoints",
}


@pytest.mark.parametrize("sql", [pytest.param(it, id=name) for name, it in SPOILT.items()])
async def test_a_checkpoint_that_does_not_count_costs_time_only(
    history: CheckpointedJournal, sql: str
) -> None:
    await history.tell(A, EVERY + 1)
    await history.journal.aclose()
    history.alter(sql)
    assert await history.open() == history.board
    assert history.saved() == {"a": 11}


@pytest.mark.parametrize("source", ["step.py", "transitions/tasks.py"])
async def test_a_change_of_what_folds_makes_checkpoints_count_no_more(
    history: CheckpointedJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    copy = copytree(domain.__path__[0], tmp_path / "domain")
    monkeypatch.setattr(domain, "__path__", [str(copy)])
    await history.journal.aclose()
    await history.open()
    await history.tell(A, EVERY + 1)
    await history.journal.aclose()
    history.alter("UPDATE events SET body = 'gone' WHERE seq = 1")
    with (copy / source).open("a") as file:
        file.write("# changed\n")
    with pytest.raises(JournalError, match="event 1 "):
        await history.open()


async def test_a_checkpoint_that_cannot_be_written_stops_nothing(
    history: CheckpointedJournal,
) -> None:
    await history.tell(A, EVERY - 1)
    large = DocumentChanged(plan=A, path="p", hash="h", title="x" * 300_000)
    history.events.append(large)
    await history.journal.append([large])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        await history.checkpoints.advance(history.board, [A])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert history.saved() == {}
    await history.journal.aclose()
    assert await history.open() == history.board
