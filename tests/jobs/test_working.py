from jobs.stage import TASK, Stage, playing
from models.playing import LITELLM_WARNS
from podium.domain.effect import WorkTask
from podium.domain.event import TaskEscalated, TaskSubmitted

pytestmark = LITELLM_WARNS
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


async def test_a_worker_is_told_why_what_it_left_could_not_be_committed(stage: Stage) -> None:
    spec = stage.life.spec("work T1")
    assert isinstance(spec, WorkTask)
    spec = spec.evolve(base=stage.base, task=TASK.evolve(category="quick"))
    async with playing(stage, LINK):
        [*_, end] = await stage.carry_out(spec)
        assert isinstance(end, TaskEscalated)
        [*_, told] = stage.engine.said["run-1.T1.0"]
        assert told.role == "user"
        assert end.reason in told.text
        assert "'link' is a symbolic link out of the tree" in told.text
        [*_, end] = await stage.carry_out(spec.evolve(attempt=2, is_retry=True))
    assert isinstance(end, TaskSubmitted)
