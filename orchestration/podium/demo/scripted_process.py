"""The scripted server as a process of its own, for tests that kill and for benchmarks."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from podium.demo.scenario import ScenarioError

_STOP_WITHIN_S = 5


@asynccontextmanager
async def serve_in_process(
    scenario: Path, *, port: int = 0, log: Path | None = None
) -> AsyncGenerator[str]:
    """Run the server in a child process while the context is open; gives its URL.

    Raises:
        ScenarioError: It did not start; the message is what it said.
    """
    command = [sys.executable, "-P", "-m", "podium.demo.scripted_server", str(scenario)]
    command += ["--port", str(port)]
    command += [] if log is None else ["--log", str(log)]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        if process.stdout is None or process.stderr is None:
            raise AssertionError(command)
        url = (await process.stdout.readline()).decode().strip()
        if not url:
            raise ScenarioError((await process.stderr.read()).decode().strip())
        yield url
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        # The pipes are read to their end: a full one would keep the child alive.
        await asyncio.wait_for(process.communicate(), _STOP_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.communicate()
