"""The whole way in an editor: a real server, a real engine, and jobs that follow a script."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from lsp_editor import Editor, editor, until
from lsprotocol import types
from pytest_lsp import client_capabilities

from engine.engine_home import git
from podium_server.__main__ import COMMANDS
from podium_server.paths import path_of

SCRIPT = Path(__file__).with_name("walking_engine.py")
PLAN = ".podium/plans/slugs.md"
REQUEST = "## Request\n\nMake titles into slugs.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit."""
    root = tmp_path / "a project\nof ours"
    (root / ".podium/plans").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "config", "user.name", "Ada")
    (root / "README.md").write_text("# Titles\n")
    git(root, "add", "README.md")
    git(root, "commit", "-q", "-m", "Begin")
    return root


@pytest.fixture
def state() -> Iterator[Path]:
    """Where the engine keeps its state; short, as a Unix socket's path has at most 107 bytes."""
    with TemporaryDirectory(prefix="podium-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def env(tmp_path: Path, state: Path) -> dict[str, str]:
    own = {"XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    return dict(os.environ) | own | {"PYTHONPATH": str(SCRIPT.parents[1])}


@pytest.fixture(autouse=True)
async def engine(
    root: Path, state: Path, env: dict[str, str]
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """An engine whose workers follow a script."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), str(root), "60", env=env, stderr=subprocess.DEVNULL
    )
    await until(lambda: list(state.glob("podium/*/engine.sock")))
    yield process
    await podium(root, env, "engine", "stop")
    await process.wait()


def capabilities() -> types.ClientCapabilities:
    """Return those of VS Code with Podium's extension."""
    found = client_capabilities("visual_studio_code")
    found.experimental = {"podium": {"input": True, "diff": True}}
    return found


async def podium(root: Path, env: dict[str, str], *words: str) -> None:
    """Give a command in a shell."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "podium", *words),
        cwd=root,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    await process.wait()


@pytest.fixture
def hold(engine: object, state: Path) -> Path:  # noqa: ARG001  # It makes the directory.
    """A file that makes the engine's workers wait while it is there."""
    return next(state.glob("podium/*")) / "hold"


def held(hold: Path) -> None:
    """Make workers and the planner wait."""
    hold.touch()


def let_go(hold: Path) -> None:
    """Let them go on."""
    hold.unlink()


def read(uri: str) -> str:
    path = path_of(uri)
    assert path is not None
    return path.read_text()


async def planned(it: Editor) -> None:
    """Write a request and have it planned, as a person does."""
    it.open(PLAN, REQUEST)
    await until_offered(it, "Plan this request")
    await it.do((await it.actions(PLAN, 2))["Plan this request"])
    await until(lambda: "approval-pending" in it.codes(PLAN))
    assert "- [ ] T1: Write slugify" in it.text(PLAN)


async def until_offered(it: Editor, title: str) -> types.Command:
    """Wait until a lens is there; return its command."""
    while title not in (found := await it.lenses(PLAN)):  # noqa: ASYNC110  # It asks again.
        await asyncio.sleep(0.02)
    return found[title]


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
        assert "review.md" in it.client.shown_documents[-1].uri
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
        report = it.client.shown_documents[-1].uri
        assert "spaces are fine" in read(report)

        await it.do(await until_offered(it, "Merge"))
        await until(lambda: it.codes(PLAN) == [])
        assert (root / "slug.py").exists()
        assert any("merged as" in message for message in it.messages)
        for reports in it.client.progress_reports.values():
            kinds = [type(report).__name__ for report in reports]
            assert (kinds[0], kinds[-1]) == ("WorkDoneProgressBegin", "WorkDoneProgressEnd")
        assert it.client.progress_reports


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


async def planned_on_hold(it: Editor) -> None:
    """Have a request planned; the planner waits."""
    it.open(PLAN, REQUEST)
    await it.do(await until_offered(it, "Plan this request"))
    await until(lambda: "planning" in it.codes(PLAN))


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
        await until(lambda: one.client.progress_reports)
        token = next(iter(one.client.progress_reports))
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
