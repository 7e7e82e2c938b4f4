"""The current text of each plan document, wherever it is.

An editor's unsaved text wins over the disk.  The engine never writes a document that an
editor holds: it asks that editor to.  Whatever changes, the board learns of it only when
the intent, a title, a question or a count did.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

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
from podium.engine.notices import Notices
from podium.engine.plan_files import PlanFileError, PlanFiles, Stamp, path_of
from podium.engine.wire import Disconnected, Params
from podium.errors import UserError

SETTLE_S: Final = 0.03
"""How long keystrokes gather before the engine reads the text."""
EDIT_TIMEOUT_S: Final = 10.0
MAX_TRIES: Final = 8
PAUSE_S: Final = 0.02
"""Before the second try at a document that somebody types in; each pause is twice as long."""

Change = Callable[[str], str]
"""Makes the new text of a document from its current one; may be called more than once."""

log = structlog.stdlib.get_logger()


class Editor(Protocol):
    """A client that holds documents; in the engine a `podium.engine.wire.Peer`."""

    async def call(self, method: str, params: Params | None = None) -> object:
        """Ask the client to do something."""
        ...


@dataclass(frozen=True)
class Reading:
    """A plan document as it is now."""

    text: str
    hash: str
    document: Document
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stands in the way of approval."""
        return tuple(it for it in self.problems if it.severity is ProblemSeverity.ERROR)


class Documents:
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
        self._held: dict[PlanId, dict[Editor, str]] = {}
        self._locks: dict[PlanId, asyncio.Lock] = {}
        self._stamps: dict[PlanId, Stamp] = {}
        self._looking: dict[PlanId, asyncio.Task[None]] = {}

    def hold(self, plan: PlanId, editor: Editor, text: str) -> None:
        """Take ``text`` as what ``editor`` shows; among several editors the last one wins."""
        held = self._held.setdefault(plan, {})
        held.pop(editor, None)
        held[editor] = text
        self._soon(plan)

    def release(self, plan: PlanId, editor: Editor) -> None:
        """Note that ``editor`` closed the document."""
        held = self._held.get(plan, {})
        if held.pop(editor, None) is not None:
            self._soon(plan)
        if not held:
            self._held.pop(plan, None)

    def release_all(self, editor: Editor) -> None:
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

    async def look(self, plan: PlanId) -> Reading | None:
        """Read the document and tell the board what changed; None when there is none.

        Raises:
            PlanFileError: It cannot be read.
            JournalError: The change could not be recorded.
        """
        async with self._lock(plan):
            return await self._look(plan)

    async def write(self, plan: PlanId, change: Change, *, label: str) -> Reading:
        """Change the document where it is: on disk, or in the editor that holds it.

        Args:
            plan: Whose document.
            change: Makes the new text of the current one, which is empty if there is none.
            label: What the editor's user is told of the edit.

        Raises:
            UserError: It could not be changed; the old text is still there.
        """
        async with self._lock(plan):
            for tried in range(MAX_TRIES):
                if await self._try_write(plan, change, label):
                    break
                await asyncio.sleep(PAUSE_S * 2**tried)
            else:
                message = f"{path_of(plan)!r} keeps changing; try again when nobody types in it"
                raise UserError(message)
            reading = await self._look(plan)
        if reading is None:
            message = f"{path_of(plan)!r} was removed while Podium wrote it; try again"
            raise UserError(message)
        return reading

    async def rescan(self) -> None:
        """Look at every document on disk that changed since the last time."""
        scan = await asyncio.to_thread(self._files.scan)
        self._notices.put(
            "plan names",
            *(
                f"{f'.podium/plans/{name}'!r} is ignored: use the letters a-z, digits, '-' and '_'"
                for name in scan.unusable
            ),
        )
        changed = [plan for plan, stamp in scan.stamps.items() if self._stamps.get(plan) != stamp]
        gone = self._stamps.keys() - scan.stamps.keys()
        self._stamps = scan.stamps
        for plan in (*changed, *gone):
            await self._look_quietly(plan)

    async def aclose(self) -> None:
        """Stop reading."""
        for task in self._looking.values():
            task.cancel()
        if self._looking:
            await asyncio.wait(tuple(self._looking.values()))

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

    async def _look(self, plan: PlanId) -> Reading | None:
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
            if text == before:
                return True
            return await asyncio.to_thread(self._files.write, plan, text, before=before)
        editor, before = next(reversed(held.items()))
        text = change(before)
        return text == before or await self._edit(plan, editor, before, text, label)

    async def _edit(self, plan: PlanId, editor: Editor, before: str, text: str, label: str) -> bool:
        """Ask the editor to show ``text`` instead of ``before``; return whether it does."""
        params = {"path": path_of(plan), "before": before, "text": text, "label": label}
        try:
            async with asyncio.timeout(EDIT_TIMEOUT_S):
                answer = await editor.call("document/edit", params)
        except Disconnected:
            self.release(plan, editor)
            return False
        except TimeoutError:
            message = f"the editor that holds {path_of(plan)!r} did not take the change; try again"
            raise UserError(message) from None
        held = self._held.get(plan, {})
        if answer == {"applied": False}:
            return False  # Its user typed meanwhile; what they typed has arrived by now.
        if held.get(editor) == before:
            held[editor] = text  # The editor's own word may take a moment longer.
        return True


def _read(plan: PlanId, text: str, facts: TreeFacts) -> Reading:
    document = parse(plan, text)
    return Reading(text, intent_hash(text), document, checks(document, facts))


def _event(plan: PlanId, reading: Reading) -> DocumentChanged:
    return DocumentChanged(
        plan=plan,
        path=path_of(plan),
        hash=reading.hash,
        title=reading.document.plan.title,
        questions=reading.document.plan.questions,
        n_tasks=len(reading.document.plan.tasks),
        n_errors=len(reading.errors),
    )
