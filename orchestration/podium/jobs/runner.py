"""Jobs as asyncio tasks in the engine: the default adapter of the port."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import Literal

import structlog

from podium.domain.base import JobId, PlanId
from podium.domain.effect import JobSpec
from podium.domain.events.ends import JobFailed
from podium.errors import ModelError, UserError
from podium.jobs.port import Paused, Reporter

Perform = Callable[[JobSpec], Awaitable[None]]
"""Carries out one job, reporting on the way; `podium.jobs.table.perform` with its services."""

log = structlog.stdlib.get_logger()


class AsyncioJobs:
    """Runs each job as one task; a job's id is the task's key.

    Args:
        perform: Carries out one job.
        reporter: Learns of jobs that fail.
        limit: How many heavy jobs run at the same time.
    """

    def __init__(self, perform: Perform, reporter: Reporter, *, limit: int) -> None:
        self._perform = perform
        self._reporter = reporter
        self._machine = asyncio.Semaphore(limit)
        self._tasks: dict[JobId, asyncio.Task[None]] = {}
        self._dying: dict[asyncio.Task[None], PlanId] = {}
        self._plans: dict[JobId, PlanId] = {}
        self._begun: set[JobId] = set()
        self._submitted_again: set[JobId] = set()

    def submit(self, spec: JobSpec) -> None:
        """Start a job, or let it go on when a job of this id is under way already."""
        if spec.job in self._tasks:
            self._submitted_again.add(spec.job)
            return
        before = [task for task, plan in self._dying.items() if plan == spec.plan]
        task = asyncio.create_task(self._run(spec, before), name=spec.job)
        self._tasks[spec.job] = task
        self._plans[spec.job] = spec.plan
        task.add_done_callback(lambda _: self._forget(spec.job, task))

    def cancel(self, jobs: Sequence[JobId], *, gently: bool = False) -> None:
        """Begin to stop jobs, down to the commands that they run; their ids are free at once.

        ``gently``: only those that have not begun; the others leave when they would pay.
        """
        for job in jobs:
            if gently and job in self._begun:
                continue
            task = self._set_aside(job)
            if task is not None:
                task.cancel()

    async def aclose(self) -> None:
        """Stop everything and wait for it; what was under way stays outstanding."""
        self.cancel(tuple(self._tasks))
        while self._dying:
            await asyncio.wait(tuple(self._dying))

    def _set_aside(self, job: JobId) -> asyncio.Task[None] | None:
        """Free a job's id; a new submission waits until the old task has ended."""
        task = self._tasks.pop(job, None)
        if task is not None:
            self._dying[task] = self._plans.pop(job)
            self._begun.discard(job)
            self._submitted_again.discard(job)
        return task

    def _forget(self, job: JobId, task: asyncio.Task[None]) -> None:
        if self._tasks.get(job) is task:
            self._set_aside(job)
        self._dying.pop(task, None)

    async def _run(self, spec: JobSpec, before: Sequence[asyncio.Task[None]]) -> None:
        if before:
            await asyncio.wait(before)  # Two jobs must not share a worktree.
        with structlog.contextvars.bound_contextvars(job=spec.job, plan=spec.plan):
            async with self._machine if spec.is_heavy else nullcontext():
                self._begun.add(spec.job)
                log.info("job.started", kind=spec.kind)
                await self._perform_or_report(spec)

    async def _perform_or_report(self, spec: JobSpec) -> None:
        try:
            await self._perform(spec)
        except Exception as error:  # noqa: BLE001  # It is what the job reports.
            await self._leave(spec, error)

    async def _leave(self, spec: JobSpec, error: Exception) -> None:
        """End a job that did not answer: quietly in a pause, or by a report of why."""
        if self._tasks.get(spec.job) is not asyncio.current_task():
            # It was cancelled, and the id may be another job's by now.
            log.warning("job.cancelled", exc_info=error)
        elif isinstance(error, Paused):
            is_resumed = spec.job in self._submitted_again
            log.info("job.paused")
            self._set_aside(spec.job)
            if is_resumed:  # After it had seen the pause, and before it has left.
                self.submit(spec)
        else:
            failed = JobFailed(
                plan=spec.plan, job=spec.job, reason=_reason(error), cause=_cause(error)
            )
            trace = None if isinstance(error, (UserError, ModelError)) else error
            log.warning("job.failed", cause=failed.cause, reason=failed.reason, exc_info=trace)
            self._set_aside(spec.job)  # What follows from the report may be to try again.
            await self._reporter.report(failed)


def _cause(error: Exception) -> Literal["error", "environment", "budget"]:
    from podium.models.budget import BudgetExceeded  # noqa: PLC0415 - Only a failure needs it.

    if isinstance(error, BudgetExceeded):
        return "budget"
    if isinstance(error, (UserError, ModelError)) and not error.is_about_request:
        return "environment"
    return "error"  # Other jobs can go on.


def _reason(error: Exception) -> str:
    if isinstance(error, (UserError, ModelError)):
        return str(error)
    return (
        f"Podium failed inside this job ({type(error).__name__}); "
        "the engine's log says where: retry, and report it if it happens again"
    )
