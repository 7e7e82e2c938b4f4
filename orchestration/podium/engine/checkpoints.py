"""Checkpoints: requests as they were folded, so that a start need not fold all of history.

A checkpoint is a cache beside the events.  It says up to which of them it counts and
which code folded them; one of other code, or one that cannot be read, is as good as none.
Losing one costs time and nothing else, so none is ever in a transaction with events, and
a disk that is full for a checkpoint is full for nothing that matters.
"""

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import structlog
from pydantic import ValidationError

from podium import domain
from podium.domain.base import PlanId
from podium.domain.board import Board
from podium.domain.request import Request
from podium.domain.step import fold
from podium.engine.journal import Checkpoint, Journal
from podium.engine.journal_file import JournalError

EVERY: Final = 500
"""How many events at most are folded again for each active request: some 40 ms."""

log = structlog.stdlib.get_logger()


class Checkpoints:
    """Restores the board, and saves requests with many new events.

    Args:
        journal: Where they are, beside the events.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._fold = _fold_version()
        self._n_since: Counter[PlanId] = Counter()

    async def restore(self) -> Board:
        """Return the board as of the journal's last event.

        Raises:
            JournalError: An event cannot be read.
        """
        board = Board()
        for plan in await self._journal.load_plans():
            request, seq = _read(await self._journal.load_checkpoint(plan, self._fold), plan)
            events = await self._journal.load_events(plan=plan, after=seq)
            board = board.with_request(fold(events, request))
            await self.advance(board, (it.plan for it in events))
        if self._n_since.total() >= EVERY:  # Each has few, but together they have many.
            await self._save(board, tuple(self._n_since))
        return board

    async def advance(self, board: Board, changed: Iterable[PlanId]) -> None:
        """Count an event of each plan in ``changed``, and save what is due; ``board`` is after."""
        self._n_since.update(changed)
        await self._save(board, [plan for plan, n in self._n_since.items() if n >= EVERY])

    async def _save(self, board: Board, plans: Iterable[PlanId]) -> None:
        for plan in plans:
            del self._n_since[plan]
            try:
                body = board.request(plan).model_dump_json()
                await self._journal.save_checkpoint(plan, self._fold, body)
            except JournalError as error:
                log.warning("checkpoint.lost", plan=plan, reason=str(error))


def _read(found: Checkpoint | None, plan: PlanId) -> tuple[Request, int]:
    """Return a request and up to which event it was folded."""
    if found is not None:
        try:
            return Request.model_validate_json(found.body), found.seq
        except ValidationError as error:
            log.warning("checkpoint.unreadable", plan=plan, reason=str(error))
    return Request(id=plan), 0


def _fold_version() -> str:
    """Return a digest of the code that folds: any change to it may fold differently."""
    sources = sorted(Path(domain.__path__[0]).rglob("*.py"))
    digest = hashlib.sha256(b"".join(it.read_bytes() for it in sources)).hexdigest()
    return f"{importlib.metadata.version('podium')} {digest}"
