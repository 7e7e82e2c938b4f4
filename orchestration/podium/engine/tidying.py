"""Remove what runs leave behind when they are over: merged, discarded or replaced.

Their worktrees go at once, by a job; what a job that failed has left is found here.  Commits and
transcripts stay for `KEPT_S`, so that people can look again.  Nothing of any other run is touched.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from podium.domain.base import PlanId, RunId
from podium.domain.board import Board
from podium.engine.journal import Journal
from podium.errors import UserError
from podium.jobs import places
from podium.workspace import pruning
from podium.workspace.git import Repository

KEPT_DAYS: Final = 30
KEPT_S: Final = KEPT_DAYS * 86_400.0
LOOK_S: Final = 60.0
EVERY_S: Final = 86_400.0

log = structlog.stdlib.get_logger()


async def tidy_when_idle(
    is_busy: Callable[[], bool], tidy_up: Callable[[], Awaitable[None]]
) -> None:
    """Tidy up once a day, at a time when nothing is under way; never returns."""
    while True:
        await asyncio.sleep(LOOK_S)
        if is_busy():
            continue
        try:
            await tidy_up()
        except UserError as error:
            log.warning("tidying.failed", reason=str(error))
        except Exception:  # A defect here must not be one of the engine.
            log.exception("tidying.failed")
        await asyncio.sleep(EVERY_S)


async def tidy(board: Board, journal: Journal, repository: Repository | None, now: float) -> None:
    """Remove what is no longer needed.

    Args:
        board: Says which runs are over.
        journal: Has the transcripts.
        repository: The private one, None when there is none yet.
        now: The time, in seconds since 1970.

    Raises:
        UserError: Something could not be removed; it is tried again the next time.
    """
    over = {run: at for it in board.requests.values() for run, at in it.over.items()}
    past = {run for run, at in over.items() if at + KEPT_S < now}
    if repository is not None:
        for name in repository.places():
            if places.run_of(name) in over:
                await repository.remove(name)
        await _forget_commits(repository, past)
    talks = [it for it in await journal.load_conversations() if _run_of(it, board) in past]
    if talks:
        await journal.forget(talks)
        log.info("transcripts.removed", n=len(talks))


def _run_of(conversation: str, board: Board) -> RunId | None:
    """Return the run that a conversation belongs to; planning's is the one that it led to."""
    run = places.run_of(conversation)
    if run is not None:
        return run
    request = board.request(PlanId(conversation.partition("/")[0]))
    return request.run.id if request.phase.is_final and request.run else None


async def _forget_commits(repository: Repository, past: set[RunId]) -> None:
    names = [
        it.name for it in await pruning.references(repository) if places.run_of(it.owner) in past
    ]
    if names:
        await pruning.forget(repository, names)
        log.info("commits.removed", n_references=len(names))
