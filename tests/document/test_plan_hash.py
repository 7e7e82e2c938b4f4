import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document.plan_samples import PLAN
from document.plan_strategies import HOSTILE_TEXTS, PLANS
from podium.document import intent_hash, parse, render, tick
from podium.domain.plan import Plan

TEXT = (
    "## Request\nA [ ] box\n- [ ] T1: in the request\n## Tasks\n- [ ] T1: a\n  - accept: `make`\n"
)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(TEXT.replace("\n", "\r\n"), id="line ends"),
        pytest.param(TEXT.replace("\n", " \t\n"), id="white space at the ends of lines"),
        pytest.param(f"{TEXT}\n\n  \n", id="blank lines at the end"),
        pytest.param(TEXT.rstrip("\n"), id="no last line end"),
        pytest.param(TEXT.replace("- [ ] T1: a", "- [x] T1: a"), id="ticked"),
        pytest.param(TEXT.replace("- [ ] T1: a", "- [X] T1: a"), id="ticked in capitals"),
    ],
)
def test_what_does_not_count(same: str) -> None:
    assert same != TEXT
    assert intent_hash(same) == intent_hash(TEXT)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(TEXT.replace("T1: a", "T1: b"), id="title"),
        pytest.param(TEXT.replace("`make`", "`make `"), id="command"),
        pytest.param(TEXT.replace("- [ ] T1: in", "- [x] T1: in"), id="a box in the request"),
        pytest.param(TEXT.replace("  - accept", "   - accept"), id="indentation"),
        pytest.param(TEXT.replace("A [ ]", "\n\nA [ ]"), id="blank lines"),
        pytest.param(f"\n{TEXT}", id="a blank line at the start"),
    ],
)
def test_what_counts(other: str) -> None:
    assert other != TEXT
    assert intent_hash(other) != intent_hash(TEXT)


def test_the_hash_is_fixed() -> None:
    """An approval in a journal outlives the version of Podium that hashed it."""
    assert intent_hash(TEXT) == ("41c854342e70eb8f2e45b1dbb97bcd185efa25d7552858cf095194e67c5b4ca5")


@given(PLANS, st.sets(st.integers(1, 99)))
@settings(max_examples=40, deadline=None)
def test_ticking_changes_nothing_but_the_boxes(plan: Plan, numbers: set[int]) -> None:
    text = render(plan)
    done = {it.id for it in plan.tasks if int(it.id[1:]) in numbers}
    ticked = tick(text, done)
    assert intent_hash(ticked) == intent_hash(text)
    expected = tuple(it.evolve(done=it.id in done) for it in plan.tasks)
    assert parse(PLAN, ticked).plan == plan.evolve(tasks=expected)


@given(HOSTILE_TEXTS, st.sampled_from([" ", "\t", "  \t"]))
@settings(deadline=None)
def test_one_hash_means_one_plan(text: str, white: str) -> None:
    other = "\n".join(f"{line}{white}" for line in text.replace("\r\n", "\n").split("\n"))
    assert intent_hash(other) == intent_hash(text)
    assert parse(PLAN, other).plan == parse(PLAN, text).plan
