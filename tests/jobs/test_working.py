"""What a worker is told of its last attempt, however often its job begins anew."""

from jobs.stage import TASK, Stage, playing
from models.playing import LITELLM_WARNS
from podium.domain.base import JobId
from podium.domain.effect import WorkTask
from podium.domain.events.ends import TaskEscalated, TaskSubmitted
from podium.domain.events.progress import TurnTaken
from podium.domain.transcript import Message, UserMessage
from podium.jobs import places

pytestmark = LITELLM_WARNS
ASKING = """
[[conversation]]
name = "worker"
when = ["You are Podium's worker."]
[[conversation.turn]]
call = [
    { tool = "read_file", arguments = { path = "a.txt" } },
    { tool = "ask", arguments = { question = "First?" } },
]
[[conversation.turn]]
call = [{ tool = "ask", arguments = { question = "Second?" } }]
"""
LINK = """
[[conversation]]
name = "worker"
when = ["You are Podium's worker"]
[[conversation.turn]]
call = [{ tool = "run_command", arguments = { command = "ln -s /etc/passwd link" } }]
[[conversation.turn]]
call = [{ tool = "submit_result", arguments = { summary = "linked" } }]
[[conversation.turn]]
call = [{ tool = "run_command", arguments = { command = "rm link; echo done > a.txt" } }]
[[conversation.turn]]
call = [{ tool = "submit_result", arguments = { summary = "done" } }]
"""
CONFLICT = "Other tasks have changed the same lines meanwhile"


def attempt(stage: Stage, number: int) -> WorkTask:
    """Return an attempt in the first worktree; what sends a second one back is a conflict."""
    spec = stage.life.spec("work T1")
    assert isinstance(spec, WorkTask)
    return spec.evolve(
        job=JobId(f"run-1/T1/work-{number}"),
        attempt=number,
        conflicts=("a.txt",) if number > 1 else (),
        base=stage.base,
        task=TASK,
    )


def said(stage: Stage) -> list[Message]:
    return stage.engine.said[places.work(stage.life.run.id, TASK.id, 0)]


def told(stage: Stage) -> list[str]:
    return [it.text for it in said(stage) if isinstance(it, UserMessage)]


def n_told(stage: Stage) -> int:
    return sum(CONFLICT in it for it in told(stage))


async def test_why_work_came_back_is_told_once_in_a_conversation_that_begins_with_it(
    stage: Stage,
) -> None:
    async with playing(stage, ASKING):
        await stage.carry_out(attempt(stage, 2))
        assert n_told(stage) == 1
        del said(stage)[2:]  # The engine died when that was told, and nothing answered yet.
        await stage.carry_out(attempt(stage, 2))
    assert n_told(stage) == 1


async def test_why_work_came_back_is_told_once_in_a_conversation_that_goes_on(stage: Stage) -> None:
    async with playing(stage, ASKING):
        await stage.carry_out(attempt(stage, 1))
        [*_, end] = await stage.carry_out(attempt(stage, 2))
        assert isinstance(end, TaskEscalated)
        assert end.reason == "asks: Second?"
        assert n_told(stage) == 1
        assert await stage.carry_out(attempt(stage, 2)) == [end]
    assert n_told(stage) == 1


async def test_a_call_that_failed_with_its_job_has_a_result_before_its_worker_is_sent_back(
    stage: Stage,
) -> None:
    async with playing(stage, ASKING) as server:
        await stage.carry_out(attempt(stage, 1))
        del said(stage)[-1:]  # The job failed in the middle of the second call.
        await stage.carry_out(attempt(stage, 2))
        assert len(server.requests) == 2
    assert [it.role for it in said(stage)[2:6]] == ["assistant", "tool", "tool", "user"]


async def test_a_worker_is_told_why_what_it_left_could_not_be_committed(stage: Stage) -> None:
    async with playing(stage, LINK):
        [*_, end] = await stage.carry_out(attempt(stage, 1))
        assert isinstance(end, TaskEscalated)
        assert "'link' is a symbolic link out of the tree" in end.reason
        [*_, submitted] = await stage.carry_out(attempt(stage, 2))
    assert isinstance(submitted, TaskSubmitted)
    [_, uncommitted, conflict] = told(stage)
    assert end.reason in uncommitted
    assert CONFLICT in conflict


async def test_what_a_worker_does_makes_it_an_author(stage: Stage) -> None:
    async with playing(stage, ASKING):
        reported = await stage.carry_out(attempt(stage, 1))
    turns = [it for it in reported if isinstance(it, TurnTaken)]
    assert [(it.role, it.task, it.is_author) for it in turns] == [("worker", "T1", True)]
