"""The end of an engine that a walk has started."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

from podium.workspace.state import state_directory


async def end_engine(workspace: Path) -> None:
    """End the engine of a workspace, if one runs."""
    pid = state_directory(workspace) / "engine.pid"
    if not pid.exists():
        return
    number = int(pid.read_text())
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGTERM)
        for _ in range(200):
            if not pid.exists():
                return
            await asyncio.sleep(0.05)
        os.kill(number, signal.SIGKILL)
