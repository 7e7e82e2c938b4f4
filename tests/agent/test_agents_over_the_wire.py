"""The loop in front of a scripted model server, through litellm and each wire format."""

from pathlib import Path

import pytest

from agent.scripted import Transcript
from models.playing import KEY, LITELLM_WARNS, Playing, playing
from podium.agent.conversation import Agent, Outcome, Submitted
from podium.agent.loop import run_agent
from podium.domain.base import TaskId
from podium.domain.plan import FileReference, Task
from podium.domain.roles import WORKER
from podium.roles.worker import worker_messages
from podium.tools.context import ToolContext
from podium.tools.submit_result import Result
from podium.tools.table import tools_named
from podium.workspace.tree import Tree

pytestmark = LITELLM_WARNS
WIRES = pytest.mark.parametrize("model", ["openai/m", "openai/responses/m", "anthropic/m"])
TASK = Task(
    id=TaskId("T1"),
    title="Lower the case",
    files=(FileReference(path="slug.py"),),
    accept=("true",),
)
SCENARIO = """
[[conversation]]
name = "worker"
when = ["You are Podium's worker.", "# Task\\nT1: Lower the case", "`slug.py`"]

[[conversation.turn]]
say = "I look first."
call = [
    { tool = "todos", arguments = { todos = [{ text = "edit" }] } },
    { tool = "read_file", arguments = { path = "slug.py" } },
]

[[conversation.turn]]
expect = "return text"
[[conversation.turn.call]]
tool = "edit_file"
arguments = { path = "slug.py", old = "text", new = "text.lower()" }

[[conversation.turn]]
expect = "return text.lower()"
say = "All done."

[[conversation.turn]]
expect = "Your open todos:"
call = [
    { tool = "todos", arguments = { todos = [{ text = "edit", done = true }] } },
    { tool = "submit_result", arguments = { summary = "slugs are lower case" } },
]
"""
SUBMITTED = Submitted(Result(summary="slugs are lower case"))


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "slug.py").write_text("return text\n")
    return tmp_path


async def work(play: Playing, model: str, root: Path, transcript: Transcript) -> Outcome:
    agent = Agent(
        models=(model,),
        opening=worker_messages(TASK, objective="Slugs are the same everywhere."),
        tools=tools_named(WORKER.tools),
        max_turns=10,
        input_tokens=99_000,
        max_output_tokens=1_000,
    )
    ctx = ToolContext(tree=Tree(root), allowed_files=("slug.py",))
    return await run_agent(agent, transcript, play.gateway, play.budget, ctx)


@WIRES
async def test_a_worker_works_through_a_real_provider(model: str, root: Path) -> None:
    transcript = Transcript()
    async with playing(SCENARIO) as play:
        assert await work(play, model, root, transcript) == SUBMITTED
        assert [it.turn for it in play.server.requests] == [1, 2, 3, 4]
        assert await work(play, model, root, transcript) == SUBMITTED
        assert len(play.server.requests) == 4
    assert (root / "slug.py").read_text() == "return text.lower()\n"


@WIRES
@pytest.mark.parametrize("n_kept", [1, 2, 3, 4, 6, 9, 11])
async def test_a_worker_goes_on_from_any_saved_prefix(model: str, root: Path, n_kept: int) -> None:
    before = Transcript()
    async with playing(SCENARIO) as play:
        await work(play, model, root, before)
        assert len(before.messages) == 12
        n_paid = len(play.server.requests)
        kept = Transcript(before.messages[:n_kept])
        n_saved = sum(it.role == "assistant" for it in kept.messages)
        if n_saved < 2:  # The edit was not asked for yet.
            (root / "slug.py").write_text("return text\n")
        assert await work(play, model, root, kept) == SUBMITTED
        assert len(play.server.requests) - n_paid == 4 - n_saved
    assert (root / "slug.py").read_text() == "return text.lower()\n"


@WIRES
async def test_malformed_arguments_go_back_to_the_model(model: str, root: Path) -> None:
    scenario = """
[[conversation]]
name = "worker"

[[conversation.turn]]
faults = ["malformed_json"]
call = [{ tool = "read_file", arguments = { path = "slug.py" } }]

[[conversation.turn]]
expect = "the arguments of `read_file` are not JSON"
call = [{ tool = "submit_result", arguments = { summary = "slugs are lower case" } }]
"""
    async with playing(scenario) as play:
        assert await work(play, model, root, Transcript()) == SUBMITTED
