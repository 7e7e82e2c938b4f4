"""What comes back through litellm from three wire formats."""

import asyncio
from decimal import Decimal

import pytest

from models.playing import LITELLM_WARNS, MODELS, OPENING, WIRES, configure, counted, playing
from podium.domain.transcript import AssistantMessage, ToolCall, ToolMessage, Usage, UserMessage
from podium.models.gateway import Gateway, ModelRequest

pytestmark = LITELLM_WARNS

TWO_TURNS = """
    [[conversation]]
    name = "worker T1"
    when = ["role: worker", "T1"]

    [[conversation.turn]]
    think = "A file first."
    say = "I look at the file, café ☕ included, before I change any of it."
    call = [
        { tool = "read_file", arguments = { path = "slugify.py" } },
        { tool = "read_file", arguments = { path = "tests/é.py", lines = [1, 2] } },
    ]
    usage = { input_tokens = 1000, cached_tokens = 400, output_tokens = 100 }

    [[conversation.turn]]
    expect = "def slugify"
    say = "Done."
"""


@WIRES
async def test_text_calls_usage_and_cost_arrive(model: str) -> None:
    async with playing(TWO_TURNS) as play:
        reply = await play.ask(model)

    assert reply.message.text == "I look at the file, café ☕ included, before I change any of it."
    first, second = reply.message.tool_calls
    assert (first.name, first.arguments) == ("read_file", '{"path": "slugify.py"}')
    assert second.arguments == '{"path": "tests/\\u00e9.py", "lines": [1, 2]}'
    assert first.id != second.id
    assert reply.usage == Usage(input_tokens=1000, cached_tokens=400, output_tokens=100)
    assert reply.cost_usd == Decimal("0.0045")  # 1000 at $3 and 100 at $15 a million
    assert reply.model == model
    assert reply.family == model.partition("/")[0]
    assert play.switches == []
    assert play.budget.spent_usd == reply.cost_usd


@WIRES
@pytest.mark.parametrize(
    "said",
    [
        pytest.param("data: [DONE] is how a stream ends; message_stop, too.", id="an end mark"),
        pytest.param("one\u2028two\u2029three\x85four", id="line ends to some"),
    ],
)
async def test_what_was_said_arrives_as_it_was(model: str, said: str) -> None:
    scenario = f'[[conversation]]\nname = "w"\n[[conversation.turn]]\nsay = "{said}"'
    async with playing(scenario) as play:
        reply = await play.ask(model)

    assert reply.message.text == said


@WIRES
async def test_the_conversation_goes_on_from_the_transcript(model: str) -> None:
    async with playing(TWO_TURNS) as play:
        first = (await play.ask(model)).message
        results = [
            ToolMessage(call_id=it.id, name=it.name, text="def slugify(title): ...")
            for it in first.tool_calls
        ]
        reply = await play.ask(model, messages=[*OPENING, first, *results])

    assert reply.message == AssistantMessage(text="Done.")
    assert [it.turn for it in play.server.requests] == [1, 2]


@WIRES
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param('{"path": ', id="cut"),
        pytest.param('{"path": "\\ud800"}', id="half a character"),
        pytest.param('{"a":' * 400 + "1" + "}" * 400, id="deep"),
        pytest.param('{"n": NaN}', id="no number"),
        pytest.param("[]", id="a list"),
    ],
)
async def test_a_transcript_with_a_bad_tool_call_can_still_be_sent(
    model: str, arguments: str
) -> None:
    said = AssistantMessage(tool_calls=(ToolCall(id="a", name="rm -rf / ☠", arguments=arguments),))
    answer = ToolMessage(call_id="a", name="", text="def slugify: no such tool", is_error=True)
    async with playing(TWO_TURNS) as play:
        reply = await play.ask(model, messages=[*OPENING, said, answer, UserMessage(text="Go on.")])

    assert reply.message.text == "Done."


@WIRES
async def test_what_a_scenario_does_not_expect_is_refused_with_its_words(model: str) -> None:
    said = AssistantMessage(text="I did it.")
    async with playing(TWO_TURNS) as play:
        with pytest.raises(Exception, match="turn 2 expects 'def slugify'; the latest is 'Then go"):
            await play.ask(model, messages=[*OPENING, said, UserMessage(text="Then go on.")])
        assert play.outcomes() == ["400"]  # Asking again would not help.


async def test_anthropic_is_asked_to_remember_the_conversation_and_paid_for_it() -> None:
    scenario = """
        [[conversation]]
        name = "w"
        [[conversation.turn]]
        say = "Hello."
        [conversation.turn.usage]
        input_tokens = 1000
        cached_tokens = 600
        cache_written_tokens = 300
        output_tokens = 0
    """
    async with playing(scenario) as play:
        reply = await play.ask("anthropic/m")

    assert reply.usage == Usage(input_tokens=1000, cached_tokens=600, cache_written_tokens=300)
    assert reply.cost_usd == Decimal("0.003225")  # 700 at $3 and 300 at $3.75 a million


@WIRES
async def test_turns_share_a_connection(model: str) -> None:
    async with playing(TWO_TURNS) as play, counted(play.server.url) as (url, made):
        gateway = Gateway(configure(url))
        for _ in range(3):
            await gateway.ask(ModelRequest(models=(model,), messages=OPENING), budget=play.budget)
        await gateway.aclose()

    assert len(made) == 1


async def test_an_answer_in_many_conversations_at_once_goes_to_its_own_asker() -> None:
    scenario = "\n".join(
        f'[[conversation]]\nname = "{n}"\nwhen = ["T{n}."]\n[[conversation.turn]]\nsay = "I am {n}"'
        for n in range(12)
    )
    async with playing(scenario) as play:
        models = MODELS * 3
        replies = await asyncio.gather(
            *(
                play.ask(model, messages=[UserMessage(text=f"T{n}.")])
                for n, model in enumerate(models)
            )
        )
    assert [it.message.text for it in replies] == [f"I am {n}" for n in range(12)]
