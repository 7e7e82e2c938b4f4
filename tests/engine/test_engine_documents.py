import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from podium.document.facts import WorkspaceFacts
from podium.domain.base import PlanId
from podium.domain.request import Request
from podium.engine import documents as module
from podium.engine import offers
from podium.engine.context import Engine
from podium.engine.coordinator import Coordinator
from podium.engine.documents import PlanDocuments
from podium.engine.journal import Journal
from podium.engine.making import DirectCalls
from podium.engine.offers import NotTaken
from podium.engine.plan_files import PlanFileError, PlanFiles, path_of
from podium.engine.subscriptions import Subscriptions
from podium.engine.watching import watch
from podium.errors import UserError
from podium.jobs.documents import change_document
from podium.jobs.runner import AsyncioJobs
from podium.protocol.wire import GONE, Disconnected, Params, WireError
from podium.settings.notices import Notices
from podium.settings.settings import Settings

PLAN = PlanId("slugify")

DRAFT = """# Slugs

## Request

Make titles into slugs.
"""

TASKS = """
## Tasks

- [ ] T1: Write slugify
  - files: src/slug.py (new)
  - accept: `true`
"""


class Shelf:
    """A workspace with its documents."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.workspace = engine.workspace
        self.path = engine.workspace / path_of(PLAN)
        self.documents = engine.documents
        self.coordinator = engine.coordinator
        self.notices = engine.notices

    @property
    def request(self) -> Request:
        return self.coordinator.board.request(PLAN)

    async def until(self, holds: Callable[[Request], bool]) -> None:
        async with asyncio.timeout(10):
            await self.coordinator.until(PLAN, holds)

    async def write(self, change: Callable[[str], str]) -> None:
        """Change the document as a job does."""
        await change_document(DirectCalls(self.engine), PLAN, change, label="x")

    def save(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text)


class ConnectedEditor:
    """An editor that does what it is asked, unless ``answers`` say otherwise."""

    def __init__(self, desk: Shelf) -> None:
        self.desk = desk
        self.asked: list[Params] = []
        self.answers: list[object] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def call(self, method: str, params: Params | None = None) -> object:
        assert method == "document/edit"
        assert params is not None
        self.asked.append(params)
        self.before_answer()
        await self.may_answer.wait()
        answer = self.answers.pop(0) if self.answers else {"applied": True}
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Shelf]:
    state, workspace = tmp_path / "state", tmp_path / "work space"
    state.mkdir()
    workspace.mkdir()

    async def perform(_spec: object) -> None:
        await asyncio.Event().wait()

    notices = Notices()
    coordinator = Coordinator(Journal(state, version="1"), notices, lambda _: None)
    await coordinator.start(AsyncioJobs(perform, coordinator, limit=1))
    facts = WorkspaceFacts(workspace, ())
    documents = PlanDocuments(PlanFiles(workspace), lambda: facts, coordinator, notices)
    settings = Settings(workspace, notices)
    subscriptions = Subscriptions(lambda: coordinator.board, lambda: notices.all)
    yield Shelf(
        Engine(workspace, state, 0o077, notices, settings, coordinator, documents, subscriptions)
    )
    await documents.aclose()
    await coordinator.aclose()


async def test_the_board_learns_what_the_document_says(desk: Shelf) -> None:
    desk.save(DRAFT + TASKS)
    reading = await desk.documents.look(PLAN)
    assert reading is not None
    assert (desk.request.path, desk.request.title) == (".podium/plans/slugify.md", "Slugs")
    assert (desk.request.n_tasks, desk.request.hash) == (1, reading.hash)
    assert desk.request.n_errors == len(reading.errors)


async def test_only_a_change_of_intent_is_recorded(desk: Shelf) -> None:
    desk.save(DRAFT)
    for text in (DRAFT, DRAFT + "\n\n", DRAFT.replace("slugs.", "slugs.  ")):
        desk.save(text)
        await desk.documents.look(PLAN)
    assert len(await desk.coordinator.journal.load_events()) == 1


async def test_no_document_is_no_fact(desk: Shelf) -> None:
    assert await desk.documents.look(PLAN) is None
    assert await desk.coordinator.journal.load_events() == ()


async def test_unsaved_text_wins_until_the_editor_closes_it(desk: Shelf) -> None:
    desk.save(DRAFT)
    editor, other = ConnectedEditor(desk), ConnectedEditor(desk)
    desk.documents.hold(PLAN, editor, DRAFT.replace("Slugs", "Unsaved"))
    await desk.until(lambda it: it.title == "Unsaved")
    desk.documents.hold(PLAN, other, DRAFT.replace("Slugs", "Other"))
    await desk.until(lambda it: it.title == "Other")
    desk.documents.hold(PLAN, editor, DRAFT.replace("Slugs", "Later"))
    await desk.until(lambda it: it.title == "Later")
    desk.documents.release_all(editor)
    await desk.until(lambda it: it.title == "Other")
    desk.documents.release(PLAN, other)
    await desk.until(lambda it: it.title == "Slugs")


async def test_a_document_nobody_holds_is_written_to_disk(desk: Shelf) -> None:
    reading = await desk.documents.write_now(PLAN, lambda old: old + DRAFT, label="Begin")
    assert reading is not None
    assert desk.path.read_text() == reading.text == DRAFT
    assert desk.request.title == "Slugs"


async def test_a_document_that_is_not_there_is_not_made_of_nothing(desk: Shelf) -> None:
    await desk.write(lambda old: old)
    assert not desk.path.exists()


async def test_a_document_in_an_editor_is_left_to_the_editor(desk: Shelf) -> None:
    desk.save("on disk")
    editor = ConnectedEditor(desk)
    desk.documents.hold(PLAN, editor, DRAFT)
    reading = await desk.documents.write_now(PLAN, lambda old: old + TASKS, label="Plan drafted")
    assert reading is not None
    assert editor.asked == [
        {"path": path_of(PLAN), "before": DRAFT, "text": DRAFT + TASKS, "label": "Plan drafted"}
    ]
    assert (reading.text, desk.request.n_tasks) == (DRAFT + TASKS, 1)
    assert desk.path.read_text() == "on disk"


async def test_an_edit_is_made_again_when_the_user_typed_meanwhile(desk: Shelf) -> None:
    editor = ConnectedEditor(desk)
    typed = DRAFT.replace("Slugs", "Typed")
    desk.documents.hold(PLAN, editor, DRAFT)
    editor.answers = [{"applied": False}]
    editor.before_answer = lambda: desk.documents.hold(PLAN, editor, typed)
    await desk.write(lambda old: old + TASKS)
    assert [it["text"] for it in editor.asked] == [DRAFT + TASKS, typed + TASKS]


async def test_an_editor_that_goes_away_leaves_the_edit_to_the_disk(desk: Shelf) -> None:
    desk.save(DRAFT)
    editor = ConnectedEditor(desk)
    desk.documents.hold(PLAN, editor, "unsaved and lost")
    editor.answers = [Disconnected(GONE)]
    await desk.write(lambda old: old + TASKS)
    assert desk.path.read_text() == DRAFT + TASKS


async def test_an_editor_that_refuses_for_ever_is_named(
    desk: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE_S", 0)
    editor = ConnectedEditor(desk)
    desk.documents.hold(PLAN, editor, DRAFT)
    editor.answers = [{"applied": False}] * module.MAX_TRIES
    with pytest.raises(NotTaken, match=r"slugify\.md' keeps changing"):
        await desk.documents.write_now(PLAN, lambda old: old + TASKS, label="x")


def with_tasks(text: str) -> str:
    return text if TASKS in text else text + TASKS


@pytest.fixture
async def waiting(
    desk: Shelf, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[ConnectedEditor, asyncio.Task[None]]]:
    """An editor that has not taken a change in time, and who waits for the change."""
    monkeypatch.setattr(offers, "EDIT_TIMEOUT_S", 0.01)
    monkeypatch.setattr(module, "PAUSE_S", 0)
    busy = ConnectedEditor(desk)
    busy.may_answer.clear()
    desk.documents.hold(PLAN, busy, DRAFT)
    writing = asyncio.create_task(desk.write(with_tasks))
    await until_noticed(desk, "has not taken a change")
    yield busy, writing
    if not writing.done():
        writing.cancel()
        await asyncio.wait([writing])
    assert desk.notices.all == ()


async def until_noticed(desk: Shelf, part: str) -> None:
    async with asyncio.timeout(10):
        while not any(part in it for it in desk.notices.all):  # noqa: ASYNC110  # It tells nobody.
            await asyncio.sleep(0.005)


async def done(writing: asyncio.Task[None]) -> None:
    async with asyncio.timeout(10):
        await writing


async def test_a_late_answer_of_the_editor_counts(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, writing = waiting
    busy.may_answer.set()
    await done(writing)
    assert len(busy.asked) == 1
    assert desk.request.n_tasks == 1


async def test_a_late_refusal_has_the_change_made_again_of_what_was_typed(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, writing = waiting
    typed = DRAFT.replace("Slugs", "Typed")
    busy.answers = [{"applied": False}]
    desk.documents.hold(PLAN, busy, typed)
    await desk.until(lambda it: it.title == "Typed")
    assert len(busy.asked) == 1, "it is not asked again before it answers"
    busy.may_answer.set()
    await done(writing)
    assert [it["text"] for it in busy.asked] == [DRAFT + TASKS, typed + TASKS]


async def test_what_the_editor_shows_already_is_not_asked_for_again(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, writing = waiting
    desk.documents.hold(PLAN, busy, DRAFT + TASKS + "\nmine\n")
    await done(writing)
    assert len(busy.asked) == 1


async def test_a_document_that_the_editor_closes_unanswered_is_written_to_disk(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, writing = waiting
    desk.save(DRAFT)
    desk.documents.release(PLAN, busy)
    await done(writing)
    assert desk.path.read_text() == DRAFT + TASKS
    busy.may_answer.set()
    await asyncio.sleep(0)
    assert desk.documents.text(PLAN) == DRAFT + TASKS


async def test_an_editor_that_refuses_is_asked_again_when_its_document_is_saved(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, writing = waiting
    busy.answers = [WireError("no"), WireError("not now")]
    busy.may_answer.set()
    await until_noticed(desk, "not now")
    assert len(busy.asked) == 2, "once more for its late answer, and then not for ever"
    desk.save(DRAFT)
    await desk.documents.rescan()
    await done(writing)
    assert len(busy.asked) == 3


async def test_what_makes_a_change_impossible_ends_the_waiting(
    desk: Shelf, waiting: tuple[ConnectedEditor, asyncio.Task[None]]
) -> None:
    busy, _ = waiting

    def never(_text: str) -> str:
        message = "no such question"
        raise UserError(message)

    with pytest.raises(UserError, match="no such question"):
        await desk.write(never)
    assert len(busy.asked) == 1


async def test_a_file_that_cannot_be_written_is_written_when_it_can(
    desk: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DISK_RETRY_S", 0.01)
    desk.path.mkdir(parents=True)
    writing = asyncio.create_task(desk.write(with_tasks))
    await until_noticed(desk, "slugify.md")
    desk.path.rmdir()
    desk.save(DRAFT)
    await done(writing)
    assert desk.path.read_text() == DRAFT + TASKS
    assert desk.notices.all == ()


async def test_an_unreadable_document_is_named_until_it_is_well(desk: Shelf) -> None:
    desk.path.parent.mkdir(parents=True)
    desk.path.write_bytes(b"\xff")
    with pytest.raises(PlanFileError):
        await desk.documents.look(PLAN)
    with pytest.raises(PlanFileError):
        await desk.documents.write_now(PLAN, lambda _: DRAFT, label="x")
    assert desk.path.read_bytes() == b"\xff"
    assert desk.notices.all == (
        "'.podium/plans/slugify.md' is not UTF-8 in line 1; save it as UTF-8",
    )
    desk.save(DRAFT)
    await desk.documents.look(PLAN)
    assert desk.notices.all == ()


async def test_a_file_that_cannot_be_a_plan_is_named(desk: Shelf) -> None:
    desk.save(DRAFT)
    odd = desk.path.with_name("odd name.md")
    odd.write_text(DRAFT)
    await desk.documents.rescan()
    assert desk.notices.all == (
        "'.podium/plans/odd name.md' is ignored: use the letters a-z, digits, '-' and '_'",
    )
    assert set(desk.coordinator.board.requests) == {PLAN}
    odd.unlink()
    await desk.documents.rescan()
    assert desk.notices.all == ()


async def test_changes_on_disk_are_noticed_even_in_folders_that_come_later(desk: Shelf) -> None:
    watching = asyncio.create_task(watch(desk.workspace, desk.documents.rescan))
    await asyncio.sleep(0.2)
    desk.save(DRAFT)
    await desk.until(lambda it: it.title == "Slugs")
    desk.save(DRAFT.replace("Slugs", "Changed"))
    await desk.until(lambda it: it.title == "Changed")
    fresh = desk.path.with_name("fresh")
    fresh.write_text(DRAFT.replace("Slugs", "Renamed"))
    fresh.replace(desk.path)
    await desk.until(lambda it: it.title == "Renamed")
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
