"""The demo up to the plan, then in the user's hands in Neovim."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from podium.demo.editor import editor
from podium.demo.stage import Stage, set_stage
from podium.demo.walk import PLAN, Audience, open_plan
from podium.errors import UserError

SETTINGS = Path(__file__).with_name("neovim.lua")


async def open_in_neovim(home: Path, audience: Callable[[Stage], Audience]) -> int:
    """Have the plan drafted, open it in Neovim, and end everything when the user leaves.

    Returns:
        Neovim's exit status.

    Raises:
        UserError: There is no Neovim.
    """
    program = shutil.which("nvim")
    if program is None:
        message = "nvim is not installed; install Neovim 0.11 or newer, or run `podium demo` alone"
        raise UserError(message)
    async with set_stage(home) as stage:
        async with editor(stage.project) as it:
            await open_plan(it, audience(stage))
        python = sys.executable.replace("'", "''")
        process = await asyncio.create_subprocess_exec(
            program,
            "--clean",
            "--cmd",
            f"let g:podium_python = '{python}'",
            "-S",
            str(SETTINGS),
            PLAN,
            cwd=stage.project,
        )
        try:
            return await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
