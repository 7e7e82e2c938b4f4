"""Work-done progress with cancel: one for each plan that is being planned or carried out."""

import asyncio
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from podium.domain.base import PlanId
from podium.domain.command_table import Verb
from podium.domain.commands import command
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase
from podium.domain.standing import spent, standing, task_phase
from podium.text.amounts import joined
from podium.text.plain import one_line
from podium_server.board import BoardMirror
from podium_server.client import Client

log = logging.getLogger(__name__)


class RunProgress:
    """Begins, reports and ends the client's progress as the board changes."""

    def __init__(self, ls: LanguageServer, client: Client, board: BoardMirror) -> None:
        self._ls, self._client, self._board = ls, client, board
        self._tokens: dict[PlanId, str] = {}
        self._begun: set[str] = set()
        self._said: dict[str, str] = {}
        self._n_tokens = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, request: Request) -> None:
        """Bring the client up to date about one request."""
        if not self._client.shows_progress:
            return
        token = self._tokens.get(request.id)
        is_at_it = request.phase.is_working or request.phase is Phase.MERGING
        is_working = is_at_it and not request.paused
        if is_working and token is None:
            task = asyncio.create_task(self._begin(request.id), name="progress")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif is_working and token in self._begun:
            self._report(token, request)
        elif token is not None and not is_working:
            del self._tokens[request.id]
            self._end(token, request)

    def end_all(self) -> None:
        """End whatever is shown: nobody knows any more how far it is."""
        for token in self._begun:
            self._tell(token, types.WorkDoneProgressEnd())
        self._begun.clear()
        self._tokens.clear()
        self._said.clear()

    def plan_of(self, token: str | int) -> PlanId | None:
        """Return the plan whose progress a token shows."""
        return next((plan for plan, it in self._tokens.items() if it == token), None)

    async def _begin(self, plan: PlanId) -> None:
        self._n_tokens += 1
        token = self._tokens[plan] = f"podium/{self._n_tokens}"
        created = types.WorkDoneProgressCreateParams(token)
        try:
            await self._ls.window_work_done_progress_create_async(created)
        except JsonRpcException as error:
            log.warning("progress.refused error=%s", error)
            return
        request = self._board.request(plan)
        if request is None or self._tokens.get(plan) != token:
            return  # It was over before the client had answered.
        self._begun.add(token)
        begin = types.WorkDoneProgressBegin(
            title=f"podium: {one_line(request.title, 60) or plan}",
            cancellable=command(request, Verb.CANCEL).is_allowed,
            message=_message(request),
            percentage=_percentage(request),
        )
        self._tell(token, begin)

    def _report(self, token: str, request: Request) -> None:
        message = _message(request)
        if self._said.get(token) != message:
            self._said[token] = message
            value = types.WorkDoneProgressReport(message=message, percentage=_percentage(request))
            self._tell(token, value)

    def _end(self, token: str, request: Request) -> None:
        self._said.pop(token, None)
        if token in self._begun:
            self._begun.discard(token)
            message = joined("paused" if request.paused else request.phase, spent(request))
            self._tell(token, types.WorkDoneProgressEnd(message=message))

    def _tell(
        self,
        token: str,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        self._ls.progress(types.ProgressParams(token, value))


def _message(request: Request) -> str:
    tasks = request.run.tasks.values() if request.run and request.phase is Phase.RUNNING else ()
    active = [it for it in tasks if it.phase.is_active]
    first = f"{active[0].task.id} {task_phase(request, active[0])}" if active else ""
    more = f" +{len(active) - 1}" if len(active) > 1 else ""
    return joined(standing(request), first + more, spent(request))


def _percentage(request: Request) -> int | None:
    """Return how much is done; ``None``, which editors show as endless, while planning."""
    if request.run is None or request.phase is Phase.PLANNING or not request.run.wanted:
        return None
    tasks = request.run.wanted
    return 100 * sum(it.phase is TaskPhase.DONE for it in tasks) // len(tasks)
