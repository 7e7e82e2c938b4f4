"""An editor that does not take an edit in time: over LSP, with a real engine and real jobs."""

import asyncio
from pathlib import Path

import pytest
from lsp_editor import LspEditor, editor, until
from walking import (
    PLAN,
    REQUEST,
    capabilities,
    held,
    let_go,
    planned,
    planned_on_hold,
    until_offered,
)

pytestmark = pytest.mark.usefixtures("engine")
TASK = "- [ ] T1: Write slugify"


@pytest.fixture
def patience_s() -> float:
    return 0.2


async def given_up(it: LspEditor) -> None:
    """Wait until the engine waits no longer for the editor's answer."""
    await until(lambda: any("has not taken a change" in message for message in it.messages))


async def drafted_while_busy(it: LspEditor, hold: Path) -> None:
    """Have a plan drafted that the editor does not take yet."""
    held(hold)
    await planned_on_hold(it)
    it.is_free.clear()
    let_go(hold)
    await given_up(it)


async def test_a_draft_that_the_editor_takes_late_is_in_the_document_once(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await drafted_while_busy(it, hold)
        assert it.text(PLAN) == REQUEST
        it.is_free.set()
        await until(lambda: TASK in it.text(PLAN))
        it.type(PLAN, "T1: Write slugify", "T1: Write mine")
        await until(lambda: "approval-pending" in it.codes(PLAN))
        assert it.text(PLAN).count("T1: Write mine") == 1
        assert "paused" not in it.codes(PLAN)
        await until_offered(it, "Approve")
        assert it.n_offered == 1


async def test_a_draft_refused_late_because_somebody_typed_is_offered_again_and_keeps_it(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await drafted_while_busy(it, hold)
        it.type(PLAN, "into slugs.", "into slugs.\n\n## Objective\n\nMine.")
        it.is_free.set()
        await until(lambda: "approval-pending" in it.codes(PLAN))
        assert TASK in it.text(PLAN)
        assert "## Objective\n\nMine.\n" in it.text(PLAN)
        assert it.n_offered == 2


async def test_a_document_closed_before_the_editor_took_the_draft_is_written_to_disk(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    (root / PLAN).write_text(REQUEST)
    async with editor(root, capabilities(), env) as it:
        await drafted_while_busy(it, hold)
        it.close(PLAN)
        await until(lambda: TASK in (root / PLAN).read_text())
        await until(lambda: "approval-pending" in it.codes(PLAN))
        it.open(PLAN, (root / PLAN).read_text())
        await until_offered(it, "Approve")
        assert it.text(PLAN).count(TASK) == 1
        assert it.n_offered == 1


async def test_a_tick_that_nobody_took_is_offered_again_by_the_next_engine(
    root: Path, env: dict[str, str], engine: asyncio.subprocess.Process
) -> None:
    async with editor(root, capabilities(), env) as it:
        await planned(it)
        it.is_free.clear()
        await it.do(await until_offered(it, "Approve"))
        await given_up(it)
        await until(lambda: "awaiting-merge" in it.codes(PLAN))
        engine.kill()
        await until(lambda: it.n_offered == 3)
        it.is_free.set()
        await until(lambda: "- [x] T1" in it.text(PLAN))
        assert await it.lenses(PLAN), "the server lives, whomever the first answer was for"
        assert "problem" not in it.codes(PLAN)


async def test_an_editor_that_is_busy_with_one_plan_takes_the_draft_of_another(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    other = ".podium/plans/other.md"
    async with editor(root, capabilities(), env) as it:
        await drafted_while_busy(it, hold)
        it.open(other, REQUEST)
        await it.run("podium.request", uri=it.uri(other))
        await until(lambda: it.n_offered == 2)
