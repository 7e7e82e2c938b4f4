"""The walk with two keys in the environment and nothing else: each role asks its default model."""

import re
import shutil
from collections.abc import AsyncGenerator
from importlib.resources import files
from pathlib import Path

import pytest

from podium.configuration import defaults
from podium.demo.scripted_process import serve_in_process
from podium.domain.request import Phase
from podium.workspace.state import state_directory
from walk.ending import end_engine
from walk.theatre import Theatre, begin_repository

KEY = "sk-scripted"


@pytest.fixture
async def stage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Theatre]:
    """A stage without a configuration, on which the providers are where they always are.

    OpenAI's own address decides how its models are asked, so it is kept, and a proxy leads to
    the scripted server; Anthropic's is the server itself.
    """
    room, scenario, workspace = files("podium.demo"), folder / "scenario.toml", folder / "work"
    written = (room / "scenario.toml").read_text()
    scenario.write_text(re.sub(r"(?m)^models? = .*$", "", written))
    shutil.copytree(
        Path(str(room / "sample_project")),
        workspace,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    begin_repository(workspace)
    for name in ("config", "state", "cache"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(folder / name))
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://api.openai.com/v1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with serve_in_process(scenario, log=folder / "log.jsonl") as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
        stage = Theatre(workspace, url)
        await stage.connect()
        try:
            yield stage
        finally:
            await stage.client.aclose()
            await end_engine(workspace)


async def test_two_keys_in_the_environment_are_enough(stage: Theatre) -> None:
    await stage.plan()
    await stage.approve_and_start()
    await stage.until_phase(Phase.AWAITING_MERGE)

    asked = {
        (it["about"].removeprefix("You are Podium's "), it["wire"], it["model"])
        for it in await stage.log()
        if it["outcome"] == "answered"
    }
    opus, sonnet, haiku, sol = (
        it.partition("/")[2]
        for it in (defaults.OPUS, defaults.SONNET, defaults.HAIKU, defaults.SOL)
    )
    assert asked == {
        ("planner.", "anthropic", opus),
        ("worker.", "anthropic", sonnet),
        ("worker.", "anthropic", haiku),
        ("reviewer.", "responses", sol),
    }
    journal = state_directory(stage.workspace) / "journal.db"
    assert KEY.encode() not in journal.read_bytes()
