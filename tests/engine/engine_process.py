"""A real engine in a process of its own, whose jobs follow a script instead of a model.

Run as ``python engine_process.py WORKSPACE IDLE_S``.  A file `hold` in the state directory
makes workers, and who judges a whole, wait until it is gone, and a file `unprepared` makes the
preparation of runs fail; each job that begins is noted in
`jobs.txt` there.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from podium.document import parse
from podium.domain import effect
from podium.domain.base import FindingId, TreeHash
from podium.domain.effect import JobSpec
from podium.domain.events import Event, ends, progress
from podium.domain.finding import Finding, Severity
from podium.domain.gate_policy import gates_of_task, gates_of_whole
from podium.domain.run import Candidate
from podium.domain.verdict import Gate, Outcome, Place, Verdict
from podium.engine.context import Engine
from podium.engine.daemon import main
from podium.engine.making import DirectCalls
from podium.engine.unsaved import unsaved_paths
from podium.jobs.documents import change_document
from podium.jobs.runner import AsyncioJobs
from podium.workspace.git import Conflict
from podium.workspace.merging import CannotMerge, merge_into

PLAN = """---
podium: 1
route: standard
---

# Slugs

## Request

Make titles into slugs.

## Objective

Titles become slugs.

## Requirements

- R1: `slugify` makes slugs

## Tasks

- [ ] T1: Write slugify
  - category: quick
  - files: slug.py (new)
  - covers: R1
  - references: README.md
  - accept: `true`

## Test strategy

Run it.
"""


async def perform(engine: Engine, spec: JobSpec) -> None:
    with (engine.state / "jobs.txt").open("a") as file:
        file.write(f"{spec.job}\n")
    for it in await _carry_out(engine, spec):
        await engine.coordinator.report(it)


async def _carry_out(engine: Engine, spec: JobSpec) -> list[Event]:  # noqa: PLR0911  # A table.
    plan, job = spec.plan, spec.job
    match spec:
        case effect.DraftPlan():
            await _hold(engine)
            return [ends.PlanDrafted(plan=plan, job=job, content=parse(plan, PLAN).plan, read="")]
        case effect.WriteDocument():
            await change_document(DirectCalls(engine), plan, lambda _: PLAN, label="Plan drafted")
            return [ends.DocumentWritten(plan=plan, job=job)]
        case effect.WriteAnswer() | effect.TickTasks():
            return [ends.DocumentWritten(plan=plan, job=job)]
        case effect.CleanRun():
            return [ends.RunCleaned(plan=plan, job=job)]
        case effect.MergeRun():
            return [await _merge(engine, spec)]
        case effect.WorkTask():
            await _hold(engine)
            return await _work(engine, spec)
        case _:
            return await _judge(engine, spec)


async def _hold(engine: Engine) -> None:
    while (engine.state / "hold").exists():  # noqa: ASYNC110  # A file has no event.
        await asyncio.sleep(0.01)


async def _work(engine: Engine, spec: effect.WorkTask) -> list[Event]:
    repository = await engine.repository()
    tree = await repository.worktree(f"{spec.run}-{spec.task.id}", spec.base)
    (tree / "slug.py").write_text("def slugify(title):\n    return title.lower()\n")
    commit = await repository.commit_all(tree, parent=spec.base, message="Slugs", job=spec.job)
    return [
        ends.TaskSubmitted(
            plan=spec.plan,
            job=spec.job,
            task=spec.task.id,
            commit=commit,
            summary="wrote slugify",
            lessons=("titles have spaces",),
        )
    ]


async def _judge(engine: Engine, spec: JobSpec) -> list[Event]:
    repository = await engine.repository()
    plan, job = spec.plan, spec.job
    match spec:
        case effect.PrepareRun() if (engine.state / "unprepared").exists():
            return [ends.JobFailed(plan=plan, job=job, reason="the disk is full")]
        case effect.PrepareRun():
            now = await repository.fetch_checked_out()
            await repository.move_branch(spec.run, now.commit, None)
            tree = await repository.tree_of(now.commit)
            prepared = ends.RunPrepared(
                plan=plan, job=job, branch=now.branch, base=now.commit, base_tree=tree
            )
            return [prepared]
        case effect.JudgeTask():
            merged = await repository.merge(spec.onto, spec.commit, message="Merge", job=job)
            assert not isinstance(merged, Conflict)
            tree = await repository.tree_of(merged)
            verdicts = [
                progress.GateJudged(
                    plan=plan, job=job, task=spec.task.id, verdict=_passed(gate, tree)
                )
                for gate in gates_of_task(spec.task)
            ]
            judged = ends.TaskJudged(
                plan=plan, job=job, task=spec.task.id, candidate=merged, tree=tree, onto=spec.onto
            )
            return [*verdicts, judged]
        case effect.ReviewTask():
            finding = Finding(
                id=FindingId(f"{spec.task.id}-F1"),
                task=spec.task.id,
                severity=Severity.MINOR,
                place=Place(path="slug.py", first_line=2, last_line=2),
                title="spaces stay",
                evidence="    return title.lower()",
            )
            verdict = _passed(Gate.REVIEW, spec.tree)
            return [
                ends.TaskReviewed(
                    plan=plan,
                    job=job,
                    task=spec.task.id,
                    commit=spec.commit,
                    findings=(finding,),
                    verdict=verdict,
                )
            ]
        case effect.IntegrateTask():
            await repository.move_branch(spec.run, spec.candidate, spec.onto)
            tree = await repository.tree_of(spec.candidate)
            return [
                ends.TaskIntegrated(
                    plan=plan, job=job, task=spec.task.id, head=spec.candidate, tree=tree
                )
            ]
        case effect.JudgeRun():
            tree = await repository.tree_of(spec.head)
            await _hold(engine)
            passed = [
                progress.GateJudged(plan=plan, job=job, verdict=_passed(gate, tree))
                for gate in gates_of_whole(spec.tasks)
            ]
            return [*passed, ends.RunJudged(plan=plan, job=job, tree=tree)]
        case _:
            raise AssertionError(spec)


async def _merge(engine: Engine, spec: effect.MergeRun) -> Event:
    try:
        commit = await merge_into(
            engine.workspace, await engine.repository(), spec, partial(unsaved_paths, engine)
        )
    except CannotMerge as error:
        return ends.MergeRefused(plan=spec.plan, job=spec.job, reason=str(error))
    assert not isinstance(commit, Candidate)
    return ends.Merged(plan=spec.plan, job=spec.job, commit=commit)


def _passed(gate: Gate, tree: TreeHash) -> Verdict:
    return Verdict(
        gate=gate,
        outcome=Outcome.PASSED,
        tree=tree,
        summary="all is well",
        command="true",
        exit_status=0,
        output="fine\n",
    )


def make_jobs(engine: Engine) -> AsyncioJobs:
    return AsyncioJobs(partial(perform, engine), engine.coordinator, limit=4)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), make_jobs, idle_s=float(sys.argv[2])))
