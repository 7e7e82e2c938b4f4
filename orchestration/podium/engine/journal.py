"""The journal: every event and every transcript, in one SQLite file.

A dedicated thread owns the connection and commits everything that waits in one
transaction (group commit), so that the event loop never waits for the disk and a
burst of appends costs one fsync.  After any failure the connection is opened anew:
SQLite then rolls back what was half-written, and writing goes on once there is
space again.  What a kill leaves behind in the write-ahead log is SQLite's business.
"""

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

from podium.domain.base import PlanId
from podium.domain.event import EVENT, Event
from podium.domain.transcript import Message
from podium.errors import UserError
from podium.jobs.port import Addition

FILE: Final = "journal.db"
SCHEMA_VERSION: Final = 1
SCHEMA: Final = """
CREATE TABLE writer (podium TEXT NOT NULL);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, plan TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE transcripts (n INTEGER PRIMARY KEY, conversation TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX conversations ON transcripts (conversation, n);
CREATE INDEX plans ON events (plan, kind, seq);
"""
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)

Query: TypeAlias = Callable[[sqlite3.Connection], Any]


class JournalError(UserError):
    """The journal cannot be written or read; what was recorded before is still there."""


class _Append(NamedTuple):
    """One caller's rows, as JSON already, and whom to tell."""

    events: list[tuple[str, float, str, str]]
    said: list[tuple[str, str]]
    done: "asyncio.Future[None]"


class _Read(NamedTuple):
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
        self._queue: queue.SimpleQueue[_Append | _Read | None] = queue.SimpleQueue()
        self._last: tuple[int, int] | None = None
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
        self, *, plan: PlanId | None = None, kind: str | None = None
    ) -> tuple[Event, ...]:
        """Return the events in order; of one plan or one kind if asked."""
        sql = "SELECT seq, body FROM events WHERE (?1 IS NULL OR plan = ?1)"
        sql += " AND (?2 IS NULL OR kind = ?2) ORDER BY seq"
        rows: list[tuple[int, str]] = await self._read(
            lambda connection: connection.execute(sql, (plan, kind)).fetchall()
        )
        return tuple(self._event(seq, body) for seq, body in rows)

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        """Return the conversation's messages in order, none when it has not begun."""
        sql = "SELECT body FROM transcripts WHERE conversation = ? ORDER BY n"
        rows: list[tuple[str]] = await self._read(
            lambda connection: connection.execute(sql, (conversation,)).fetchall()
        )
        return tuple(MESSAGE.validate_json(body) for (body,) in rows)

    async def aclose(self) -> None:
        """Write what waits and close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _read(self, query: Query) -> Any:  # noqa: ANN401  # The query decides.
        done: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(_Read(query, done))
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
                if isinstance(it, _Read):
                    self._tell([(it.done, *self._attempt(it.query))])
            is_open = None not in waiting
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()

    def _attempt(self, query: Query) -> tuple[Any, JournalError | None]:
        """Run ``query``; after a failure the next attempt opens the file anew."""
        try:
            if self._connection is None:
                self._connection = self._open()
            return query(self._connection), None
        except (sqlite3.Error, JournalError) as error:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
            self._connection = None
            return None, error if isinstance(error, JournalError) else self._explain(error)

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
        self._last = _last_rows(connection)

    def _tell(
        self, outcomes: "Sequence[tuple[asyncio.Future[Any], Any, Exception | None]]"
    ) -> None:
        def settle() -> None:
            for done, result, failure in outcomes:
                if done.done():
                    continue  # Who asked was cancelled meanwhile.
                if failure is None:
                    done.set_result(result)
                else:
                    done.set_exception(failure)

        with suppress(RuntimeError):  # The loop is gone: nobody waits any more.
            self._loop.call_soon_threadsafe(settle)

    def _open(self) -> sqlite3.Connection:
        try:
            # SQLite gives its other files the mode of this one.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=5
            )
        except (sqlite3.Error, OSError) as error:
            raise self._explain(error) from None
        try:
            self._prepare(connection)
        except sqlite3.Error as error:
            connection.close()
            raise self._explain(error) from None
        except JournalError:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > SCHEMA_VERSION:
            raise self._too_new(connection)
        connection.execute("BEGIN IMMEDIATE")
        if found == 0:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if self._last is not None:
            # A failed commit may have reached the file all the same; nobody was told of it.
            connection.execute("DELETE FROM events WHERE seq > ?", self._last[:1])
            connection.execute("DELETE FROM transcripts WHERE n > ?", self._last[1:])
        connection.execute("DELETE FROM writer")
        connection.execute("INSERT INTO writer VALUES (?)", (self._version,))
        connection.execute("COMMIT")
        self._last = _last_rows(connection)

    def _too_new(self, connection: sqlite3.Connection) -> JournalError:
        wrote = "a version"
        with suppress(sqlite3.Error):
            (wrote,) = connection.execute("SELECT podium FROM writer").fetchone() or (wrote,)
        return JournalError(
            f"{str(self.path)!r} was written by Podium {wrote}, which is newer than this one "
            f"({self._version}); upgrade Podium, or move the file away to start anew"
        )

    def _explain(self, error: Exception) -> JournalError:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        path = str(self.path)
        if name == "SQLITE_NOTADB" or name.startswith("SQLITE_CORRUPT"):
            return JournalError(
                f"the journal {path!r} is damaged ({error}); put a backup of it in its place, or "
                "move it away to start without history: plan documents and branches are untouched"
            )
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
            return JournalError(
                f"the journal {path!r} cannot be written ({error}); is the disk full? "
                "nothing was half done, and Podium goes on as soon as there is space"
            )
        return JournalError(
            f"the journal {path!r} cannot be used ({error}); check the owner and mode of the file "
            "and its directory"
        )


def _last_rows(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the last rows of both tables; rows are only ever added."""
    row: tuple[int, int] = connection.execute(
        "SELECT COALESCE((SELECT MAX(seq) FROM events), 0),"
        " COALESCE((SELECT MAX(n) FROM transcripts), 0)"
    ).fetchone()
    return row
