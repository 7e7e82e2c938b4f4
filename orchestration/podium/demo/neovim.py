"""The demo up to the plan, then in the user's hands in Neovim."""

import asyncio
import re
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from podium.demo.editor import DemoFailed, editor
from podium.demo.stage import Stage, set_stage
from podium.demo.walk import PLAN, Audience, open_plan
from podium.errors import UserError

SETTINGS = Path(__file__).with_name("neovim.lua")
OLDEST = (0, 11)
_ELSE = "install Neovim 0.11 or newer, or run `podium demo` alone"


async def open_in_neovim(
    home: Path, audience: Callable[[Stage], AbstractAsyncContextManager[Audience]]
) -> None:
    """Have the plan drafted, open it in Neovim, and end everything when the user leaves.

    Raises:
        UserError: There is no Neovim that is new enough, or no terminal to show it on.
        DemoFailed: The plan was not drafted, or Neovim ended with an error.
    """
    program = await _neovim()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        message = "there is no terminal for nvim here; run `podium demo` alone"
        raise UserError(message)
    async with set_stage(home) as stage:
        async with audience(stage) as view, editor(stage.project) as it:
            await open_plan(it, view)
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
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
    if status != 0:
        message = f"{program} ended with status {status}; does `nvim --clean` start here?"
        raise DemoFailed(message)


async def _neovim() -> str:
    """Return where Neovim is.

    Raises:
        UserError: There is none, it does not start, or it is too old.
    """
    program = shutil.which("nvim")
    if program is None:
        message = f"nvim is not installed; {_ELSE}"
        raise UserError(message)
    try:
        process = await asyncio.create_subprocess_exec(
            program, "--version", stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
        said, complaint = await process.communicate()
    except OSError as error:
        message = f"{program} does not start: {error.strerror}; {_ELSE}"
        raise UserError(message) from None
    found = re.match(rb"NVIM v(\d+)\.(\d+)", said)
    if process.returncode != 0 or found is None:
        words = complaint.decode(errors="replace").strip() or f"status {process.returncode}"
        message = f"{program} does not start: {words}; {_ELSE}"
        raise UserError(message)
    version = int(found[1]), int(found[2])
    if version < OLDEST:
        message = f"{program} is version {version[0]}.{version[1]}; {_ELSE}"
        raise UserError(message)
    return program
