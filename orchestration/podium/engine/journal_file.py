"""The journal's file: its tables, and what to say when it cannot be used."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from podium.errors import UserError

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
CHECKPOINTS: Final = """
CREATE TABLE IF NOT EXISTS checkpoints (
    plan TEXT PRIMARY KEY, seq INTEGER NOT NULL, fold TEXT NOT NULL, body TEXT NOT NULL
)
"""
"""Not part of the versioned schema: a cache, which any Podium may lack or ignore."""


class JournalError(UserError):
    """The journal cannot be written or read; what was recorded before is still there."""


class LastRows(NamedTuple):
    """The last rows of both tables, 0 of an empty one."""

    seq: int
    n: int


def open_file(path: Path, *, version: str, last: LastRows | None) -> sqlite3.Connection:
    """Return a connection to the journal at ``path``, made at first use.

    Args:
        path: The file.
        version: Which Podium writes, for the message that an older one shows.
        last: What was confirmed last; whatever lies behind it is removed.

    Raises:
        JournalError: It belongs to a newer Podium, is damaged, or cannot be opened.
    """
    try:
        # SQLite gives its other files the mode of this one.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    except (sqlite3.Error, OSError) as error:
        raise explain(error, path) from None
    try:
        _refuse_newer(connection, path, version)
        _prepare(connection, version, last)
    except sqlite3.Error as error:
        connection.close()
        raise explain(error, path) from None
    except JournalError:
        connection.close()
        raise
    return connection


def last_rows(connection: sqlite3.Connection) -> LastRows:
    """Return the last rows of both tables."""
    row: tuple[int, int] = connection.execute(
        "SELECT COALESCE((SELECT MAX(seq) FROM events), 0),"
        " COALESCE((SELECT MAX(n) FROM transcripts), 0)"
    ).fetchone()
    return LastRows(*row)


def explain(error: Exception, path: Path) -> JournalError:
    """Return what ``error`` means to the user, and what to do."""
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    shown = repr(str(path))
    if name == "SQLITE_NOTADB" or name.startswith("SQLITE_CORRUPT"):
        return JournalError(
            f"the journal {shown} is damaged ({error}); put a backup of it in its place, or "
            "move it away to start without history: plan documents and branches are untouched"
        )
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        return JournalError(
            f"the journal {shown} cannot be written ({error}); is the disk full? "
            "nothing was left half done, and Podium continues as soon as there is space"
        )
    return JournalError(
        f"the journal {shown} cannot be used ({error}); check the owner and mode of the file "
        "and its directory"
    )


def _refuse_newer(connection: sqlite3.Connection, path: Path, version: str) -> None:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found <= SCHEMA_VERSION:
        return
    wrote = "a version"
    with suppress(sqlite3.Error):
        (wrote,) = connection.execute("SELECT podium FROM writer").fetchone() or (wrote,)
    message = (
        f"{str(path)!r} was written by Podium {wrote}, which is newer than this one "
        f"({version}); upgrade Podium, or move the file away to start anew"
    )
    raise JournalError(message)


def _prepare(connection: sqlite3.Connection, version: str, last: LastRows | None) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute(CHECKPOINTS)
    if last is not None:
        # A failed commit may have reached the file all the same; nobody was told of it.
        connection.execute("DELETE FROM events WHERE seq > ?", (last.seq,))
        connection.execute("DELETE FROM transcripts WHERE n > ?", (last.n,))
    connection.execute("DELETE FROM checkpoints WHERE seq > ?", (last_rows(connection).seq,))
    connection.execute("DELETE FROM writer")
    connection.execute("INSERT INTO writer VALUES (?)", (version,))
    connection.execute("COMMIT")
