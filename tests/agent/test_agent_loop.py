import pytest
from inline_snapshot import snapshot

from agent.scripted import READ_ONLY, Script, Workplace, call, do, say
from podium.agent.conversation import Escalated, Submitted
from podium.domain.transcript import AssistantMessage, ToolCall
from podium.tools.context import ToolContext
from podium.tools.list_files import ListFiles
from podium.tools.submit_result import Result
from podium.tools.tool import Reach, Tool

READ = do("read_file", path="a.py")
EDIT = do("edit_file", path="a.py", old="x = 1", new="x = 2")
DONE = do("submit_result", summary="done")
DONE_ALREADY = Submitted(Result(summary="done"))


async def test_a_worker_works_until_it_submits(desk: Workplace) -> None:
    assert await desk.play(say("I look first.", call("read_file", path="a.py")), EDIT, DONE) == (
        DONE_ALREADY
    )
    assert desk.text == snapshot("""\
system: You are Podium's worker.
user: Do it.
model: I look first. read_file{"path": "a.py"}
tool: 1	x = 1
model:  edit_file{"path": "a.py", "old": "x = 1", "new": "x = 2"}
tool: a.py now reads:
1	x = 2
model:  submit_result{"summary": "done"}
tool: submitted\
""")
    assert desk.transcript.doings == snapshot(
        ["read_file a.py", "edit_file a.py", "submit_result done"]
    )


async def test_several_calls_are_carried_out_in_order(desk: Workplace) -> None:
    both = say("", *EDIT.tool_calls, *READ.tool_calls)
    assert await desk.play(both, DONE) == DONE_ALREADY
    assert "tool: 1\tx = 2" in desk.text
    assert desk.transcript.doings[0] == "edit_file a.py and 1 more"


async def test_calls_after_the_end_are_not_run(desk: Workplace) -> None:
    assert await desk.play(say("", *DONE.tool_calls, *EDIT.tool_calls)) == DONE_ALREADY
    assert (desk.root / "a.py").read_text() == "x = 1\n"
    assert desk.text.endswith(
        "tool: submitted\nerror: not run: your work had ended before this call"
    )


@pytest.mark.parametrize(
    ("asked_for", "answer"),
    [
        pytest.param(
            call("grep", text="x"), "error: there is no tool 'grep'; you have", id="unknown"
        ),
        pytest.param(
            call("submit_plan"), "error: there is no tool 'submit_plan'", id="another role's"
        ),
        pytest.param(
            ToolCall(id="1", name="read_file", arguments='{"path": '),
            "error: the arguments of `read_file` are not JSON",
            id="malformed",
        ),
        pytest.param(call("read_file", path="b.py"), "error: 'b.py' does not exist", id="refused"),
    ],
)
async def test_what_the_model_can_mend_goes_back(
    desk: Workplace, asked_for: ToolCall, answer: str
) -> None:
    assert await desk.play(say("", asked_for), DONE) == DONE_ALREADY
    assert answer in desk.text


async def test_a_bug_in_a_tool_is_not_hidden(desk: Workplace) -> None:
    async def broken(args: ListFiles, ctx: ToolContext) -> str:
        raise ZeroDivisionError((args, ctx))

    tool = Tool(name="list_files", input=ListFiles, reach=Reach.READS, run=broken)
    desk.tools = (tool,)
    with pytest.raises(ZeroDivisionError):
        await desk.play(do("list_files"))


@pytest.mark.parametrize(
    ("lines", "n_calls"),
    [
        pytest.param([READ], 3, id="one call"),
        pytest.param([READ, do("list_files")], 6, id="two in turn"),
        pytest.param([READ, do("list_files"), do("glob", pattern="*")], 9, id="three in turn"),
        pytest.param([say("", *READ.tool_calls * 4)], 4, id="in one reply"),
        pytest.param([do("read_file", path="nowhere")], 3, id="refused calls"),
        pytest.param(
            [say("", ToolCall(id="1", name="read_file", arguments="{"))], 3, id="malformed"
        ),
    ],
)
async def test_repetition_is_warned_of_and_then_ended(
    desk: Workplace, lines: list[AssistantMessage], n_calls: int
) -> None:
    outcome = await desk.play(*lines * 20)
    assert isinstance(outcome, Escalated)
    assert outcome.reason.startswith("repeated the same calls with the same results: ")
    assert 1 <= desk.text.count("the next repetition ends it") < n_calls / 2
    assert sum(it.role == "tool" for it in desk.transcript.messages) == n_calls


async def test_the_same_call_with_another_result_is_no_repetition(desk: Workplace) -> None:
    lines = [
        line
        for n in range(1, 8)
        for line in (READ, do("edit_file", path="a.py", old=f"x = {n}", new=f"x = {n + 1}"))
    ]
    assert await desk.play(*lines, DONE) == DONE_ALREADY


async def test_a_silent_agent_is_told_to_go_on_and_then_ended(desk: Workplace) -> None:
    outcome = await desk.play(do("todos", todos=[{"text": "test it"}]), say("I am done."))
    assert outcome == Escalated(
        "tried to stop 3 times without changing anything; still open: test it"
    )
    assert desk.text == snapshot("""\
system: You are Podium's worker.
user: Do it.
model:  todos{"todos": [{"text": "test it"}]}
tool: 1 of 1 open
model: I am done.
user: [Podium] Nobody reads a reply without a tool call. Your open todos:
- test it
Go on with the work; only `ask` or `replan` or `submit_result` ends it.
model: I am done.
user: [Podium] Nobody reads a reply without a tool call. Your open todos:
- test it
Go on with the work; only `ask` or `replan` or `submit_result` ends it.
model: I am done.\
""")


async def test_submitting_with_open_todos_counts_as_stopping(desk: Workplace) -> None:
    todos = do("todos", todos=[{"text": "test it"}])
    lines = [todos, DONE, READ, do("submit_result", summary="really"), say("Done."), READ]
    outcome = await desk.play(*lines)
    assert outcome == Escalated(
        "tried to stop 3 times without changing anything; still open: test it"
    )


async def test_work_between_attempts_to_stop_is_progress(desk: Workplace) -> None:
    lines = [
        line
        for n in range(1, 6)
        for line in (say("Done?"), do("edit_file", path="a.py", old=f"x = {n}", new=f"x = {n + 1}"))
    ]
    assert await desk.play(*lines, DONE) == DONE_ALREADY


async def test_for_who_cannot_edit_reading_is_progress(desk: Workplace) -> None:
    desk.tools = READ_ONLY
    for name in "bcdef":
        (desk.root / name).write_text(name)
    lines = [line for name in "bcdef" for line in (say("Hm."), do("read_file", path=name))]
    asked = do("submit_plan", title="t", objective="o", questions=[{"text": "Why?"}])
    assert isinstance(await desk.play(*lines, asked), Submitted)


async def test_too_many_turns_end_it(desk: Workplace) -> None:
    desk.max_turns = 5
    outcome = await desk.play(*(do("note", text=f"note {n}") for n in range(9)))
    assert outcome == Escalated("took 5 turns, as many as allowed, without an end")


async def test_asking_escalates(desk: Workplace) -> None:
    assert await desk.play(do("ask", question="Which?")) == Escalated("asks: Which?")


async def test_old_results_are_left_out_of_what_is_sent(desk: Workplace) -> None:
    desk.input_tokens = 8_000
    lines: list[AssistantMessage] = []
    for n in range(30):
        (desk.root / f"f{n}").write_text(f"{n}" * 2_000)
        lines.append(do("read_file", path=f"f{n}"))
    script = Script([*lines, DONE])
    assert await desk.run(script) == DONE_ALREADY
    sent = script.asked[-1].messages
    assert sent[:2] == tuple(desk.transcript.messages[:2])
    stub = '[output of read_file {"path": "f0"}, 1,028 characters, left out; call again if needed]'
    assert sent[3].text == stub
    assert len(desk.transcript.messages[3].text) > 1_000
    assert sent[-8:] == tuple(desk.transcript.messages[-10:-2])


async def test_what_cannot_be_made_to_fit_is_not_sent(desk: Workplace) -> None:
    desk.input_tokens = 2_000
    outcome = await desk.play(do("write_file", path="b", text="y" * 9_000), DONE)
    assert isinstance(outcome, Escalated)
    assert outcome.reason.startswith("its transcript does not fit into 2,000 tokens any more")


async def test_a_context_that_the_answer_takes_whole_is_told_as_a_setting_to_change(
    desk: Workplace,
) -> None:
    desk.input_tokens = -100
    outcome = await desk.play(DONE)
    assert isinstance(outcome, Escalated)
    assert "does not fit into 0 tokens" in outcome.reason
    assert "`context_tokens`" in outcome.reason
    assert "`max_output_tokens`" in outcome.reason
