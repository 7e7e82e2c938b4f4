"""Puts the engine's parts and its jobs together."""

from collections.abc import Sequence
from functools import partial

from podium.domain.base import JobId
from podium.domain.effect import JobSpec
from podium.engine.context import Engine
from podium.engine.unsaved import unsaved_paths
from podium.jobs.port import Jobs
from podium.jobs.runner import AsyncioJobs
from podium.jobs.services import Services


class EngineJobs(Jobs):
    """The engine's jobs; what they were given is closed when they have ended."""

    def __init__(self, jobs: AsyncioJobs, services: Services) -> None:
        self._jobs = jobs
        self._services = services

    def submit(self, spec: JobSpec) -> None:
        """Start a job, or do nothing when a job of this id is under way already."""
        self._jobs.submit(spec)

    def cancel(self, jobs: Sequence[JobId], *, gently: bool = False) -> None:
        """Begin to stop jobs."""
        self._jobs.cancel(jobs, gently=gently)

    async def aclose(self) -> None:
        """Stop everything, wait for it, and close what the jobs used."""
        await self._jobs.aclose()
        await self._services.aclose()


def make_jobs(engine: Engine) -> Jobs:
    """Return what carries out the engine's jobs; models and sandbox come with the first job."""
    services = Services(
        workspace=engine.workspace,
        record=engine.coordinator,
        documents=engine.documents,
        settings=engine.settings.current,
        request=engine.request,
        repository=engine.repository,
        unsaved=partial(unsaved_paths, engine),
    )

    async def perform(spec: JobSpec) -> None:
        from podium.jobs.table import perform as carry_out  # noqa: PLC0415 - Imports litellm's port.

        await carry_out(spec, services)

    limit = engine.settings.usable().limits.jobs
    return EngineJobs(AsyncioJobs(perform, engine.coordinator, limit=limit), services)
