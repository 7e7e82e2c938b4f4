"""How fast an engine restores the board from a journal of 100,000 events.

Run with ``python benchmarks/fold.py [--profile]``.  The first start reads and folds all of them,
as after an upgrade; the next ones go on from checkpoints.  The journal holds plans of 12 tasks,
side by side and in a row, each task with 25 paid turns, todos, a first attempt that fails, and a
review.
"""

import asyncio
import cProfile
import pstats
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from podium.domain.base import CallId, Commit, JobId, PlanId, RunId, TaskId, TreeHash
from podium.domain.effect import IntegrateTask, JobSpec, JudgeRun, JudgeTask, ReviewTask, WorkTask
from podium.domain.events import Event
from podium.domain.events.ends import (
    DocumentWritten,
    RunJudged,
    RunPrepared,
    TaskIntegrated,
    TaskJudged,
    TaskReviewed,
    TaskSubmitted,
)
from podium.domain.events.people import ApprovalGranted, DocumentChanged, RunStarted
from podium.domain.events.progress import CallSent, GateJudged, Todo, TodosChanged, TurnTaken
from podium.domain.gate_policy import gates_of_task, gates_of_whole
from podium.domain.plan import FileReference, Plan, Task
from podium.domain.request import Request
from podium.domain.step import step
from podium.domain.transcript import Usage
from podium.domain.verdict import Gate, Outcome, Verdict
from podium.engine.checkpoints import Checkpoints
from podium.engine.journal import FILE, Journal

N_EVENTS = 100_000
N_TASKS = 12
N_TURNS = 25
OUTPUT = "tests/test_slugs.py::test_it PASSED\n" * 100


def events() -> Iterator[Event]:
    """Yield the same life again and again, each time another plan's."""
    one = tuple(life(PlanId("plan")))
    for number in count(1):
        for it in one:
            yield it.model_copy(update={"plan": PlanId(f"plan-{number}")})


def life(plan: PlanId) -> Iterator[Event]:
    """Yield what happens to one request until it waits for its merge."""
    tasks = tuple(
        Task(
            id=TaskId(f"T{number}"),
            title=f"Task {number}",
            files=(FileReference(path=f"src/module_{number}.py"),),
            after=(TaskId(f"T{number - 2}"),) if number > 2 else (),  # noqa: PLR2004  # In pairs.
            accept=(f"python -m unittest tests.test_{number}",),
        )
        for number in range(1, N_TASKS + 1)
    )
    path, content = f".podium/plans/{plan}.md", Plan(id=plan, title="A plan", tasks=tasks)
    request = Request(id=plan)
    waiting: list[Event] = [
        DocumentChanged(plan=plan, path=path, hash="one", n_tasks=N_TASKS),
        ApprovalGranted(plan=plan, hash="one", text="text", content=content, by="ada"),
        RunStarted(plan=plan, run=RunId(f"{plan}-1"), budget_usd=Decimal(5)),
    ]
    while waiting:
        for event in waiting:
            request = step(request, event)[0]
            yield event
        waiting = list(answers(request, request.outstanding[0])) if request.outstanding else []


def answers(request: Request, spec: JobSpec) -> Iterator[Event]:  # noqa: C901  # A table.
    """Yield what a job reports."""
    plan, job = request.id, spec.job
    tree, commit = TreeHash(f"tree of {job}"), Commit(f"commit of {job}")
    match spec:
        case WorkTask():
            name = spec.task.id
            for number in range(N_TURNS):
                yield from turn(plan, job, "worker", name)
                if number % 5 == 0:
                    todos = tuple(Todo(text=f"step {it}", done=it < number) for it in range(5))
                    yield TodosChanged(plan=plan, job=job, task=name, todos=todos)
            yield TaskSubmitted(plan=plan, job=job, task=name, commit=commit, summary="done")
        case JudgeTask():
            is_first = request.run is not None and request.run.tasks[spec.task.id].attempt == 1
            for gate in gates_of_task(spec.task):
                fails = is_first and gate is Gate.SUITE
                verdict = judged(gate, tree, Outcome.FAILED if fails else Outcome.PASSED)
                yield GateJudged(plan=plan, job=job, task=spec.task.id, verdict=verdict)
            yield TaskJudged(
                plan=plan, job=job, task=spec.task.id, candidate=commit, tree=tree, onto=spec.onto
            )
        case ReviewTask():
            for _ in range(N_TURNS // 5):
                yield from turn(plan, job, "reviewer", spec.task.id)
            yield TaskReviewed(
                plan=plan,
                job=job,
                task=spec.task.id,
                commit=spec.commit,
                findings=(),
                verdict=judged(Gate.REVIEW, spec.tree, Outcome.PASSED),
            )
        case IntegrateTask():
            yield TaskIntegrated(
                plan=plan,
                job=job,
                task=spec.task.id,
                head=spec.candidate,
                tree=tree_of(request, spec),
            )
        case JudgeRun():
            tree = request.run.tree if request.run and request.run.tree else tree
            for gate in gates_of_whole(spec.tasks):
                yield GateJudged(plan=plan, job=job, verdict=judged(gate, tree, Outcome.PASSED))
            yield RunJudged(plan=plan, job=job, tree=tree)
        case _ if spec.kind == "prepare_run":
            yield RunPrepared(
                plan=plan, job=job, branch="refs/heads/main", base=commit, base_tree=tree
            )
        case _:
            yield DocumentWritten(plan=plan, job=job)


def tree_of(request: Request, spec: IntegrateTask) -> TreeHash:
    """Return the tree of the candidate that is integrated."""
    candidate = request.run.tasks[spec.task.id].candidate if request.run else None
    return candidate.tree if candidate else TreeHash("none")


def turn(plan: PlanId, job: JobId, role: str, task: TaskId) -> Iterator[Event]:
    """Yield one paid turn: the call, and its reply."""
    call = CallId("one at a time")
    yield CallSent(plan=plan, job=job, call=call, role=role, task=task, worst_usd=Decimal("0.3456"))
    yield TurnTaken(
        plan=plan,
        job=job,
        call=call,
        role=role,
        task=task,
        model="anthropic/one",
        family="anthropic",
        usage=Usage(input_tokens=9_000, cached_tokens=8_000, output_tokens=300),
        cost_usd=Decimal("0.0123"),
        doing="reads src/module_1.py",
    )


def judged(gate: Gate, tree: TreeHash, outcome: Outcome) -> Verdict:
    """Return a verdict with as much output as a gate keeps."""
    return Verdict(gate=gate, outcome=outcome, tree=tree, summary=f"{gate}", output=OUTPUT)


async def restore(directory: Path) -> int:
    """Restore the board as an engine that starts; return how many requests are on it."""
    journal = Journal(directory, version="1")
    board = await Checkpoints(journal).restore()
    await journal.aclose()
    return len(board.requests)


async def record(directory: Path) -> None:
    """Write the journal."""
    journal = Journal(directory, version="1")
    await journal.append(tuple(islice(events(), N_EVENTS)))
    await journal.aclose()


def main() -> None:
    """Print how long the first start and the next one took."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        asyncio.run(record(directory))
        for start in ("all events", "checkpoints"):
            profile = cProfile.Profile()
            if "--profile" in sys.argv:
                profile.enable()
            before = time.perf_counter()
            n_requests = asyncio.run(restore(directory))
            seconds = time.perf_counter() - before
            profile.disable()
            print(f"{start:12} {seconds:6.2f} s {N_EVENTS / seconds:9,.0f} events/s")
            if "--profile" in sys.argv:
                pstats.Stats(profile).sort_stats("tottime").print_stats(12)
        size = (directory / FILE).stat().st_size
    print(f"{N_EVENTS:,} events of {n_requests} requests, {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
