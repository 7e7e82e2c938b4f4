"""The coordinator: the one writer of state.

One loop takes everything that waits, steps it on the state in memory, appends it in
one transaction, and only then publishes the new state, acts, and answers.  While it
waits for the disk the next batch gathers: that is group commit, and events stay
totally ordered.  If the append fails, the new state is dropped with it, so the state
never runs ahead of the journal.  Rejected: a pipeline of tentative states, which would
have to be unwound when an append in the middle fails.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import structlog

from podium.domain.base import PlanId
from podium.domain.board import Board
from podium.domain.effect import CancelJobs, Effect, Reached
from podium.domain.events import Event
from podium.domain.request import Request
from podium.domain.step import step
from podium.engine.checkpoints import Checkpoints
from podium.engine.journal import Journal
from podium.engine.journal_file import JournalError
from podium.jobs.port import Addition, Jobs
from podium.settings.notices import Notices

RETRY_S = 1.0
"""How long a job's report waits for disk space before it is retried."""

log = structlog.stdlib.get_logger()


class _Entry(NamedTuple):
    """What one caller wants recorded, all of it or nothing."""

    events: tuple[Event, ...]
    transcript: Addition | None
    done: "asyncio.Future[bool]"


class _Change(NamedTuple):
    """One event that changed something, and what follows from it."""

    event: Event
    effects: tuple[Effect, ...]


class _Waiter(NamedTuple):
    """Somebody waiting for a condition on a request."""

    plan: PlanId
    holds: Callable[[Request], bool]
    found: "asyncio.Future[Request]"


class Coordinator:
    """Holds the board, and changes it by events alone.

    Args:
        journal: Where events become durable.
        notices: Where it says that the journal cannot be written.
        on_change: Called with the plans whose requests changed, after they did.
    """

    def __init__(
        self, journal: Journal, notices: Notices, on_change: Callable[[frozenset[PlanId]], None]
    ) -> None:
        self.board = Board()
        self.journal = journal
        self._checkpoints = Checkpoints(journal)
        self._notices = notices
        self._on_change = on_change
        self._waiting: list[_Entry] = []
        self._waiters: list[_Waiter] = []
        self._wake = asyncio.Event()
        self._is_closing = False
        self._jobs: Jobs | None = None
        self._writer: asyncio.Task[None] | None = None

    async def start(self, jobs: Jobs, on_end: Callable[[], None] = lambda: None) -> None:
        """Restore the board from the journal, charge what was lost, and submit what is due.

        Args:
            jobs: What carries out effects.
            on_end: Called when nothing will be recorded any more: at the end, or after a defect.

        Raises:
            JournalError: The journal cannot be read.
        """
        self.board = await self._checkpoints.restore()
        self._jobs = jobs
        self._writer = asyncio.create_task(self._write(jobs), name="coordinator")
        self._writer.add_done_callback(lambda _: on_end())
        await self._charge_lost()
        for request in self.board.requests.values():
            for spec in request.due:
                jobs.submit(spec)

    async def dispatch(self, *events: Event, transcript: Addition | None = None) -> bool:
        """Record ``events`` in this order and act on them; durable when it returns.

        Returns:
            Whether any of them changed anything. What changes nothing is not recorded.

        Raises:
            JournalError: Nothing was recorded and nothing follows.
        """
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(events, transcript, done))
        self._wake.set()
        return await done

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        """Record a job's report, waiting for disk space if need be."""
        while True:
            try:
                await self.dispatch(*events, transcript=transcript)
            except JournalError:
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def until(self, plan: PlanId, holds: Callable[[Request], bool]) -> Request:
        """Return the request as soon as a condition holds for it."""
        request = self.board.request(plan)
        if holds(request):
            return request
        waiter = _Waiter(plan, holds, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        return await waiter.found

    async def aclose(self) -> None:
        """Stop all jobs, record their last reports, and close the journal."""
        if self._jobs is not None:
            await self._jobs.aclose()
        self._is_closing = True
        self._wake.set()
        if self._writer is not None:
            await self._writer
        await self.journal.aclose()

    async def _charge_lost(self) -> None:
        """Charge calls that were in flight when an engine died with their worst case."""
        calls = [
            it for request in self.board.requests.values() for it in request.in_flight.values()
        ]
        for it in calls:
            log.warning("call.lost", job=it.job, plan=it.plan, charged_usd=str(it.worst_usd))
        with suppress(JournalError):  # They still count as in flight, and the next start tries.
            await self.dispatch(*(it.charged(it.worst_usd) for it in calls))

    async def _write(self, jobs: Jobs) -> None:
        while self._waiting or not self._is_closing:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            board, stepped = self.board, list[tuple[_Entry, list[_Change]]]()
            for entry in batch:
                try:
                    board, changes = _step_all(board, entry.events)
                except Exception as error:
                    log.exception("event.failed", kinds=[it.kind for it in entry.events])
                    _settle(entry, error)
                else:
                    stepped.append((entry, changes))
            if await self._append(stepped):
                changed = [it for _, changes in stepped for it in changes]
                self._publish(board, changed, jobs)
                for entry, changes in stepped:
                    _settle(entry, bool(changes))
                await self._checkpoints.advance(board, (it.event.plan for it in changed))

    async def _append(self, stepped: Sequence[tuple[_Entry, list[_Change]]]) -> bool:
        """Make a batch durable; return whether that succeeded."""
        events = [change.event for _, changes in stepped for change in changes]
        said = [entry.transcript for entry, _ in stepped if entry.transcript is not None]
        if not events and not said:
            return True
        try:
            await self.journal.append(events, said)
        except JournalError as error:
            reason = str(error)
            log.warning("journal.failed", reason=reason)
            self._notices.put("journal", reason)
            for entry, _ in stepped:
                _settle(entry, JournalError(reason))
            return False
        self._notices.put("journal")
        return True

    def _publish(self, board: Board, changes: Sequence[_Change], jobs: Jobs) -> None:
        self.board = board
        for change in changes:
            self._act(change, jobs)
        if changes:
            self._on_change(frozenset(it.event.plan for it in changes))
        for waiter in tuple(self._waiters):
            request = board.request(waiter.plan)
            if waiter.found.cancelled():
                self._waiters.remove(waiter)
            elif waiter.holds(request):
                self._waiters.remove(waiter)
                waiter.found.set_result(request)

    def _act(self, change: _Change, jobs: Jobs) -> None:
        due = {it.job for it in self.board.request(change.event.plan).due}
        for effect in change.effects:
            if isinstance(effect, Reached):
                log.info("reached", plan=effect.plan, task=effect.task, point=effect.point)
            elif isinstance(effect, CancelJobs):
                jobs.cancel(effect.jobs, gently=effect.gently)
            elif effect.job in due:  # A later event of the batch may have ended it.
                jobs.submit(effect)


def _step_all(board: Board, events: Sequence[Event]) -> tuple[Board, list[_Change]]:
    """Return the board after ``events``, and those of them that changed something."""
    changes: list[_Change] = []
    for it in events:
        event = it if it.at else it.model_copy(update={"at": time.time()})
        before = board.request(event.plan)
        after, effects = step(before, event)
        if effects or (after is not before and after != before):
            board = board.with_request(after)
            changes.append(_Change(event, effects))
    return board, changes


def _settle(entry: _Entry, outcome: bool | Exception) -> None:  # noqa: FBT001  # Never a literal.
    if entry.done.done():
        return  # The caller was cancelled meanwhile; what they recorded counts all the same.
    if isinstance(outcome, Exception):
        entry.done.set_exception(outcome)
    else:
        entry.done.set_result(outcome)
