"""Each kind of job runs in another process, of its specification as JSON and nothing else."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from domain.lives import PATH, PLAN
from jobs.job_process import JOB_SPEC
from jobs.stage import TASK, Stage, playing
from jobs.wiring import answer
from podium.document import parse
from podium.domain import effect
from podium.domain.base import JobId, QuestionId, RunId, TaskId
from podium.domain.effect import JobSpec
from podium.jobs.port import OnHold
from podium.protocol.wire import MAX_FRAME_BYTES, Peer

RUN = RunId("run-1")
SCRIPT = Path(__file__).with_name("job_process.py")
SCENARIO = """
[[conversation]]
name = "planner"
when = ["You are Podium's planner"]
[[conversation.turn]]
[[conversation.turn.call]]
tool = "submit_plan"
[conversation.turn.call.arguments]
title = "Notes"
objective = "Whoever comes next finds notes."
requirements = ["There are notes."]
must = ["notes"]
test_strategy = "Look for them."
[[conversation.turn.call.arguments.tasks]]
id = "T1"
title = "Write notes"
files = ["notes.md (new)"]
covers = ["R1"]
references = ["a.txt"]
accept = ["grep -q hello notes.md"]

[[conversation]]
name = "worker"
when = ["You are Podium's worker"]
[[conversation.turn]]
call = [{ tool = "run_command", arguments = { command = "echo done > a.txt" } }]
[[conversation.turn]]
call = [{ tool = "submit_result", arguments = { summary = "done" } }]

[[conversation]]
name = "reviewer"
when = ["You are Podium's reviewer"]
[[conversation.turn]]
call = [{ tool = "submit_review", arguments = { summary = "it was read" } }]
"""
DOCUMENT = """# Slugs

## Request

Make slugs.

## Open questions

- Q1: Why?

## Tasks

- [ ] T1: Write slugify
  - files: a.txt
"""


async def draft(stage: Stage) -> JobSpec:
    stage.engine.document = DOCUMENT
    return effect.DraftPlan(
        job=JobId("slugify/draft-1"), plan=PLAN, path=PATH, text="make slugs", revision=1
    )


async def write(stage: Stage) -> JobSpec:
    del stage
    content = parse(PLAN, DOCUMENT).plan
    return effect.WriteDocument(
        job=JobId("slugify/write-1"), plan=PLAN, path=PATH, content=content, read=""
    )


async def write_answer(stage: Stage) -> JobSpec:
    stage.engine.document = DOCUMENT
    job, question = JobId("slugify/answer-1"), QuestionId("Q1")
    return effect.WriteAnswer(job=job, plan=PLAN, path=PATH, question=question, answer="So.")


async def tick(stage: Stage) -> JobSpec:
    stage.engine.document = DOCUMENT
    job = JobId("slugify/tick-1")
    return effect.TickTasks(job=job, plan=PLAN, path=PATH, tasks=(TaskId("T1"),))


async def prepare(stage: Stage) -> JobSpec:
    del stage
    return effect.PrepareRun(job=JobId("run-1/prepare-1"), plan=PLAN, run=RUN)


async def work(stage: Stage) -> effect.WorkTask:
    spec = stage.life.spec("work T1")
    assert isinstance(spec, effect.WorkTask)
    return spec.evolve(base=stage.base, task=TASK.evolve(category="quick"))


async def judge(stage: Stage) -> JobSpec:
    return stage.judging(await stage.submitted("done\n", onto=stage.base), onto=stage.base)


async def review(stage: Stage) -> JobSpec:
    commit = await stage.submitted("done\n", onto=stage.base)
    return effect.ReviewTask(
        job=JobId("run-1/T1/review-1"),
        plan=PLAN,
        run=RUN,
        task=TASK,
        onto=stage.base,
        candidate=commit,
        commit=commit,
        tree=await stage.repository.tree_of(commit),
        author_families=("anthropic",),
    )


async def integrate(stage: Stage) -> JobSpec:
    await stage.carry_out(await prepare(stage))
    commit = await stage.submitted("done\n", onto=stage.base)
    return effect.IntegrateTask(
        job=JobId("run-1/T1/integrate-1"),
        plan=PLAN,
        run=RUN,
        task=TASK,
        candidate=commit,
        onto=stage.base,
    )


async def judge_run(stage: Stage) -> JobSpec:
    head = await stage.submitted("done\n", onto=stage.base)
    return effect.JudgeRun(
        job=JobId("run-1/judge-1"), plan=PLAN, run=RUN, tasks=(TASK,), base=stage.base, head=head
    )


async def merge(stage: Stage) -> JobSpec:
    head = await stage.submitted("done\n", onto=stage.base)
    return effect.MergeRun(
        job=JobId("run-1/merge-1"),
        plan=PLAN,
        run=RUN,
        branch="refs/heads/main",
        base=stage.base,
        head=head,
        tree=await stage.repository.tree_of(head),
        title="Slugs",
    )


async def clean(stage: Stage) -> JobSpec:
    await stage.submitted("done\n", onto=stage.base, name="run-1.T1.0")
    tasks = {TASK.id: 0}
    return effect.CleanRun(job=JobId("run-1/clean-1"), plan=PLAN, run=RUN, tasks=tasks)


CASES: dict[type, tuple[Callable[[Stage], Awaitable[JobSpec]], str]] = {
    effect.DraftPlan: (draft, "plan_drafted"),
    effect.WriteDocument: (write, "document_written"),
    effect.WriteAnswer: (write_answer, "document_written"),
    effect.TickTasks: (tick, "document_written"),
    effect.PrepareRun: (prepare, "run_prepared"),
    effect.WorkTask: (work, "task_submitted"),
    effect.JudgeTask: (judge, "task_judged"),
    effect.ReviewTask: (review, "task_reviewed"),
    effect.IntegrateTask: (integrate, "task_integrated"),
    effect.JudgeRun: (judge_run, "run_judged"),
    effect.MergeRun: (merge, "merged"),
    effect.CleanRun: (clean, "run_cleaned"),
}


@asynccontextmanager
async def elsewhere(stage: Stage) -> AsyncGenerator[Peer]:
    """Yield the other end of a process that carries out jobs for the stage's engine."""
    ours, theirs = socket.socketpair()
    tests = str(SCRIPT.parents[1])
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            str(SCRIPT),
            str(stage.workspace),
            str(stage.repository.directory.parent),
        ),
        str(theirs.fileno()),
        pass_fds=[theirs.fileno()],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([tests, *sys.path])},
    )
    theirs.close()
    reader, writer = await asyncio.open_connection(sock=ours, limit=MAX_FRAME_BYTES)
    peer = Peer(reader, writer, partial(answer, stage.engine))
    serving = asyncio.create_task(peer.run())
    try:
        yield peer
    finally:
        await peer.aclose()
        await serving
        assert await process.wait() == 0


def json_of(spec: JobSpec) -> dict[str, object]:
    return JOB_SPEC.dump_python(spec, mode="json")


@pytest.mark.parametrize("kind", get_args(get_args(JobSpec)[0]), ids=lambda it: it.__name__)
async def test_a_job_of_each_kind_runs_in_another_process(stage: Stage, kind: type) -> None:
    begin, end = CASES[kind]
    async with playing(stage, SCENARIO), elsewhere(stage) as peer:
        spec = await begin(stage)
        assert await peer.call("perform", json_of(spec)) == ""
    told = stage.engine.events[-1]
    assert (told.kind, told.plan) == (end, PLAN)
    is_read_only = kind is effect.DraftPlan
    assert is_read_only or stage.engine.document != DOCUMENT


async def test_a_job_that_is_cancelled_there_settles_what_its_call_has_cost(stage: Stage) -> None:
    drip = SCENARIO.replace("[[conversation.turn]]\n", '[[conversation.turn]]\nfaults = ["drip"]\n')
    async with playing(stage, drip) as server, elsewhere(stage) as peer:
        job = asyncio.create_task(peer.call("perform", json_of(await work(stage))))
        async with asyncio.timeout(60):
            while not server.requests:  # noqa: ASYNC110  # Another's list has no event.
                await asyncio.sleep(0.01)
        await peer.notify("cancel")
        assert await job == "CancelledError"
    assert [it.kind for it in stage.engine.events] == ["call_sent", "call_charged"]


async def test_a_job_that_gets_no_lease_there_leaves(stage: Stage) -> None:
    stage.engine.refusal = OnHold()
    async with playing(stage, SCENARIO), elsewhere(stage) as peer:
        assert await peer.call("perform", json_of(await work(stage))) == "Paused: "
    assert stage.engine.events == []
