"""What walks over LSP share: a plan, and what a person does with it."""

import asyncio
import subprocess
import sys
from pathlib import Path

from lsp_editor import LspEditor, until
from lsprotocol import types
from pytest_lsp import client_capabilities

SCRIPT = Path(__file__).with_name("walking_engine.py")
PLAN = ".podium/plans/slugs.md"
REQUEST = "## Request\n\nMake titles into slugs.\n"


def capabilities() -> types.ClientCapabilities:
    """Return those of VS Code with Podium's extension."""
    found = client_capabilities("visual_studio_code")
    found.experimental = {"podium": {"input": True, "diff": True}}
    return found


async def podium(root: Path, env: dict[str, str], *words: str) -> str:
    """Give a command in a shell; return what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "podium", *words),
        cwd=root,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return " ".join(said.decode().split())


def held(hold: Path) -> None:
    """Make workers and the planner wait."""
    hold.touch()


def let_go(hold: Path) -> None:
    """Let them go on."""
    hold.unlink()


async def planned(it: LspEditor) -> None:
    """Write a request and have it planned, as a person does."""
    it.open(PLAN, REQUEST)
    await until_offered(it, "Plan this request")
    await it.do((await it.actions(PLAN, 2))["Plan this request"])
    await until(lambda: "approval-pending" in it.codes(PLAN))
    assert "- [ ] T1: Write slugify" in it.text(PLAN)


async def until_offered(it: LspEditor, title: str) -> types.Command:
    """Wait until a lens is there; return its command."""
    while title not in (found := await it.lenses(PLAN)):  # noqa: ASYNC110  # It asks again.
        await asyncio.sleep(0.02)
    return found[title]


async def planned_on_hold(it: LspEditor) -> None:
    """Have a request planned; the planner waits."""
    it.open(PLAN, REQUEST)
    await it.do(await until_offered(it, "Plan this request"))
    await until(lambda: "planning" in it.codes(PLAN))
