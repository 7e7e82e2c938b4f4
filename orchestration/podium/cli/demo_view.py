"""The demo on a terminal: what the user does, what the agents do, and what came of it."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.text import Text

from podium.cli.board_view import request_view
from podium.cli.connection import follow
from podium.cli.demo_report import report
from podium.cli.news import news
from podium.demo.stage import Stage
from podium.demo.walk import Walked
from podium.domain.base import PlanId
from podium.domain.request import Request
from podium.domain.verdict import Gate
from podium.text.plain import one_line

_PER_SECOND = 8


class _Screen(Console):
    """The terminal, or whatever reads the lines; when that has gone, the demo ends."""

    def on_broken_pipe(self) -> None:
        """End as for a signal: what was started is ended first."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        signal.raise_signal(signal.SIGTERM)


class DemoView:
    """Follows the board as a second client of the engine; is the audience of the walk.

    On a terminal a live view stands below the lines; elsewhere every change is a line.
    """

    def __init__(self, project: Path) -> None:
        self._console = _Screen(highlight=False)
        self._console.soft_wrap = not self._console.is_terminal  # A log's lines are not cut.
        self._started = time.monotonic()
        self._project = project
        self._request = Request(id=PlanId("days"))
        self._live = Live(
            console=self._console,
            get_renderable=self._renderable,
            refresh_per_second=_PER_SECOND,
            transient=True,
        )
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to show."""
        self._console.print(Rule("podium demo", style="cyan"))
        models = "Only the models are scripted; engine, git, sandbox, language servers and tests"
        self._console.print(Text(f"{models} are real.", style="dim"))
        if self._console.is_terminal:
            self._live.start()
        self._following = asyncio.create_task(follow(self._project, self._take), name="demo view")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
        self._live.stop()

    def does(self, what: str) -> None:
        """Take what the user does."""
        self._console.print(Text.assemble(("▶ you   ", "bold cyan"), one_line(what, 400)))

    def sees(self, what: str) -> None:
        """Take what the editor shows."""
        self._console.print(Text.assemble(("◀ editor ", "bold blue"), one_line(what, 400)))

    def report(self, walked: Walked, stage: Stage, wall_s: float) -> None:
        """Show what came of it all."""
        self._console.print(report(self._request, walked, stage, wall_s))

    def _take(self, board: dict[str, Request], _notices: tuple[str, ...]) -> bool:
        after = board.get(self._request.id)
        if after is not None:
            after = _with_evidence(after, self._request)
            for it in news(self._request, after):
                if it.important or not self._console.is_terminal:
                    self._console.print(Text(f"  {it.text}", style=it.style))
            self._request = after
        return False

    def _renderable(self) -> RenderableType:
        seconds = f"{time.monotonic() - self._started:.0f} s"
        legend = f"{seconds}   gates: {', '.join(Gate)}"
        return Group(Rule(Text(legend, style="dim"), style="dim"), request_view(self._request))


def _with_evidence(after: Request, before: Request) -> Request:
    """Return ``after`` with the verdicts known before: the engine tells no past evidence."""
    if after.run is None or before.run is None or not after.phase.is_final:
        return after
    run = after.run
    for name, task in before.run.tasks.items():
        run = run.with_task(run.tasks[name].evolve(history=task.history))
    return after.evolve(run=run)
