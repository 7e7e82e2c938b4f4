"""The current text of each plan document, wherever it is.

An editor's unsaved text wins over the disk.  The engine never writes a document that an
editor holds: it asks that editor to.  Whatever changes, the board learns of it only when
the intent, a title, a question or a count did.

What a job must write stays outstanding until it is in the document.  What could not be done is
tried again when the document or its file changes, when an editor opens or closes it, and when
the editor answers at last.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from podium.document.checking import checks
from podium.document.document import Document
from podium.document.facts import TreeFacts
from podium.document.hashing import intent_hash
from podium.document.parsing import parse
from podium.document.problem import Problem, ProblemSeverity
from podium.domain.base import PlanId
from podium.domain.events.people import DocumentChanged
from podium.engine.coordinator import Coordinator
from podium.engine.journal_file import JournalError
from podium.engine.offers import DocumentHolder, NotTaken, Offers
from podium.engine.plan_files import PlanFileError, PlanFiles, Stamp, path_of
from podium.errors import UserError
from podium.settings.notices import Notices

SETTLE_S: Final = 0.03
"""How long keystrokes gather before the engine reads the text."""
EDITORS_BACK_S: Final = 3.0
"""How soon editors have found an engine that is started again, and told it what they show."""
DISK_RETRY_S: Final = 1.0
"""Before the next try at a disk: nobody tells of space or permissions."""
MAX_TRIES: Final = 8
PAUSE_S: Final = 0.02
"""Before the second try at a document that somebody types in; each pause is twice as long."""

Change = Callable[[str], str]
"""Makes the new text of a document from its current one, which may have the change already."""

T = TypeVar("T")

log = structlog.stdlib.get_logger()


class _OtherTextError(Exception):
    """The document does not say any more what the change was made of."""


@dataclass(frozen=True)
class CurrentDocument:
    """A plan document as it is now."""

    text: str
    hash: str
    document: Document
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stands in the way of approval."""
        return tuple(it for it in self.problems if it.severity is ProblemSeverity.ERROR)


class PlanDocuments:
    """Knows, watches and changes the plan documents of a workspace.

    Args:
        files: The documents on disk.
        facts: Returns what the checks may ask about the tree.
        coordinator: Learns what changed.
        notices: Learns what cannot be read.
    """

    def __init__(
        self,
        files: PlanFiles,
        facts: Callable[[], TreeFacts],
        coordinator: Coordinator,
        notices: Notices,
    ) -> None:
        self._files = files
        self._facts = facts
        self._coordinator = coordinator
        self._notices = notices
        self._held: dict[PlanId, dict[DocumentHolder, str]] = {}
        self._locks: dict[PlanId, asyncio.Lock] = {}
        self._stamps: dict[PlanId, Stamp | None] = {}
        self._checked_by: TreeFacts | None = None
        self._looking: dict[PlanId, asyncio.Task[None]] = {}
        self._offers = Offers(self)
        self._waiting: dict[PlanId, set[asyncio.Event]] = {}
        """Who waits for a better moment to read or change a document."""
        self._expected: dict[PlanId, asyncio.Event] = {}
        """What an editor may hold that has not found this engine yet; set when that is known."""
        self._expecting: asyncio.Task[None] | None = None

    def expect_editors(self) -> None:
        """Leave what the board knows already to the editors that held it, until they are back.

        An engine that goes on where another one ended would take the file for the document: what
        somebody has not saved would look deleted, and what is written would miss their text.
        """
        self._expected = {plan: asyncio.Event() for plan in self._coordinator.board.requests}

        async def go_on() -> None:
            await asyncio.sleep(EDITORS_BACK_S)
            for plan in tuple(self._expected):
                self._expected.pop(plan).set()
                await self._look_quietly(plan)

        self._expecting = asyncio.create_task(go_on())

    def hold(self, plan: PlanId, editor: DocumentHolder, text: str) -> None:
        """Take ``text`` as what ``editor`` shows; among several editors the last one wins."""
        held = self._held.setdefault(plan, {})
        held.pop(editor, None)
        held[editor] = text
        if plan in self._expected:
            self._expected.pop(plan).set()
        self.wake(plan)
        self._soon(plan)

    def shown(self, plan: PlanId, editor: DocumentHolder, before: str, text: str) -> None:
        """Take that ``editor`` made a change; its own word may take a moment longer."""
        held = self._held.get(plan, {})
        if held.get(editor) == before:
            held[editor] = text
            self._soon(plan)

    def release(self, plan: PlanId, editor: DocumentHolder) -> None:
        """Note that ``editor`` closed the document."""
        held = self._held.get(plan, {})
        is_held = held.pop(editor, None) is not None
        if not held:
            self._held.pop(plan, None)
        if is_held:
            self._offers.forget(plan, editor)
            self.wake(plan)
            self._soon(plan)

    def release_all(self, editor: DocumentHolder) -> None:
        """Note that ``editor`` is gone."""
        for plan in tuple(self._held):
            self.release(plan, editor)

    def text(self, plan: PlanId) -> str | None:
        """Return the current text, None when there is no document.

        Raises:
            PlanFileError: It cannot be read.
        """
        held = self._held.get(plan)
        return next(reversed(held.values())) if held else self._files.read(plan)

    def is_free(self, plan: PlanId) -> bool:
        """Return whether no document has this name, readable or not."""
        try:
            return self.text(plan) is None
        except PlanFileError:
            return False

    async def look(self, plan: PlanId) -> CurrentDocument | None:
        """Read the document and tell the board what changed; None when there is none.

        Raises:
            PlanFileError: It cannot be read.
            JournalError: The change could not be recorded.
        """
        async with self._lock(plan):
            return await self._look(plan)

    async def read(self, plan: PlanId) -> str:
        """Return the current text as soon as it can be read; empty when there is no document."""

        async def text() -> str:
            return self.text(plan) or ""

        return await self._at_last(plan, text)

    async def edit(self, plan: PlanId, *, before: str, text: str, label: str) -> bool:
        """Change the document where it is: on disk, or in the editor that holds it.

        Returns when the change is in the document, however long its editor or its file takes.

        Args:
            plan: Whose document.
            before: What it says; empty if there is none.
            text: What it is to say.
            label: What the editor's user is told of the edit.

        Returns:
            False if it says something else than ``before``, and was not changed.
        """

        def change(now: str) -> str:
            if now not in {before, text}:
                raise _OtherTextError
            return text

        try:
            await self._at_last(plan, lambda: self.write_now(plan, change, label=label))
        except _OtherTextError:
            return False
        return True

    async def write_now(
        self, plan: PlanId, change: Change, *, label: str
    ) -> CurrentDocument | None:
        """Change the document where it is, and wait for nobody.

        Args:
            plan: Whose document.
            change: Makes the new text of the current one, which is empty if there is none.
            label: What the editor's user is told of the edit.

        Returns:
            What it says now; None if there is none, because nothing was to be written.

        Raises:
            NotTaken: An editor holds it, and did not make the change.
            PlanFileError: It could not be read or written.
            JournalError: It was changed, which could not be recorded.
        """
        async with self._lock(plan):
            for tried in range(MAX_TRIES):
                if await self._try_write(plan, change, label):
                    return await self._look(plan)
                await asyncio.sleep(PAUSE_S * 2**tried)
        message = f"{path_of(plan)!r} keeps changing; Podium writes into it when nobody types there"
        raise NotTaken(message)

    async def rescan(self) -> None:
        """Look at every document on disk that changed since the last time.

        When what plans are checked against has changed, that is every document.
        """
        scan = await asyncio.to_thread(self._files.scan)
        self._notices.put(
            "plan names",
            *(
                f"{f'.podium/plans/{name}'!r} is ignored: use the letters a-z, digits, '-' and '_'"
                for name in scan.unusable
            ),
        )
        known, facts = self._stamps, self._facts()
        if facts is not self._checked_by:
            known, self._checked_by = dict.fromkeys(self._held), facts
        changed = [plan for plan, stamp in scan.stamps.items() if known.get(plan) != stamp]
        gone = known.keys() - scan.stamps.keys()
        self._stamps = dict(scan.stamps)
        for plan in (*changed, *gone):
            self.wake(plan)
            if plan not in self._expected:
                await self._look_quietly(plan)

    async def aclose(self) -> None:
        """Stop reading and asking."""
        tasks = [*self._looking.values(), *([self._expecting] if self._expecting else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._offers.aclose()

    def wake(self, plan: PlanId) -> None:
        """Let those try again who could not read or change the document."""
        for it in self._waiting.get(plan, ()):
            it.set()

    async def _at_last(self, plan: PlanId, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what ``attempt`` does, once it can; a notice says what it waits for."""
        if plan in self._expected:
            await self._expected[plan].wait()
        news = asyncio.Event()
        waiting = self._waiting.setdefault(plan, set())
        waiting.add(news)
        try:
            while True:
                news.clear()
                try:
                    return await attempt()
                except (NotTaken, PlanFileError, JournalError) as error:
                    self._notices.put(f"waiting {plan}", str(error))
                    within_s = None if isinstance(error, NotTaken) else DISK_RETRY_S
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), within_s)
        finally:
            waiting.discard(news)
            if not waiting:
                self._waiting.pop(plan, None)
                self._notices.put(f"waiting {plan}")

    def _lock(self, plan: PlanId) -> asyncio.Lock:
        return self._locks.setdefault(plan, asyncio.Lock())

    def _soon(self, plan: PlanId) -> None:
        async def look() -> None:
            await asyncio.sleep(SETTLE_S)
            del self._looking[plan]
            await self._look_quietly(plan)

        if plan not in self._looking:
            self._looking[plan] = asyncio.create_task(look())

    async def _look_quietly(self, plan: PlanId) -> None:
        try:
            await self.look(plan)
        except UserError as error:  # A notice says so already.
            log.warning("document.unread", plan=plan, reason=str(error))

    async def _look(self, plan: PlanId) -> CurrentDocument | None:
        try:
            text = self.text(plan)
        except PlanFileError as error:
            self._notices.put(f"plan {plan}", str(error))
            raise
        self._notices.put(f"plan {plan}")
        if text is None:
            return None
        reading = await asyncio.to_thread(_read, plan, text, self._facts())
        event = _event(plan, reading)
        if not self._is_known(event):
            await self._coordinator.dispatch(event)
        return reading

    def _is_known(self, event: DocumentChanged) -> bool:
        known = self._coordinator.board.request(event.plan)
        return (event.path, event.hash, event.title, event.questions) == (
            known.path,
            known.hash,
            known.title,
            known.questions,
        ) and (event.n_tasks, event.n_errors) == (known.n_tasks, known.n_errors)

    async def _try_write(self, plan: PlanId, change: Change, label: str) -> bool:
        """Return whether the document now has the change."""
        held = self._held.get(plan)
        if not held:
            before = self._files.read(plan)
            text = change(before or "")
            if text == (before or ""):
                return True
            return await asyncio.to_thread(self._files.write, plan, text, before=before)
        editor, before = next(reversed(held.items()))
        text = change(before)
        return text == before or await self._offers.make(plan, editor, before, text, label)


def _read(plan: PlanId, text: str, facts: TreeFacts) -> CurrentDocument:
    document = parse(plan, text)
    return CurrentDocument(text, intent_hash(text), document, checks(document, facts))


def _event(plan: PlanId, reading: CurrentDocument) -> DocumentChanged:
    return DocumentChanged(
        plan=plan,
        path=path_of(plan),
        hash=reading.hash,
        title=reading.document.plan.title,
        questions=reading.document.plan.questions,
        n_tasks=len(reading.document.plan.tasks),
        n_errors=len(reading.errors),
    )
