"""The points of a life where a hook may hang, as `step` tells them."""

import pytest

from domain.lives import APPROVED, STARTED, WAITING, Life

BEGUN = f"{STARTED}prepared -> work T1\n"


@pytest.mark.parametrize(
    ("script", "points"),
    [
        pytest.param(
            APPROVED, "planning, awaiting approval, approval granted, approved", id="plan"
        ),
        pytest.param("start -> prepare\nprepared -> work T1", "running, T1 working", id="start"),
        pytest.param(
            """
            work T1                       -> judge T1
            judge T1 [suite=failed]       -> work T1
            work T1                       -> judge T1
            judge T1                      -> review T1
            review T1                     -> integrate T1
            integrate T1                  -> tick
            """,
            "T1 judging, T1 working, T1 judging, T1 reviewing, T1 integrating, T1 done, "
            "awaiting merge",
            id="task",
        ),
        pytest.param(
            """
            discard      -> clean
            approve h1
            start run-2  -> cancel tick, prepare
            prepared     -> work T1
            """,
            "stopped, approved, running, T1 working",
            id="another run",
        ),
        pytest.param("ask -> merge\nmerge -> clean", "merging, done", id="merge"),
    ],
)
def test_each_phase_is_told_when_it_is_reached(script: str, points: str) -> None:
    before = {"start": APPROVED, "work T1": BEGUN, "ask": WAITING, "discard": WAITING}
    life = Life().play(before.get(script.split(" ->", maxsplit=1)[0].strip(), ""))
    life.reached.clear()
    assert ", ".join(life.play(script).reached) == points


@pytest.mark.parametrize(
    ("script", "points"),
    [
        ("pause -> cancel work T1\nresume -> work T1", "paused, resumed"),
        ("edit h2 -> cancel work T1\napprove h1 ->", "paused"),
        (
            "edit h2 -> cancel work T1\nedit h1 ->\napprove h1 -> work T1",
            "paused, approval granted, resumed",
        ),
        ("fail work T1 ->", "T1 stopped, stopped"),
        ("cancel -> cancel work T1", "T1 stopped, stopped"),
        ("turn work T1 ->", ""),
    ],
)
def test_what_interrupts_a_run_is_told(script: str, points: str) -> None:
    life = Life().play(BEGUN)
    life.reached.clear()
    assert ", ".join(life.play(script).reached) == points
