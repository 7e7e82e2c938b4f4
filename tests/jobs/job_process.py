"""A process that carries out jobs: specifications and `EngineCalls` are all it knows of an engine.

Run as ``python job_process.py WORKSPACE STATE DESCRIPTOR``, the last that of a socket.
"""

import asyncio
import socket
import sys
from pathlib import Path

from pydantic import TypeAdapter

from jobs.wiring import remote
from podium.domain.effect import JobSpec
from podium.jobs.services import Services
from podium.jobs.table import perform
from podium.protocol.wire import MAX_FRAME_BYTES, Params, Peer
from podium.workspace.git import Repository

JOB_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)


class JobProcess:
    """Carries out one job after the other."""

    def __init__(self, workspace: Path, state: Path) -> None:
        self.workspace = workspace
        self.state = state
        self.job: asyncio.Task[None] | None = None

    async def run(self, descriptor: int) -> None:
        end = socket.socket(fileno=descriptor)
        reader, writer = await asyncio.open_connection(sock=end, limit=MAX_FRAME_BYTES)
        self.peer = Peer(reader, writer, self.answer)
        await self.peer.run()

    async def answer(self, method: str, params: Params) -> str:
        """Return what a job has died of, empty when it has answered."""
        if method == "cancel":
            assert self.job is not None
            self.job.cancel()
            return ""
        services = Services(self.workspace, remote(self.peer), self.repository)
        self.job = asyncio.create_task(perform(JOB_SPEC.validate_python(params), services))
        others = asyncio.all_tasks() | {self.job}
        await asyncio.wait([self.job])
        if said := asyncio.all_tasks() - others:
            await asyncio.wait(said)  # It may have been cancelled while it reported.
        await services.aclose()
        if self.job.cancelled():
            return "CancelledError"
        error = self.job.exception()
        return f"{type(error).__name__}: {error}" if error else ""

    async def repository(self) -> Repository:
        return await Repository.open(self.workspace, self.state, umask=0o022)


if __name__ == "__main__":
    _, workspace, state, descriptor = sys.argv
    asyncio.run(JobProcess(Path(workspace), Path(state)).run(int(descriptor)))
