"""A small workspace in which something is always wrong: with an editor, a shell and models."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import pytest

from podium.demo.editor import Editor
from podium.demo.scripted_process import serve_in_process
from podium.workspace.state import state_directory
from walk.ending import end_engine
from walk.theatre import LoggedCall

PLAN = ".podium/plans/notes.md"

REQUEST = "## Request\n\nLeave notes for whoever comes next.\n"
SCENARIO = """
api_key = "sk-scripted"
models = ["gpt-scripted", "claude-scripted"]

[[conversation]]
name = "planner"
when = ["You are Podium's planner"]

[[conversation.turn]]
[[conversation.turn.call]]
tool = "submit_plan"

[conversation.turn.call.arguments]
title = "Notes"
objective = "Whoever comes next finds notes."
requirements = ["There are notes."]
must = ["notes"]
test_strategy = "Look for them."

[[conversation.turn.call.arguments.tasks]]
id = "T1"
title = "Write notes"
files = ["notes.md (new)"]
covers = ["R1"]
references = ["README.md"]
accept = ["grep -q hello notes.md"]

[[conversation]]
name = "worker"
when = ["You are Podium's worker"]

[[conversation.turn]]
call = [
    { tool = "write_file", arguments = { path = "notes.md", text = "hello\\n" } },
    { tool = "run_command", arguments = { command = "grep -q hello notes.md" } },
]

[[conversation.turn]]
call = [{ tool = "submit_result", arguments = { summary = "The notes say hello." } }]

[[conversation]]
name = "reviewer"
when = ["You are Podium's reviewer"]

[[conversation.turn]]
call = [{ tool = "submit_review", arguments = { summary = "They do say hello." } }]
"""
CONFIGURATION = """
[categories]
unspecified-low = ["openai/gpt-scripted"]
unspecified-high = ["anthropic/claude-scripted"]

[roles]
planner = "unspecified-high"
reviewer = "unspecified-high"

[providers.openai]
api_base = "{url}/v1"
api_key_env = "OPENAI_API_KEY"

[providers.anthropic]
api_base = "{url}"
api_key_env = "ANTHROPIC_API_KEY"

[models."openai/gpt-scripted"]
input_usd_per_mtok = 1.25
output_usd_per_mtok = 10

[models."anthropic/claude-scripted"]
input_usd_per_mtok = 3
output_usd_per_mtok = 15

[budget]
run_usd = 5
"""


class Ended(NamedTuple):
    """How a command of ``podium`` ended."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one message on standard error."""
        assert self.err.count("podium: ") == 1, self.err
        assert "Traceback" not in self.err
        return self.err.strip()


@dataclass
class Scene:
    """One workspace, its user's configuration and its models."""

    workspace: Path
    configuration: Path
    url: str
    programs: Path
    """Where the user's programs would be, if there were any."""

    def configure(self, *changes: tuple[str, str]) -> None:
        """Write the configuration that works, but for these changes."""
        text = CONFIGURATION.format(url=self.url)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.configuration.write_text(text)

    async def podium(self, *words: str, cwd: Path | None = None) -> Ended:
        """Run a command as in a shell."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "podium", *words),
            cwd=cwd or self.workspace,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def paid(self) -> Counter[tuple[str, int]]:
        """Return how often each turn was answered."""
        async with httpx.AsyncClient() as client:
            entries: list[LoggedCall] = (await client.get(f"{self.url}/podium/requests")).json()
        answered = [it for it in entries if it["outcome"] == "answered"]
        return Counter((it["conversation"], it["turn"]) for it in answered)

    @property
    def engine(self) -> int:
        """The process of the engine."""
        return int((state_directory(self.workspace) / "engine.pid").read_text())


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def commit_all(workspace: Path) -> None:
    """Make a commit of everything."""
    git(workspace, "config", "user.name", "Ada")
    git(workspace, "config", "user.email", "ada@example.org")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-q", "-m", "Begin")


def times_said(editor: Editor, *fragments: str) -> int:
    """Return how many messages have all these words."""
    return sum(all(it in message for it in fragments) for message in editor.messages)


async def until_said(editor: Editor, code: str, *fragments: str) -> None:
    """Wait until a diagnostic of the plan has these words, and no other of its code is there."""

    def holds() -> bool:
        found = editor.said(PLAN, code)
        return found is not None and all(it in found.message for it in fragments)

    await editor.until(holds, f"{code}: {fragments}")


@asynccontextmanager
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Scene]:
    """Set the scene; the workspace is no repository yet, and its path and files are odd."""
    # Short: a socket's path has at most 107 bytes.
    with TemporaryDirectory(prefix="podium-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for variable, place in (("CONFIG", "config"), ("STATE", "state"), ("CACHE", "cache")):
            monkeypatch.setenv(f"XDG_{variable}_HOME", str(folder / place))
        for provider in ("OPENAI", "ANTHROPIC"):
            monkeypatch.setenv(f"{provider}_API_KEY", "sk-scripted")
        monkeypatch.setenv("PATH", str(folder / "bin"), prepend=os.pathsep)
        async with _played_in(folder) as it:
            yield it


@asynccontextmanager
async def _played_in(folder: Path) -> AsyncGenerator[Scene]:
    workspace = folder / "a work\nspace"
    (workspace / PLAN).parent.mkdir(parents=True)
    for name in ("README.md", "two words.md", "two\nlines.md", "-dash.md", "é\t%s.md"):
        (workspace / name).write_text("# A project\n")
    configuration = folder / "config" / "podium" / "config.toml"
    configuration.parent.mkdir(parents=True)
    scenario = folder / "scenario.toml"
    scenario.write_text(SCENARIO)
    async with serve_in_process(scenario) as url:
        it = Scene(workspace, configuration, url.rstrip("/"), folder / "bin")
        it.configure()
        try:
            yield it
        finally:
            await end_engine(workspace)
