import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Completed, project_command
from podium.tools.diagnostics import DIAGNOSTICS
from podium.tools.run_command import RUN_COMMAND
from tools.desk import Desk


@pytest.fixture
def sandboxed(desk: Desk, tmp_path: Path) -> Desk:
    settings = SandboxSettings()
    sandbox = find_sandbox(settings)

    async def run(command: str, timeout_s: float) -> Completed:
        confined = project_command(command, desk.root, tmp_path, settings)
        return await sandbox.run(confined.evolve(timeout_s=timeout_s))

    desk.ctx = replace(desk.ctx, run_command=run)
    return desk


async def test_a_command_answers_with_status_and_output(sandboxed: Desk) -> None:
    sandboxed.write("a.txt", "hello\n")
    assert await sandboxed.use(RUN_COMMAND, command="cat a.txt") == "exit status 0\nhello"
    assert await sandboxed.use(RUN_COMMAND, command="exit 3") == "exit status 3, no output"


async def test_a_command_is_stopped_at_its_time_limit(sandboxed: Desk) -> None:
    answer = await sandboxed.use(RUN_COMMAND, command="echo begun; sleep 60", timeout_s=1)
    assert answer == "stopped after 1 s\nbegun"


async def test_long_output_keeps_its_head_and_tail(sandboxed: Desk) -> None:
    answer = await sandboxed.use(RUN_COMMAND, command="seq 100000")
    assert answer.startswith("exit status 0\n1\n2\n")
    assert answer.endswith("\n99999\n100000")
    assert "characters left out; narrow the command" in answer
    assert len(answer) < 13_000


async def test_without_a_sandbox_no_command_is_run(desk: Desk) -> None:
    answer = await desk.use(RUN_COMMAND, command="touch here")
    assert answer.startswith("refused: no command can be run here")
    assert not list(desk.root.iterdir())


async def test_diagnostics_are_asked_of_the_servers(desk: Desk) -> None:
    async def diagnose(paths: Sequence[str]) -> str:
        await asyncio.sleep(0)
        return "" if paths == ("clean.py",) else f"{paths[0]}:1: error"

    assert (await desk.use(DIAGNOSTICS, paths=["a.py"])).startswith("unknown: no language server")
    desk.ctx = replace(desk.ctx, diagnose=diagnose)
    assert await desk.use(DIAGNOSTICS, paths=["clean.py"]) == "no errors"
    assert await desk.use(DIAGNOSTICS, paths=["a.py"]) == "a.py:1: error"
