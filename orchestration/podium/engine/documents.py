"""The current text of each plan document, wherever it is.

An editor's unsaved text wins over the disk.  The engine never writes a document that an
editor holds: it asks that editor to.  Whatever changes, the board learns of it only when
the intent, a title, a question or a count did.

What a job must write stays outstanding until it is in the document.  A change that could not
be made is made again, of the text that is there by then, when the document or its file changes,
when an editor opens or closes it, and when the editor answers at last.  Until it has answered
or closed the document it is not asked again: not every editor tells which version it changes.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from podium.document.checking import checks
from podium.document.document import Document
from podium.document.facts import TreeFacts
from podium.document.hashing import intent_hash
from podium.document.parsing import parse
from podium.document.problem import Problem, ProblemSeverity
from podium.domain.base import PlanId
from podium.domain.event import DocumentChanged
from podium.engine.coordinator import Coordinator
from podium.engine.journal_file import JournalError
from podium.engine.plan_files import PlanFileError, PlanFiles, Stamp, path_of
from podium.errors import UserError
from podium.protocol.wire import Disconnected, Params, WireError
from podium.settings.notices import Notices

SETTLE_S: Final = 0.03
"""How long keystrokes gather before the engine reads the text."""
EDIT_TIMEOUT_S: Final = 10.0
"""How long the engine keeps others from a document while an editor does not answer."""
EDITORS_BACK_S: Final = 3.0
"""How soon editors have found an engine that is started again, and told it what they show."""
DISK_RETRY_S: Final = 1.0
"""Before the next try at a disk: nobody tells of space or permissions."""
MAX_TRIES: Final = 8
_NOT_APPLIED: Final = {"applied": False}
"""An editor's answer when its user typed meanwhile; what they typed has arrived by then."""
PAUSE_S: Final = 0.02
"""Before the second try at a document that somebody types in; each pause is twice as long."""

Change = Callable[[str], str]
"""Makes the new text of a document from its current one, which may have the change already."""

log = structlog.stdlib.get_logger()


class DocumentHolder(Protocol):
    """A client that holds documents; in the engine a `podium.protocol.wire.Peer`."""

    async def call(self, method: str, params: Params | None = None) -> object:
        """Ask the client to do something."""
        ...


class NotTaken(UserError):
    """The editor that holds a document has not made a change; its old text is still there."""


@dataclass(eq=False)
class _Offer:
    """A change that an editor is asked to make, and has not answered."""

    before: str
    text: str
    answer: "asyncio.Task[object]"
    is_late: bool = False


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
        self._offers: dict[tuple[PlanId, DocumentHolder], _Offer] = {}
        self._working: set[asyncio.Task[object]] = set()
        self._waiting: dict[PlanId, set[asyncio.Event]] = {}
        """Who waits for a better moment to change a document."""
        self._expected: dict[PlanId, asyncio.Event] = {}
        """What an editor may hold that has not found this engine yet; set when that is known."""

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

        self._work(go_on())

    def hold(self, plan: PlanId, editor: DocumentHolder, text: str) -> None:
        """Take ``text`` as what ``editor`` shows; among several editors the last one wins."""
        held = self._held.setdefault(plan, {})
        held.pop(editor, None)
        held[editor] = text
        if plan in self._expected:
            self._expected.pop(plan).set()
        self._wake(plan)
        self._soon(plan)

    def release(self, plan: PlanId, editor: DocumentHolder) -> None:
        """Note that ``editor`` closed the document."""
        held = self._held.get(plan, {})
        is_held = held.pop(editor, None) is not None
        if not held:
            self._held.pop(plan, None)
        if is_held:
            self._offers.pop((plan, editor), None)  # What it says of a closed document is nothing.
            self._wake(plan)
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

    async def write(self, plan: PlanId, change: Change, *, label: str) -> None:
        """Change the document where it is: on disk, or in the editor that holds it.

        Returns when the change is in the document, however long its editor or its file takes; a
        notice says what it waits for.

        Args:
            plan: Whose document.
            change: Makes the new text of the current one, which is empty if there is none. What
                it raises ends the waiting.
            label: What the editor's user is told of the edit.
        """
        if plan in self._expected:
            await self._expected[plan].wait()
        news = asyncio.Event()
        waiting = self._waiting.setdefault(plan, set())
        waiting.add(news)
        try:
            while True:
                news.clear()
                try:
                    await self.write_now(plan, change, label=label)
                except (NotTaken, PlanFileError, JournalError) as error:
                    self._notices.put(f"writing {plan}", str(error))
                    within_s = None if isinstance(error, NotTaken) else DISK_RETRY_S
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), within_s)
                else:
                    return
        finally:
            waiting.discard(news)
            if not waiting:
                self._waiting.pop(plan, None)
                self._notices.put(f"writing {plan}")

    async def write_now(
        self, plan: PlanId, change: Change, *, label: str
    ) -> CurrentDocument | None:
        """Change the document as `write` does, but wait for nobody.

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
            self._wake(plan)
            if plan not in self._expected:
                await self._look_quietly(plan)

    async def aclose(self) -> None:
        """Stop reading and asking."""
        tasks = (*self._looking.values(), *self._working)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _work(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    def _wake(self, plan: PlanId) -> None:
        """Let those try again who could not change the document."""
        for it in self._waiting.get(plan, ()):
            it.set()

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
        return text == before or await self._edit(plan, editor, before, text, label)

    async def _edit(
        self, plan: PlanId, editor: DocumentHolder, before: str, text: str, label: str
    ) -> bool:
        """Ask the editor to show ``text`` instead of ``before``; return whether it does.

        Raises:
            NotTaken: It has not answered, this time or before, or it refuses.
        """
        message = (
            f"the editor that holds {path_of(plan)!r} has not taken a change of it yet; "
            "answer what it may be asking you, or close the document there"
        )
        if (plan, editor) in self._offers:
            raise NotTaken(message)
        params = {"path": path_of(plan), "before": before, "text": text, "label": label}
        answer = self._work(editor.call("document/edit", params))
        offer = self._offers[plan, editor] = _Offer(before, text, answer)
        answer.add_done_callback(lambda _: self._answered(plan, editor, offer))
        await asyncio.wait({answer}, timeout=EDIT_TIMEOUT_S)
        if not answer.done():
            offer.is_late = True
            raise NotTaken(message)
        try:
            return answer.result() != _NOT_APPLIED
        except Disconnected:
            return False
        except WireError as error:
            raise NotTaken(str(error)) from None

    def _answered(self, plan: PlanId, editor: DocumentHolder, offer: _Offer) -> None:
        """Take what an editor says to an offer, in time or late."""
        if offer.answer.cancelled() or self._offers.get((plan, editor)) is not offer:
            return
        del self._offers[plan, editor]
        error = offer.answer.exception()
        if isinstance(error, Disconnected):
            self.release(plan, editor)
        elif error is None and offer.answer.result() != _NOT_APPLIED:
            held = self._held.get(plan, {})
            if held.get(editor) == offer.before:
                held[editor] = offer.text  # Its own word may take a moment longer.
                self._soon(plan)
        if offer.is_late:
            self._wake(plan)


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
