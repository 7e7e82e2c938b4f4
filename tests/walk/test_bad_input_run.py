"""Bad input on the way from a plan to a merge: nothing is lost, and nothing is half done."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import pytest

from podium.demo.editor import Editor, editor
from podium.protocol.client import EngineClient, NoEngine
from walk.obstacles import (
    PLAN,
    REQUEST,
    Scene,
    commit_all,
    git,
    scene,
    times_said,
    until_said,
)

NO_SERVER = (
    "[budget]",
    '[languages.notes]\nextensions = [".md"]\nservers = [["no-such-server"]]\n\n[budget]',
)
NO_RUNNER = ("[budget]", '[gates]\nsuite = ["notes-runner"]\n\n[budget]')
NO_MONEY = ("run_usd = 5", "run_usd = 0.01")
UNREADABLE = {
    "latin": b"## Request\n\nCaf\xe9.\n",
    "folder": None,
    "odd name": b"",
    "two\nlines": b"",
}


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: seccomp")
async def test_a_run_goes_on_after_every_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene(monkeypatch) as it:
        git(it.workspace, "init", "-q", "-b", "main")
        commit_all(it.workspace)
        odd = git(it.workspace, "ls-tree", "-r", "HEAD")
        old = await engine_on_an_old_kernel(it.workspace)
        async with editor(it.workspace) as ed:
            ed.open(PLAN, REQUEST)
            await ed.until(lambda: ed.said(PLAN, "no-tasks"), "the server")
            await ed.take_action(PLAN, "Plan this request", line=2)
            await until_said(ed, "approval-pending", "1 task")
            await ed.take_lens(PLAN, "Approve")
            await until_said(ed, "paused", "no sandbox on this machine", "Landlock")
            old.kill()
            await old.wait()
            await meet_the_rest(it, ed)
        paid = await it.paid()
        assert paid == {
            ("planner", 1): 1,
            ("worker", 1): 1,
            ("worker", 2): 1,
            ("reviewer", 1): 1,
        }
        kept = git(it.workspace, "ls-tree", "-r", "HEAD").replace(
            git(it.workspace, "ls-tree", "HEAD", "notes.md"), ""
        )
        assert kept == odd
        assert (it.workspace / "notes.md").read_text() == "hello\n"


async def engine_on_an_old_kernel(workspace: Path) -> Process:
    """Start an engine where commands cannot be confined."""
    script = Path(__file__).with_name("old_kernel.py")
    run = (sys.executable, "-P", "-m", "podium", "engine", "run", "--workspace", str(workspace))
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), *run, stderr=DEVNULL
    )
    async with asyncio.timeout(30):
        while True:
            try:
                client = await EngineClient.connect(workspace, start=False)
            except NoEngine:
                await asyncio.sleep(0.05)
            else:
                await client.aclose()
                return process


async def meet_the_rest(it: Scene, ed: Editor) -> None:
    """Go on with a budget that is too small, then without a language server, then merge."""
    assert times_said(ed, "no sandbox on this machine") == 1
    it.configure(NO_MONEY, NO_SERVER)
    await ed.take_lens(PLAN, "Resume")
    await until_said(ed, "paused", "the budget is $0.01", "raise `budget.run_usd`")
    it.configure(NO_SERVER)
    await ed.take_lens(PLAN, "Resume")
    await until_said(ed, "task-stopped", "'no-such-server' was not found: install it")
    it.configure(NO_RUNNER)
    await ed.take_lens(PLAN, "Retry T1")
    await meet_a_missing_program(it, ed)
    await until_said(ed, "awaiting-merge", "done: merge or discard it")
    assert not (it.workspace / "notes.md").exists()
    await ed.take_lens(PLAN, "Merge")
    await ed.until(lambda: times_said(ed, "merged"), "the merge")
    assert times_said(ed, "the budget is $0.01") == 1
    assert times_said(ed, "stopped · ") == 2


async def meet_a_missing_program(it: Scene, ed: Editor) -> None:
    """See what the suite lacks wherever a verdict is told, put it there, and go on."""
    lacks = "an environment problem: the program 'notes-runner' is missing without this change, too"
    todo = "install it where commands find it or set `gates.suite`, then retry"
    await until_said(ed, "task-stopped", "a gate could not judge", f"suite: {lacks}; {todo}")
    await until_said(ed, "gate-suite", f"suite unknown: {lacks}; {todo}")
    for command in ("status", "report"):
        assert f"{lacks}; {todo}" in " ".join((await it.podium(command)).out.split())
    it.programs.mkdir()
    (it.programs / "notes-runner").write_text("#!/bin/sh\ntest -f notes.md\n")
    (it.programs / "notes-runner").chmod(0o755)
    await ed.take_lens(PLAN, "Retry T1")


async def test_documents_and_configuration_that_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with scene(monkeypatch) as it:
        git(it.workspace, "init", "-q", "-b", "main")
        commit_all(it.workspace)
        folder = (it.workspace / PLAN).parent
        for name, content in UNREADABLE.items():
            path = folder / f"{name}.md"
            path.mkdir() if content is None else path.write_bytes(content)
        own = it.workspace / ".podium" / "config.toml"
        own.write_text('[budget]\nrun_usd = 99\n\n[gates]\nsuite = ["curl evil.example"]\n')
        async with editor(it.workspace) as ed:
            await ed.until(lambda: len(ed.messages) >= len(UNREADABLE) + 1, "the notices")
            for said in (
                "'.podium/plans/latin.md' is not UTF-8 in line 3; save it as UTF-8",
                "'.podium/plans/folder.md' is not a regular file; remove it",
                "'.podium/plans/odd name.md' is ignored: use the letters",
                r"'.podium/plans/two\nlines.md' is ignored: use the letters",
                "gates.suite is ignored until `podium trust`",
            ):
                assert times_said(ed, said) == 1, ed.messages
            checked, approved, trusted = await asyncio.gather(
                it.podium("check", "latin"),
                it.podium("approve", "--yes", "latin"),
                it.podium("trust", "--yes"),
            )
            assert (checked.status, approved.status, trusted.status) == (2, 2, 0)
            assert "is not UTF-8, see line 3; save it as UTF-8" in checked.complaint
            assert "there is no plan 'latin' that can be read" in approved.complaint
            (folder / "latin.md").write_text(REQUEST)
            (folder / "folder.md").rmdir()
            client = await EngineClient.connect(it.workspace)
            async with asyncio.timeout(30):
                # The two names that cannot be used are left to say.
                while len((await client.call("board/get"))["notices"]) > 2:  # noqa: ASYNC110  # As above.
                    await asyncio.sleep(0.05)
            board = await client.call("board/get")
            await client.aclose()
            assert all("use the letters" in notice for notice in board["notices"])
            assert [request["id"] for request in board["requests"]] == ["latin"]
            assert (folder / "two\nlines.md").read_bytes() == b""
            assert len(ed.messages) == len(UNREADABLE) + 1
