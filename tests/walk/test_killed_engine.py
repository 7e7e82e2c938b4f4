"""Step 8 of the walk: whenever the engine is killed, the run goes on and nothing is paid twice."""

from collections import Counter
from collections.abc import Callable

import pytest

from podium.domain.base import TaskId
from podium.domain.finding import FindingState
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase
from podium.domain.verdict import Gate
from podium.protocol.wire import WireError
from podium.workspace.git import TRAILER
from podium.workspace.state import state_directory
from walk.theatre import PLAN, Theatre

T1, T2 = TaskId("T1"), TaskId("T2")


def is_at(task: TaskId, phase: TaskPhase) -> Callable[[Request], bool]:
    return lambda it: it.run is not None and it.run.tasks[task].phase is phase


def has_taken(task: TaskId, n_turns: int) -> Callable[[Request], bool]:
    return lambda it: it.run is not None and it.run.tasks[task].n_turns >= n_turns


def has_failed(task: TaskId, gate: Gate) -> Callable[[Request], bool]:
    def holds(it: Request) -> bool:
        verdict = it.run.tasks[task].verdict(gate) if it.run else None
        return verdict is not None and not verdict.passed

    return holds


MOMENTS: dict[str, Callable[[Request], bool]] = {
    "the run's branch is being prepared": lambda it: it.phase is Phase.RUNNING,
    "a worker has paid for its first turn": has_taken(T1, 1),
    "a worker runs a command": has_taken(T1, 2),
    "the gates judge": is_at(T2, TaskPhase.JUDGING),
    "a gate has failed, and the work goes back": has_failed(T2, Gate.SUITE),
    "the reviewer reads": is_at(T1, TaskPhase.REVIEWING),
    "an accepted task is integrated": lambda it: (
        it.run is not None and it.run.tasks[T1].phase in {TaskPhase.INTEGRATING, TaskPhase.DONE}
    ),
}


async def test_a_run_goes_on_wherever_the_engine_was_killed(stage: Theatre) -> None:
    await stage.plan()
    await stage.approve_and_start()
    for moment, holds in MOMENTS.items():
        await stage.until(holds, moment)
        await stage.crash()
    request = await stage.until_phase(Phase.AWAITING_MERGE)

    assert request.run is not None
    assert [it.state for it in request.run.findings] == [FindingState.OPEN]
    paid = Counter(
        (it["conversation"], it["turn"]) for it in await stage.log() if it["outcome"] == "answered"
    )
    # A call that is in flight when the engine dies is sent again: nobody has its answer.
    # What had been recorded is never asked for again.
    again = {
        (conversation, turn): times
        for (conversation, turn), times in paid.items()
        if times > 1 + sum(it[conversation] == turn - 1 for it in stage.recorded)
    }
    assert again == {}
    assert request.spent.n_turns == len(paid)

    repository = state_directory(stage.workspace) / "repository.git"
    jobs = stage.git(
        f"--git-dir={repository}", "log", "--all", f"--format=%(trailers:key={TRAILER},valueonly)"
    ).split()
    assert jobs
    assert max(Counter(jobs).values()) == 1

    readme = stage.workspace / "README.md"
    committed = readme.read_text()
    readme.write_text(committed + "\nWritten meanwhile.\n")
    with pytest.raises(WireError, match=r"uncommitted changes in README\.md"):
        await stage.client.call("run/merge", plan=PLAN)
    assert stage.git("status", "--porcelain").splitlines() == [" M README.md", "?? .podium/"]

    readme.write_text(committed)
    await stage.client.call("run/merge", plan=PLAN)
    await stage.crash()
    await stage.until_phase(Phase.DONE)
    assert stage.git("log", "--first-parent", "--format=%s").splitlines() == [
        "Days in durations",
        "Begin",
    ]
