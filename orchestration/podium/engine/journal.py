"""The journal: every event and every transcript, in one SQLite file.

A dedicated thread owns the connection and commits everything that waits in one
transaction (group commit), so that the event loop never waits for the disk and a
burst of appends costs one fsync.  After any failure the connection is opened anew:
SQLite then rolls back what was half-written, and writing goes on once there is
space again.  What a kill leaves behind in the write-ahead log is SQLite's business.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

from podium.domain.base import PlanId
from podium.domain.events import EVENT, Event
from podium.domain.transcript import Message
from podium.engine.journal_file import JournalError, LastRows, explain, last_rows, open_file
from podium.jobs.port import Addition

FILE: Final = "journal.db"
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)

Query: TypeAlias = Callable[[sqlite3.Connection], Any]


class Checkpoint(NamedTuple):
    """A request as of event ``seq``, as JSON."""

    seq: int
    body: str


class _Append(NamedTuple):
    """One caller's rows, already JSON, and whom to tell."""

    events: list[tuple[str, float, str, str]]
    said: list[tuple[str, str]]
    done: "asyncio.Future[None]"


class _Asked(NamedTuple):
    query: Query
    done: "asyncio.Future[Any]"


class Journal:
    """An open journal.

    Args:
        directory: The state directory.
        version: Which Podium writes, for the message that an older one shows.

    Raises:
        JournalError: It belongs to a newer Podium, is damaged, or cannot be opened.
    """

    def __init__(self, directory: Path, *, version: str) -> None:
        self.path = directory / FILE
        self._version = version
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Append | _Asked | None] = queue.SimpleQueue()
        self._last: LastRows | None = None
        self._connection: sqlite3.Connection | None = self._open()
        self._thread = threading.Thread(target=self._serve, name="journal", daemon=True)
        self._thread.start()

    async def append(self, events: Sequence[Event], transcripts: Sequence[Addition] = ()) -> None:
        """Append in one transaction; durable when it returns.

        Raises:
            JournalError: Nothing of it was written.
        """
        rows = [(str(it.plan), it.at, it.kind, it.model_dump_json()) for it in events]
        said = [
            (it.conversation, message.model_dump_json())
            for it in transcripts
            for message in it.messages
        ]
        done: asyncio.Future[None] = self._loop.create_future()
        self._queue.put(_Append(rows, said, done))
        await done

    async def load_events(
        self, *, plan: PlanId | None = None, kind: str | None = None, after: int = 0
    ) -> tuple[Event, ...]:
        """Return the events after number ``after`` in order; of one plan or kind if given."""
        asked = {"plan": plan, "kind": kind}
        # With the plus, SQLite looks for the plan or kind instead of walking the numbers.
        where = ["+seq > :after", *(f"{name} = :{name}" for name, it in asked.items() if it)]
        sql = f"SELECT seq, body FROM events WHERE {' AND '.join(where)} ORDER BY seq"  # noqa: S608  # Names of columns.
        rows: list[tuple[int, str]] = await self._ask(
            lambda connection: connection.execute(sql, asked | {"after": after}).fetchall()
        )
        return tuple(self._event(seq, body) for seq, body in rows)

    async def load_plans(self) -> tuple[PlanId, ...]:
        """Return the plans that have events, in the order of their first."""
        sql = "SELECT plan FROM events GROUP BY plan ORDER BY MIN(seq)"
        rows: list[tuple[PlanId]] = await self._ask(
            lambda connection: connection.execute(sql).fetchall()
        )
        return tuple(plan for (plan,) in rows)

    async def load_checkpoint(self, plan: PlanId, fold: str) -> Checkpoint | None:
        """Return what `save_checkpoint` saved last, unless another ``fold`` made it."""
        sql = "SELECT seq, body FROM checkpoints WHERE plan = ? AND fold = ?"
        row: tuple[int, str] | None = await self._ask(
            lambda connection: connection.execute(sql, (plan, fold)).fetchone()
        )
        return Checkpoint(*row) if row else None

    async def save_checkpoint(self, plan: PlanId, fold: str, body: str) -> None:
        """Save what every event so far has made of a request, in place of what was saved before.

        Raises:
            JournalError: It was not saved.
        """
        sql = "REPLACE INTO checkpoints VALUES (?, (SELECT MAX(seq) FROM events), ?, ?)"
        await self._ask(lambda connection: connection.execute(sql, (plan, fold, body)).fetchone())

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        """Return the conversation's messages in order, none when it has not begun."""
        sql = "SELECT body FROM transcripts WHERE conversation = ? ORDER BY n"
        rows: list[tuple[str]] = await self._ask(
            lambda connection: connection.execute(sql, (conversation,)).fetchall()
        )
        return tuple(MESSAGE.validate_json(body) for (body,) in rows)

    async def load_conversations(self) -> tuple[str, ...]:
        """Return the keys of all conversations."""
        sql = "SELECT DISTINCT conversation FROM transcripts"
        rows: list[tuple[str]] = await self._ask(
            lambda connection: connection.execute(sql).fetchall()
        )
        return tuple(conversation for (conversation,) in rows)

    async def forget(self, conversations: Iterable[str]) -> None:
        """Remove transcripts; the file keeps its size, and the space in it is used again.

        Raises:
            JournalError: None was removed.
        """
        keys = [(it,) for it in conversations]

        def remove(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM transcripts WHERE conversation = ?", keys)
            connection.execute("COMMIT")
            self._last = last_rows(connection)  # A row's number may be used again.

        await self._ask(remove)

    async def aclose(self) -> None:
        """Write what is pending and close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _ask(self, query: Query) -> Any:  # noqa: ANN401  # The query decides.
        done: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(_Asked(query, done))
        return await done

    def _event(self, seq: int, body: str) -> Event:
        try:
            return EVENT.validate_json(body)
        except ValidationError as error:
            message = (
                f"event {seq} in {str(self.path)!r} is not one that this Podium ({self._version}) "
                f"knows: {error.errors()[0]['msg']}; use the version that wrote it, or move "
                "the file away to start without history"
            )
            raise JournalError(message) from None

    # ── below this line everything runs in the journal's thread, but for the first open ──

    def _serve(self) -> None:
        is_open = True
        while is_open:
            waiting = [self._queue.get()]
            with suppress(queue.Empty):
                while True:
                    waiting.append(self._queue.get_nowait())
            appends = [it for it in waiting if isinstance(it, _Append)]
            if appends:
                _, failure = self._attempt(partial(self._write, appends))
                self._tell([(it.done, None, failure) for it in appends])
            for it in waiting:
                if isinstance(it, _Asked):
                    self._tell([(it.done, *self._attempt(it.query))])
            is_open = None not in waiting
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()

    def _attempt(self, query: Query) -> tuple[Any, JournalError | None]:
        """Run ``query``; after a failure the next attempt reopens the file."""
        try:
            if self._connection is None:
                self._connection = self._open()
            return query(self._connection), None
        except (sqlite3.Error, JournalError) as error:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
            self._connection = None
            return None, error if isinstance(error, JournalError) else explain(error, self.path)

    def _write(self, appends: Sequence[_Append], connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for it in appends:
            connection.executemany(
                "INSERT INTO events (plan, at, kind, body) VALUES (?, ?, ?, ?)", it.events
            )
            connection.executemany(
                "INSERT INTO transcripts (conversation, body) VALUES (?, ?)", it.said
            )
        connection.execute("COMMIT")
        self._last = last_rows(connection)

    def _tell(
        self, outcomes: "Sequence[tuple[asyncio.Future[Any], Any, Exception | None]]"
    ) -> None:
        def settle() -> None:
            for done, result, failure in outcomes:
                if done.done():
                    continue  # The caller was cancelled meanwhile.
                if failure is None:
                    done.set_result(result)
                else:
                    done.set_exception(failure)

        with suppress(RuntimeError):  # The loop is gone: nobody is waiting.
            self._loop.call_soon_threadsafe(settle)

    def _open(self) -> sqlite3.Connection:
        connection = open_file(self.path, version=self._version, last=self._last)
        self._last = last_rows(connection)
        return connection
