"""Puts the engine's parts and its jobs together."""

from collections.abc import Sequence

from podium.configuration import Configuration
from podium.domain.base import JobId, PlanId, Usd
from podium.domain.effect import JobSpec
from podium.domain.events import Event
from podium.domain.events.progress import CallSent
from podium.domain.transcript import Message
from podium.engine.context import Engine
from podium.engine.leases import Leases
from podium.engine.unsaved import unsaved_paths
from podium.jobs.port import Addition, EngineCalls, Jobs, Lease, NoMoney, OnHold
from podium.jobs.runner import AsyncioJobs
from podium.jobs.services import Services


class DirectCalls(EngineCalls):
    """What jobs ask of the engine that they run in."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._leases = Leases(engine.coordinator, engine.settings)

    async def settings(self) -> Configuration:
        """Return the configuration as it is now."""
        return self._engine.settings.current()

    async def report(self, *events: Event, transcript: Addition | None = None) -> None:
        """Record what a job says."""
        await self._engine.coordinator.report(*events, transcript=transcript)

    async def load_transcript(self, conversation: str) -> tuple[Message, ...]:
        """Return what was said in a conversation so far."""
        return await self._engine.coordinator.journal.load_transcript(conversation)

    async def reserve(self, call: CallSent, least_usd: Usd) -> Lease | NoMoney | OnHold:
        """Set money aside for a call."""
        return await self._leases.reserve(call, least_usd)

    async def read_plan(self, plan: PlanId) -> str:
        """Return what a plan's document says."""
        return await self._engine.documents.read(plan)

    async def edit_plan(self, plan: PlanId, *, before: str, text: str, label: str) -> bool:
        """Change a plan's document, if it still says ``before``."""
        return await self._engine.documents.edit(plan, before=before, text=text, label=label)

    async def unsaved(self) -> frozenset[str]:
        """Return the files that have unsaved text in an editor."""
        return await unsaved_paths(self._engine)


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
    services = Services(engine.workspace, DirectCalls(engine), engine.repository)

    async def perform(spec: JobSpec) -> None:
        from podium.jobs.table import perform as carry_out  # noqa: PLC0415 - Imports litellm's port.

        await carry_out(spec, services)

    limit = engine.settings.usable().limits.jobs
    return EngineJobs(AsyncioJobs(perform, engine.coordinator, limit=limit), services)
