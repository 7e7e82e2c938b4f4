"""Which gates judge what, and when a whole is proven."""

from decimal import Decimal

import pytest

from domain.lives import PLAN, task
from podium.domain.base import RunId, TaskId, TreeHash
from podium.domain.gate_policy import gates_of_task, gates_of_whole, is_whole_proven
from podium.domain.plan import Plan
from podium.domain.run import Judgement, Run, TaskPhase, TaskRun
from podium.domain.verdict import Gate, Outcome, Verdict

PLAIN, WITH_COMMANDS = task("T1"), task("T2", accept="true")
TREE = TreeHash("the tree")


def test_what_judges_a_task_and_a_whole() -> None:
    assert gates_of_task(PLAIN) == ("scope", "diagnostics", "suite")
    assert gates_of_task(WITH_COMMANDS) == ("scope", "diagnostics", "acceptance", "suite")
    assert gates_of_whole([PLAIN]) == ("diagnostics", "suite")
    assert gates_of_whole([PLAIN, WITH_COMMANDS]) == ("diagnostics", "acceptance", "suite")
    assert gates_of_whole([]) == ("diagnostics", "suite")


def verdicts(said: str) -> tuple[Verdict, ...]:
    """Return what ``gate``, ``!gate`` for failed and ``gate@tree`` say, word by word."""
    return tuple(
        Verdict(
            gate=Gate(word.strip("!").partition("@")[0]),
            outcome=Outcome.FAILED if word.startswith("!") else Outcome.PASSED,
            tree=TreeHash(word.partition("@")[2] or TREE),
            summary=word,
        )
        for word in said.split()
    )


@pytest.mark.parametrize(
    ("first", "second", "whole", "expected"),
    [
        ("", "", "", False),
        ("", "diagnostics suite", "", False),
        ("", "diagnostics suite acceptance", "", True),
        ("diagnostics suite", "acceptance", "", True),
        ("diagnostics suite acceptance", "", "", False),
        ("diagnostics suite", "acceptance@older", "", False),
        ("diagnostics suite", "!acceptance acceptance", "", True),
        ("diagnostics suite", "acceptance !acceptance", "", False),
        ("diagnostics", "acceptance suite@older", "", False),
        ("", "", "diagnostics acceptance suite", True),
        ("", "", "diagnostics@older acceptance suite", False),
        ("", "", "diagnostics suite", False),
        ("diagnostics suite", "acceptance", "!suite", False),
        ("diagnostics suite", "acceptance", "!suite suite", True),
        ("diagnostics suite", "!acceptance", "acceptance", True),
        ("diagnostics suite scope review", "!review !scope acceptance", "", True),
    ],
)
def test_a_whole_is_proven(first: str, second: str, whole: str, *, expected: bool) -> None:
    tasks = {
        it.id: TaskRun(
            task=it,
            phase=TaskPhase.DONE,
            history=tuple(Judgement(attempt=1, verdict=verdict) for verdict in verdicts(said)),
        )
        for it, said in ((PLAIN, first), (WITH_COMMANDS, second))
    }
    run = Run(
        id=RunId("run-1"),
        hash="h1",
        content=Plan(id=PLAN),
        budget_usd=Decimal(1),
        tasks=tasks,
        judgements=verdicts(whole),
    )
    assert is_whole_proven(run, TREE) is expected
    dropped = tasks[TaskId("T2")].evolve(phase=TaskPhase.DROPPED)
    assert is_whole_proven(run.with_task(dropped), TREE) or not expected
