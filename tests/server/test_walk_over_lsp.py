"""The whole way in an editor: a real server, a real engine, and jobs that follow a script."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsp_editor import editor, until
from lsprotocol import types
from pytest_lsp import client_capabilities
from walking import (
    PLAN,
    REQUEST,
    capabilities,
    held,
    let_go,
    planned,
    planned_on_hold,
    podium,
    until_offered,
)

from podium_server.command_names import COMMANDS

pytestmark = pytest.mark.usefixtures("engine")


async def test_from_a_request_to_a_merged_commit(root: Path, env: dict[str, str]) -> None:
    asked: list[Any] = []
    diffs: list[Any] = []

    def ask(_ls: object, params: Any) -> dict[str, str]:  # noqa: ANN401  # JSON.
        asked.append(params)
        return {"text": "spaces are fine"}

    def show_diff(_ls: object, params: Any) -> None:  # noqa: ANN401  # JSON.
        diffs.append(params)

    handlers = {"podium/input": ask, "podium/showDiff": show_diff}
    async with editor(root, capabilities(), env, handlers) as it:
        await planned(it)
        await it.do(await until_offered(it, "Review"))
        assert it.shown[-1].name.endswith("review.md")
        await it.do(await until_offered(it, "Approve"))
        await until(lambda: "awaiting-merge" in it.codes(PLAN))
        await until(lambda: "- [x] T1: Write slugify" in it.text(PLAN))
        assert "minor" in it.codes(PLAN), "slug.py is only in the run's tree as yet"
        assert not (root / "slug.py").exists()

        line = it.text(PLAN)[: it.text(PLAN).index("T1: Write")].count("\n")
        found = await it.actions(PLAN, line)
        await it.do(found["Dismiss with a reason…: spaces stay"])
        assert len(asked) == 1
        await until(lambda: "minor" not in it.codes(PLAN))

        await it.do(await until_offered(it, "Show diff"))
        assert [file.path for file in diffs[0].files] == ["slug.py"]
        await it.do(await until_offered(it, "Show report"))
        assert "spaces are fine" in it.shown[-1].read_text()

        await it.do(await until_offered(it, "Merge"))
        await until(lambda: it.codes(PLAN) == [])
        assert (root / "slug.py").exists()
        assert any("merged as" in message for message in it.messages)
        for reports in it.progress.values():
            kinds = [type(report).__name__ for report in reports]
            assert (kinds[0], kinds[-1]) == ("WorkDoneProgressBegin", "WorkDoneProgressEnd")
        assert it.progress


async def test_an_edit_after_approval_revokes_it_and_undoing_the_edit_lets_it_be_given_again(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await planned(it)
        held(hold)
        await it.do(await until_offered(it, "Approve"))
        await until(lambda: "task-working" in it.codes(PLAN))
        it.type(PLAN, "Titles become slugs.", "Titles become anything.")
        await until(lambda: "approval-revoked" in it.codes(PLAN))
        assert "Approve again" not in await it.lenses(PLAN)
        it.type(PLAN, "Titles become anything.", "Titles become slugs.")
        await it.do(await until_offered(it, "Approve again"))
        await until(lambda: "approval-revoked" not in it.codes(PLAN))
        let_go(hold)
        await until(lambda: "awaiting-merge" in it.codes(PLAN))


async def test_approving_a_text_that_has_changed_since_is_refused(
    root: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await planned(it)
        approve = await until_offered(it, "Approve")
        it.type(PLAN, "Titles become slugs.", "Titles become anything.")
        await it.do(approve)
        assert any("has changed since" in message for message in it.messages)
        assert "approval-pending" in it.codes(PLAN)


async def test_what_somebody_types_while_podium_writes_is_kept(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        held(hold)
        await planned_on_hold(it)
        let_go(hold)
        it.type(PLAN, "into slugs.", "into slugs. 0")
        for number in range(30):
            it.type(PLAN, f"slugs. {number}", f"slugs. {number + 1}")
            await asyncio.sleep(0.01)
        await until(lambda: "approval-pending" in it.codes(PLAN))
        assert "slugs. 30" in it.text(PLAN)


async def test_two_editors_see_the_same_board_and_a_cancelled_progress_cancels(
    root: Path, hold: Path, env: dict[str, str]
) -> None:
    held(hold)
    async with (
        editor(root, capabilities(), env) as one,
        editor(root, client_capabilities("neovim@v0.11.0"), env) as other,
    ):
        await planned_on_hold(one)
        other.open(PLAN, REQUEST)
        await until(lambda: "planning" in other.codes(PLAN))
        await until(lambda: one.progress)
        token = next(iter(one.progress))
        params = types.WorkDoneProgressCancelParams(token)
        one.client.window_work_done_progress_cancel(params)
        await until(lambda: "planning" not in one.codes(PLAN) + other.codes(PLAN))


async def test_a_killed_engine_is_started_again_and_a_stopped_one_when_it_is_needed(
    root: Path, state: Path, env: dict[str, str], engine: asyncio.subprocess.Process
) -> None:
    def pids() -> list[str]:
        return [it.read_text() for it in state.glob("podium/*/engine.pid")]

    async with editor(root, capabilities(), env) as it:
        await planned(it)
        engine.kill()
        await until(lambda: pids() not in ([], [f"{engine.pid}\n"]))
        await it.run("podium.showReport", plan="slugs")
        assert any("'slugs'" in message for message in it.messages), "the new engine answers"
        await podium(root, env, "engine", "stop")
        await until(lambda: pids() == [])
        await it.lenses(PLAN)
        assert pids() == []
        await it.run("podium.showReport", plan="slugs")
        assert pids() != []


async def test_an_approval_of_a_text_that_nobody_has_saved_outlives_the_engine(
    root: Path, hold: Path, env: dict[str, str], engine: asyncio.subprocess.Process
) -> None:
    (root / PLAN).write_text(REQUEST)
    async with editor(root, capabilities(), env) as it:
        await planned(it)
        held(hold)
        await it.do(await until_offered(it, "Approve"))
        await until(lambda: "task-working" in it.codes(PLAN))
        engine.kill()
        # The engine that is started is the real one, and has no key for a model.
        await until(lambda: "paused" in it.codes(PLAN))
        assert "approval-revoked" not in it.codes(PLAN)


async def test_an_engine_that_a_shell_starts_is_shown_where_one_was_stopped(
    root: Path, env: dict[str, str]
) -> None:
    async with editor(root, capabilities(), env) as it:
        await planned(it)
        await podium(root, env, "engine", "stop")
        await until(lambda: "approval-pending" not in it.codes(PLAN))
        await podium(root, env, "status")
        await until(lambda: "approval-pending" in it.codes(PLAN))


async def test_a_command_with_nothing_to_do_says_so(root: Path, env: dict[str, str]) -> None:
    says = {
        "podium.request": "## Request",
        "podium.answer": "no plan",
        "podium.approve": "no plan",
        "podium.reject": "no plan",
        "podium.review": "no plan",
        "podium.start": "no plan",
        "podium.pause": "no plan",
        "podium.resume": "no plan",
        "podium.cancel": "no plan",
        "podium.retry": "no plan",
        "podium.fixFinding": "code action",
        "podium.dismissFinding": "code action",
        "podium.showDiff": "no plan",
        "podium.showReport": "no plan",
        "podium.merge": "no plan",
        "podium.discard": "no plan",
    }
    assert says.keys() == COMMANDS.keys()
    async with editor(root, client_capabilities("emacs"), env) as it:
        for command, expected in says.items():
            await it.run(command)
            assert expected in it.messages[-1], command
