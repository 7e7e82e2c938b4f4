"""An answer that the provider cut off at the limit of tokens: told as that, and not for ever."""

import json

import pytest

from agent.scripted import Script, Transcript, Workplace, call, do, say
from podium.agent.context import MAX_CUT_CALL
from podium.agent.conversation import Escalated, Submitted
from podium.domain.transcript import AssistantMessage, ToolCall
from podium.tools.submit_result import Result

EDIT = call("edit_file", path="a.py", old="x = 1", new="x = 2")
READ = do("read_file", path="a.py")
DONE = do("submit_result", summary="done")
DONE_ALREADY = Submitted(Result(summary="done"))
TOLD = (
    "Your answer was cut off at 500 tokens, thinking included; what it broke off in was not "
    "carried out. The same again would end there again: take a shorter step. Make one call, "
    "write a long file in parts, and change a file by small edits."
)
GIVEN_UP = Escalated(
    "its answers were cut off 3 times without changing anything; raise `max_output_tokens` in "
    "the configuration, or the budget if little of it is left"
)


def cut(text: str = "", *calls: ToolCall) -> AssistantMessage:
    return say(text, *calls).evolve(cut_at=500)


def unfinished(n: int = 1) -> ToolCall:
    return ToolCall(id="w", name="write_file", arguments='{"path": "b.py", "text": "' + "y" * n)


async def test_the_model_is_told_where_it_was_cut_and_what_to_do(desk: Workplace) -> None:
    assert await desk.play(cut(), cut("Half a sen"), DONE) == DONE_ALREADY
    told = [it.text for it in desk.transcript.messages if it.role == "user"][1:]
    assert told == [f"[Podium] {TOLD}"] * 2
    assert desk.transcript.doings[0] == "was cut off at 500 tokens"


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(unfinished(), id="in its arguments"),
        pytest.param(call("diagnostics"), id="before its arguments"),
        pytest.param(call("submit_result", summary="half"), id="in the end of the work"),
    ],
)
async def test_the_call_that_was_cut_is_not_carried_out_but_those_before_it_are(
    desk: Workplace, last: ToolCall
) -> None:
    assert await desk.play(cut("", EDIT, last), DONE) == DONE_ALREADY
    assert (desk.root / "a.py").read_text() == "x = 2\n"
    assert f"\nerror: {TOLD}\nmodel:  submit_result" in desk.text
    assert desk.text.count("error: ") == 1


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([cut()], id="without a call"),
        pytest.param([cut("", unfinished(n)) for n in range(1, 9)], id="in different calls"),
        pytest.param([cut("", unfinished())], id="in the same call"),
        pytest.param([cut(), READ, cut(), do("list_files"), cut()], id="reading in between"),
        pytest.param([cut("", call("submit_result", summary="x"))], id="in the end of the work"),
    ],
)
async def test_an_agent_that_is_cut_off_again_and_again_is_stopped(
    desk: Workplace, lines: list[AssistantMessage]
) -> None:
    assert await desk.play(*lines) == GIVEN_UP
    assert sum(it.cut_at > 0 for it in desk.transcript.messages if it.role == "assistant") == 3


async def test_a_change_in_between_is_progress(desk: Workplace) -> None:
    def edit(n: int) -> AssistantMessage:
        return do("edit_file", path="a.py", old=f"x = {n}", new=f"x = {n + 1}")

    lines = [cut(), cut(), edit(1), cut(), cut("", edit(2).tool_calls[0], unfinished()), cut()]
    assert await desk.play(*lines, DONE) == DONE_ALREADY


async def test_a_long_call_that_was_cut_is_sent_back_by_its_beginning_and_saved_whole(
    desk: Workplace,
) -> None:
    script = Script([cut("", unfinished(9_000)), DONE])
    assert await desk.run(script) == DONE_ALREADY
    sent, saved = script.asked[-1].messages[2], desk.transcript.messages[2]
    assert isinstance(sent, AssistantMessage)
    assert isinstance(saved, AssistantMessage)
    assert sent.tool_calls[0].arguments == saved.tool_calls[0].arguments[:MAX_CUT_CALL]
    assert saved.tool_calls == (unfinished(9_000),)
    with pytest.raises(json.JSONDecodeError):
        json.loads(sent.tool_calls[0].arguments)


async def test_a_cut_is_remembered_when_the_agent_goes_on_after_a_crash(desk: Workplace) -> None:
    await desk.play(cut("", unfinished()), cut())
    seen = [it.model_validate_json(it.model_dump_json()) for it in desk.transcript.messages[:4]]
    desk.transcript = Transcript(messages=list(seen))
    assert await desk.play(cut(), cut(), cut()) == GIVEN_UP
    assert sum(it.cut_at > 0 for it in desk.transcript.messages if it.role == "assistant") == 3
