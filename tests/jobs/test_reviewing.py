import pytest

from jobs.stage import TASK, Stage
from models.playing import LITELLM_WARNS, configure
from podium.configuration import Configuration
from podium.demo.scenario import parse_scenario
from podium.demo.scripted_server import serve
from podium.domain.base import JobId
from podium.domain.effect import ReviewTask
from podium.domain.events.ends import TaskReviewed
from podium.models.categories import NoOtherFamily

pytestmark = LITELLM_WARNS
LOOK = 'call = [{ tool = "read_file", arguments = { path = "a.txt" } }]\n'
SUBMIT = """
[[conversation.turn.call]]
tool = "submit_review"
[conversation.turn.call.arguments]
summary = "it was read"
[[conversation.turn.call.arguments.findings]]
severity = "major"
path = "a.txt"
first_line = 1
last_line = 1
title = "It is not done"
evidence = "done"
"""
SCENARIO = f"""
[[conversation]]
name = "reviewer"
when = ["You are Podium's reviewer."]
[[conversation.turn]]
{LOOK}
[[conversation.turn]]
{SUBMIT}
"""


def settings(url: str) -> Configuration:
    configuration = configure(url)
    categories = dict.fromkeys(configuration.categories, ("openai/m",))
    return configuration.evolve(categories=categories)


async def spec_of(stage: Stage) -> ReviewTask:
    commit = await stage.submitted("done\n", onto=stage.base)
    judged = await stage.judged(commit, onto=stage.base)
    return ReviewTask(
        job=JobId("run-1/T1/review-1"),
        plan=stage.request.id,
        run=stage.life.run.id,
        task=TASK,
        onto=stage.base,
        candidate=judged.candidate,
        commit=commit,
        tree=judged.tree,
        author_families=("anthropic",),
    )


async def test_a_review_says_what_it_found_and_how_long_it_took(stage: Stage) -> None:
    async with serve(parse_scenario(SCENARIO)) as server:
        stage.engine.configuration = settings(server.url)
        *paid, told = await stage.carry_out(await spec_of(stage))
    assert [it.kind for it in paid] == ["call_sent", "turn_taken"] * 2
    assert isinstance(told, TaskReviewed)
    assert [it.title for it in told.findings] == ["It is not done"]
    assert (told.verdict.outcome, told.verdict.complaints) == ("failed", ())
    assert told.verdict.duration_s


async def test_of_a_review_that_goes_on_nobody_measured_how_long_it_took(stage: Stage) -> None:
    async with serve(parse_scenario(SCENARIO)) as server:
        stage.engine.configuration = settings(server.url)
        spec = await spec_of(stage)
        await stage.carry_out(spec)
        said = stage.engine.said[spec.job]
        del said[-2:]  # The engine died before the review was submitted.
        [_, _, told] = await stage.carry_out(spec)
    assert isinstance(told, TaskReviewed)
    assert told.verdict.duration_s is None


@pytest.mark.parametrize(
    ("authors", "shared"),
    [
        (("anthropic",), ""),
        (
            ("openai", "anthropic"),
            " (openai wrote a part of it, too; no other family is left)",
        ),
    ],
)
async def test_an_author_that_is_all_there_is_besides_is_named(
    stage: Stage, authors: tuple[str, ...], shared: str
) -> None:
    async with serve(parse_scenario(SCENARIO)) as server:
        stage.engine.configuration = settings(server.url)
        spec = await spec_of(stage)
        *_, told = await stage.carry_out(spec.evolve(author_families=authors))
    assert isinstance(told, TaskReviewed)
    assert told.verdict.summary == f"openai/m: 1 finding. it was read{shared}"


async def test_who_submitted_does_not_review(stage: Stage) -> None:
    async with serve(parse_scenario(SCENARIO)) as server:
        stage.engine.configuration = settings(server.url)
        spec = await spec_of(stage)
        with pytest.raises(NoOtherFamily, match="is of the family 'openai', which wrote the work"):
            await stage.carry_out(spec.evolve(author_families=("anthropic", "openai")))
