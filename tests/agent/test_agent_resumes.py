"""Whatever moment the process ends at, the next one goes on as if nothing had happened."""

from itertools import count

import pytest

from agent.scripted import Crash, Script, Workplace, call, do, say, show
from podium.agent.conversation import Outcome, Submitted
from podium.domain.transcript import ToolMessage
from podium.tools.submit_result import Result

LINES = (
    do("todos", todos=[{"text": "edit"}, {"text": "look"}]),
    say("", call("read_file", path="a.py"), call("edit_file", path="a.py", old="x", new="x, x")),
    do("write_file", path="b.py", text="y = 1\n"),
    do("submit_result", summary="early"),
    say("I think I am done."),
    say("", call("note", text="x twice"), call("read_file", path="b.py"), call("nonsense")),
    do("todos", todos=[]),
    say("", call("submit_result", summary="done", lessons=["b"]), call("read_file", path="a.py")),
)
N_SAVES = 1 + len(LINES) + 11 + 1  # The opening, the replies, their results, a reminder.


async def run_with_crash_at(moment: int, desk: Workplace) -> tuple[Outcome, int]:
    """Run, crashing once at the ``moment``-th chance; return the outcome and how often it asked."""
    moments = count()
    desk.transcript.crash = lambda: next(moments) == moment
    script = Script(LINES)
    try:
        outcome = await desk.run(script)
    except Crash:
        outcome = await desk.run(script)
    return outcome, len(script.asked)


async def test_a_run_without_a_crash(desk: Workplace) -> None:
    outcome, n_asked = await run_with_crash_at(-1, desk)
    assert outcome == Submitted(Result(summary="done", lessons=("x twice", "b")))
    assert n_asked == len(LINES)
    assert len(desk.transcript.messages) == N_SAVES + 1


@pytest.mark.parametrize("moment", range(2 * N_SAVES))
async def test_a_crash_changes_nothing(
    desk: Workplace, moment: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("undisturbed")
    (root / "a.py").write_text("x = 1\n")
    undisturbed = Workplace(root)
    expected, _ = await run_with_crash_at(-1, undisturbed)

    outcome, n_asked = await run_with_crash_at(moment, desk)

    assert outcome == expected
    assert [show(it) for it in desk.transcript.messages] == [
        show(it) for it in undisturbed.transcript.messages
    ]
    files = {it.name: it.read_text() for it in desk.root.iterdir()}
    assert files == {"a.py": "x, x = 1\n", "b.py": "y = 1\n"}
    # Only a reply that was lost before it was saved is asked for again.
    assert n_asked <= len(LINES) + 1
    assert len(desk.transcript.doings) == len(LINES)


async def test_a_saved_end_is_not_asked_for_again(desk: Workplace) -> None:
    script = Script((do("submit_result", summary="done"),))
    first = await desk.run(script)
    assert await desk.run(script) == first
    assert len(script.asked) == 1


async def test_two_calls_with_one_id_get_their_own_results(desk: Workplace) -> None:
    both = say("", call("read_file", path="a.py"), call("list_files"))
    await desk.play(both, do("submit_result", summary="done"))
    results = [it for it in desk.transcript.messages if isinstance(it, ToolMessage)]
    assert [(it.name, it.text) for it in results[:2]] == [
        ("read_file", "1\tx = 1"),
        ("list_files", "a.py"),
    ]
