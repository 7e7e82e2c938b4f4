from podium.domain.events.progress import Todo
from podium.tools.ask import ASK
from podium.tools.context import Mode
from podium.tools.note import NOTE
from podium.tools.replan import REPLAN
from podium.tools.submit_result import SUBMIT_RESULT, Result
from podium.tools.todos import TODOS
from tools.desk import Desk


async def test_todos_are_reported_whole(desk: Desk) -> None:
    steps = [{"text": "look", "done": True}, {"text": "write\nthe \x1b[31mtest"}]
    assert await desk.use(TODOS, todos=steps) == "1 of 2 open"
    assert desk.reported == [(Todo(text="look", done=True), Todo(text="write the �[31mtest"))]


async def test_the_same_list_again_is_no_progress(desk: Desk) -> None:
    await desk.use(TODOS, todos=[{"text": "look"}])
    assert (await desk.use(TODOS, todos=[{"text": "look"}])).startswith(
        "refused: this is your list"
    )
    assert len(desk.reported) == 1


async def test_remembered_todos_are_not_reported_again(desk: Desk) -> None:
    desk.ctx.state.mode = Mode.REMEMBERING
    await desk.use(TODOS, todos=[{"text": "look"}])
    assert desk.ctx.state.open_todos == ("look",)
    assert desk.reported == []


async def test_a_result_with_open_todos_is_refused(desk: Desk) -> None:
    await desk.use(TODOS, todos=[{"text": "look", "done": True}, {"text": "test"}])
    answer = await desk.use(SUBMIT_RESULT, summary="done")
    assert answer.startswith("refused: 1 todos are open: test. Do them")
    assert desk.ctx.state.submission is None


async def test_a_result_carries_the_notes_as_lessons(desk: Desk) -> None:
    await desk.use(NOTE, text="tests run with `make test`")
    await desk.use(NOTE, text="tests run with `make test`")
    await desk.use(SUBMIT_RESULT, summary="done", lessons=["", "two\nlines", "two lines"])
    assert desk.ctx.state.submission == Result(
        summary="done", lessons=("tests run with `make test`", "two lines")
    )


async def test_asking_and_replanning_end_the_work(desk: Desk) -> None:
    await desk.use(ASK, question="Which one?")
    assert desk.ctx.state.escalation == "asks: Which one?"
    await desk.use(REPLAN, reason="Two modules\nneed it.")
    assert desk.ctx.state.escalation == "needs another plan: Two modules need it."


async def test_what_an_agent_says_of_itself_is_one_printable_line(desk: Desk) -> None:
    said = "look\n\x1b]0;title\x07at\u202e \x9bm\tit"
    await desk.use(NOTE, text=said)
    assert desk.ctx.state.notes == ("look �]0;title�at� �m it",)
    await desk.use(ASK, question=said)
    assert desk.ctx.state.escalation == "asks: look �]0;title�at� �m it"
    await desk.use(REPLAN, reason=said)
    assert desk.ctx.state.escalation == "needs another plan: look �]0;title�at� �m it"
    await desk.use(NOTE, text="x" * 10_000)
    assert len(desk.ctx.state.notes[1]) == 400
