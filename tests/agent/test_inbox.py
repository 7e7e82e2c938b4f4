"""What an agent is told while it works: before its next turn, once, whatever happens."""

from itertools import count
from pathlib import Path

import pytest

from agent.scripted import Crash, Script, Workplace, call, do, say
from podium.agent.conversation import Submitted
from podium.domain.roles import REVIEWER
from podium.domain.transcript import UserMessage
from podium.tools.submit_result import Result
from podium.tools.submit_review import N_CHANCES
from podium.tools.table import tools_named

READ = call("read_file", path="a.py")
DONE = do("submit_result", summary="done")
AGAIN = do("submit_result", summary="mended")
FEEDBACK = UserMessage(id="run-1/T1/work-2", text="# Not accepted\nThe tests fail.")
LESSON = UserMessage(id="lesson 7", text="[Podium] Tests run with `make`.", is_reminder=True)


async def test_a_finished_agent_that_is_told_something_goes_on(desk: Workplace) -> None:
    await desk.play(DONE)
    await desk.tell(FEEDBACK)
    assert await desk.play(DONE, AGAIN) == Submitted(Result(summary="mended"))


async def test_a_reminder_takes_no_end_back(desk: Workplace) -> None:
    await desk.play(DONE)
    await desk.tell(LESSON)
    script = Script([AGAIN])
    assert await desk.run(script) == Submitted(Result(summary="done"))
    assert script.asked == []


async def test_calls_have_their_results_before_the_agent_is_told(desk: Workplace) -> None:
    """A model's calls must be followed by their results, or no provider takes the transcript."""
    await desk.play(say("", READ, call("list_files")), DONE)
    del desk.transcript.messages[-3:]  # The last job failed when it carried out the second call.
    await desk.tell(FEEDBACK)
    await desk.play(DONE, AGAIN)
    roles = [it.role for it in desk.transcript.messages]
    assert roles[2:6] == ["assistant", "tool", "tool", "user"]


async def test_what_arrives_while_a_turn_is_under_way_is_told_before_the_next(
    desk: Workplace,
) -> None:
    async def tell(_: int) -> None:
        await desk.tell(LESSON, FEEDBACK)

    await desk.run(Script([say("", READ), DONE], tell))
    assert desk.text.splitlines()[2:] == [
        'model:  read_file{"path": "a.py"}',
        "tool: 1\tx = 1",
        "user: [Podium] Tests run with `make`.",
        "user: # Not accepted",
        "The tests fail.",
        'model:  submit_result{"summary": "done"}',
        "tool: submitted",
    ]


async def test_only_news_give_a_reviewer_its_chances_again(desk: Workplace) -> None:
    desk.tools = tools_named(REVIEWER.tools)
    claim = {"severity": "nit", "path": "a.py", "first_line": 1, "last_line": 1, "title": "t"}
    unfounded = [
        do("submit_review", summary=f"{n}", findings=[claim | {"evidence": "nowhere"}])
        for n in range(3 * N_CHANCES)
    ]

    async def tell(n_asked: int) -> None:
        await desk.tell(LESSON if n_asked else FEEDBACK)

    script = Script(unfounded, tell)
    await desk.run(script)
    assert len(script.asked) == 1 + N_CHANCES + 1


@pytest.mark.parametrize("moment", range(2 * 9))
async def test_everything_is_told_once_wherever_the_engine_dies(
    tmp_path: Path, moment: int
) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    desk, moments = Workplace(tmp_path), count()
    desk.transcript.crash = lambda: next(moments) == moment
    script = Script([say("", READ), say("Done?"), DONE])
    for _ in range(2):
        await desk.tell(LESSON, FEEDBACK)
        try:
            await desk.run(script)
        except Crash:
            continue
    ids = [it.id for it in desk.transcript.messages if isinstance(it, UserMessage)]
    assert ids == ["", "lesson 7", "run-1/T1/work-2", "reminder 7"]
