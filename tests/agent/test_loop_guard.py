import pytest

from podium.agent import guard
from podium.domain.transcript import AssistantMessage, Message, ToolCall, ToolMessage, UserMessage


def transcript(written: str) -> list[Message]:
    """Read a transcript: `a1` is a call of tool a that answers 1, `.` silence, `!` a reminder.

    `?` is something the agent was told; a capital letter is a refused call.
    """
    messages: list[Message] = []
    for word in written.split():
        if word == ".":
            messages.append(AssistantMessage(text="Done."))
        elif word in {"!", "?"}:
            messages.append(UserMessage(text="Go on.", is_reminder=word == "!"))
        else:
            name, result, refused = word[0].lower(), word[1:], word[0].isupper()
            call = ToolCall(id="0", name=name, arguments="{}")
            answer = ToolMessage(call_id="0", name=name, text=result, is_error=refused)
            messages += [AssistantMessage(tool_calls=(call,)), answer]
    return messages


@pytest.mark.parametrize(
    ("written", "n_repeats", "repeated"),
    [
        ("", 1, ""),
        ("a1", 1, ""),
        ("a1 a1", 2, ""),
        ("a1 a1 a1", 3, "a"),
        ("a1 a1 a2", 1, ""),
        ("b1 a1 a1", 2, ""),
        ("a1 b1 a1 b1", 2, ""),
        ("a1 b1 a1 b1 a1 b1", 3, "a, b"),
        ("a1 b1 c1 a1 b1 c1 a1 b1 c1", 3, "a, b, c"),
        ("a1 b1 a2 b1 a3 b1", 1, ""),
        ("a1 b1 c1 d1 a1 b1 c1 d1 a1 b1 c1 d1", 1, ""),
        ("A1 A1 A1", 3, "a"),
        ("a1 . ! a1 . ! a1", 3, "a"),
        ("a1 a1 ? a1", 1, ""),
        ("a0.11s a0.12s a9.01s", 3, "a"),
        ("a0x7ffe01 a0x7ffe02 a0x7ffe03", 3, "a"),
        ("a11 a12 a13", 1, ""),
        pytest.param(f"a{'1' * 200_000}", 1, "", id="a long number"),
    ],
)
def test_repetition_is_counted(written: str, n_repeats: int, repeated: str) -> None:
    done = guard.steps(guard.since_told(transcript(written)))
    assert (guard.n_repeats(done), guard.repeated(done)) == (n_repeats, repeated)


@pytest.mark.parametrize(
    ("written", "n_standstills"),
    [
        ("", 0),
        (".", 1),
        (". ! r1 . ! r2 .", 3),
        (". ! e1 . ! r1", 1),
        (". ! E1 . ! r1", 2),
        ("Sopen Sopen Sopen", 3),
        ("Sopen r1 . ! Sopen", 3),
        ("Sone Stwo Sthree", 1),
        (". ! . ! ? .", 1),
    ],
)
def test_attempts_to_stop_without_a_change_are_counted(written: str, n_standstills: int) -> None:
    told = guard.since_told(transcript(written))
    assert guard.n_standstills(told, changing={"e"}, submitting={"s"}) == n_standstills


@pytest.mark.parametrize(("n_results", "left"), [(0, "abc"), (1, "bc"), (3, "")])
def test_pending_calls_are_those_without_a_result(n_results: int, left: str) -> None:
    calls = tuple(ToolCall(id="same", name=it, arguments="{}") for it in "abc")
    results = [ToolMessage(call_id="same", name=it.name, text="") for it in calls[:n_results]]
    messages = [UserMessage(text="Do it."), AssistantMessage(tool_calls=calls), *results]
    assert "".join(it.name for it in guard.pending(messages)) == left
