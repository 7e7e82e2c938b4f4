import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from podium.domain.base import PlanId
from podium.domain.events.people import PlanRejected, RequestMade
from podium.domain.transcript import AssistantMessage, Message, UserMessage
from podium.engine.journal import Journal
from podium.engine.journal_file import SCHEMA_VERSION, JournalError
from podium.jobs.port import Addition

Open = Callable[[], Journal]


@pytest.fixture
async def open_journal(tmp_path: Path) -> AsyncIterator[Open]:
    opened: list[Journal] = []

    def open_one() -> Journal:
        opened.append(Journal(tmp_path, version="1.2.3"))
        return opened[-1]

    yield open_one
    for it in opened:
        await it.aclose()


def made(plan: str, text: str = "do it") -> RequestMade:
    return RequestMade(
        plan=PlanId(plan), text=text, path=f".podium/plans/{plan}.md", at=1_700_000_000.5
    )


def said(conversation: str, *texts: str) -> Addition:
    messages: list[Message] = [UserMessage(text=it) for it in texts]
    return Addition(conversation, tuple(messages))


async def test_events_come_back_in_order_and_equal(open_journal: Open) -> None:
    events = (
        made("a", "naïve \u2028 text"),
        PlanRejected(plan=PlanId("a"), reason="no"),
        made("b"),
    )
    journal = open_journal()
    await journal.append(events[:2])
    await journal.append(events[2:])
    await journal.aclose()
    again = open_journal()
    assert await again.load_events() == events
    assert await again.load_events(plan=PlanId("a"), kind="plan_rejected") == events[1:2]


async def test_a_transcript_is_saved_with_its_event_and_grows(open_journal: Open) -> None:
    journal = open_journal()
    await journal.append([made("a")], [said("work-1", "one", "two"), said("other", "x")])
    await journal.append([], [Addition("work-1", (AssistantMessage(text="three"),))])
    assert await journal.load_transcript("work-1") == (
        UserMessage(text="one"),
        UserMessage(text="two"),
        AssistantMessage(text="three"),
    )
    assert await journal.load_transcript("nobody") == ()


async def test_appends_made_together_keep_their_order(open_journal: Open) -> None:
    journal = open_journal()
    events = [made("a", str(number)) for number in range(300)]
    await asyncio.gather(*(journal.append([it]) for it in events))
    assert list(await journal.load_events()) == events


async def test_its_files_belong_to_the_user_alone(tmp_path: Path, open_journal: Open) -> None:
    journal = open_journal()
    await journal.append([made("a")])
    names = ("journal.db", "journal.db-wal", "journal.db-shm")
    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names}
    assert modes == dict.fromkeys(names, 0o600)


async def test_a_newer_podiums_journal_is_left_alone(tmp_path: Path, open_journal: Open) -> None:
    await open_journal().aclose()
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.execute("UPDATE writer SET podium = '9.0'")
    connection.close()
    with pytest.raises(JournalError, match=r"journal.db' was written by Podium 9.0.*upgrade"):
        open_journal()


async def test_a_damaged_file_is_named(tmp_path: Path, open_journal: Open) -> None:
    (tmp_path / "journal.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(JournalError, match=r"journal .*journal.db' is damaged"):
        open_journal()


async def test_a_damaged_page_is_named_when_it_is_read(tmp_path: Path, open_journal: Open) -> None:
    journal = open_journal()
    await journal.append([made("a", "x" * 3000) for _ in range(50)])
    await journal.aclose()
    content = bytearray((tmp_path / "journal.db").read_bytes())
    content[8 * 4096 :] = b"\xff" * (len(content) - 8 * 4096)
    (tmp_path / "journal.db").write_bytes(content)
    with pytest.raises(JournalError, match="is damaged"):
        await open_journal().load_events()


async def test_an_event_of_another_time_is_named(tmp_path: Path, open_journal: Open) -> None:
    journal = open_journal()
    await journal.append([made("a"), made("b")])
    await journal.aclose()
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute('UPDATE events SET body = \'{"kind":"dreamt"}\' WHERE seq = 2')
    connection.close()
    with pytest.raises(JournalError, match=r"event 2 in .*journal.db' is not one that this Podium"):
        await open_journal().load_events()


async def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"missing/journal.db' cannot be used"):
        Journal(tmp_path / "missing", version="1")


FULL_DISK = """
    import asyncio, resource, sys
    from pathlib import Path
    from podium.domain.base import PlanId
    from podium.domain.events.people import RequestMade
    from podium.domain.transcript import UserMessage
    from podium.engine.journal import Journal
    from podium.engine.journal_file import JournalError
    from podium.jobs.port import Addition

    def made(text):
        return RequestMade(plan=PlanId("a"), text=text, path="p")

    async def main():
        journal = Journal(Path(sys.argv[1]), version="1")
        await journal.append([made("before")])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        large = Addition("c", (UserMessage(text="x" * 300_000),))
        for _ in range(2):
            try:
                await journal.append([made("lost")], [large])
            except JournalError as error:
                print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        await journal.append([made("after")], [Addition("c", (UserMessage(text="y"),))])
        print(*(it.text for it in await journal.load_events()))
        print(*(it.text for it in await journal.load_transcript("c")))
        await journal.aclose()

    asyncio.run(main())
"""


def run_python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_a_full_disk_loses_nothing_and_writing_goes_on(tmp_path: Path) -> None:
    *refusals, events, transcript = run_python(FULL_DISK, str(tmp_path)).splitlines()
    assert len(refusals) == 2
    assert all("cannot be written" in it and "disk full?" in it for it in refusals)
    assert (events, transcript) == ("before after", "y")


ENDLESS = """
    import asyncio, sys
    from pathlib import Path
    from podium.domain.base import PlanId
    from podium.domain.events.people import RequestMade
    from podium.domain.transcript import UserMessage
    from podium.engine.journal import Journal
    from podium.jobs.port import Addition

    async def main():
        journal = Journal(Path(sys.argv[1]), version="1")
        n = len(await journal.load_events())
        while True:
            event = RequestMade(plan=PlanId("a"), text=str(n), path="p")
            message = Addition("c", (UserMessage(text=f"{n} " + "x" * 2000),))
            await journal.append([event, event], [message, message])
            print(n, flush=True)
            n += 2

    asyncio.run(main())
"""


def kill_while_it_writes(directory: Path, n_appends: int) -> int:
    """Kill a process after it confirmed ``n_appends``; return the last number it confirmed."""
    command = [sys.executable, "-c", textwrap.dedent(ENDLESS), str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        confirmed = [process.stdout.readline() for _ in range(n_appends)]
        process.kill()
        confirmed += process.stdout.read().split()
    return int(confirmed[-1])


async def test_what_was_confirmed_survives_kill_9(tmp_path: Path, open_journal: Open) -> None:
    for round_ in range(5):
        confirmed = await asyncio.to_thread(kill_while_it_writes, tmp_path, 7 + 13 * round_)
        journal = open_journal()
        texts = [it.text for it in await journal.load_events() if isinstance(it, RequestMade)]
        messages = await journal.load_transcript("c")
        await journal.aclose()
        # Whole transactions, in order, all that were confirmed and at most one more.
        expected = [str(number - number % 2) for number in range(len(texts))]
        assert texts == expected
        assert [it.text.split()[0] for it in messages] == expected
        assert confirmed + 2 <= len(texts) <= confirmed + 4


def test_the_umask_does_not_matter(tmp_path: Path) -> None:
    code = "import os; os.umask(0)\n" + textwrap.dedent(FULL_DISK)
    run_python(code, str(tmp_path))
    assert stat.S_IMODE((tmp_path / "journal.db").stat().st_mode) == 0o600
    assert os.access(tmp_path / "journal.db", os.W_OK)
