"""Have the gates without a model judge a task's change, or the whole run, on clean checkouts."""

import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from podium.domain.base import Commit
from podium.domain.effect import JudgeRun, JudgeTask
from podium.domain.events.ends import RunJudged, TaskConflicted, TaskJudged
from podium.domain.events.progress import GateJudged
from podium.domain.gate_policy import gates_of_task, gates_of_whole
from podium.domain.plan import Task
from podium.domain.verdict import Gate, Outcome, Verdict
from podium.gates.context import GateContext
from podium.gates.installed import Installation
from podium.gates.table import JUDGES
from podium.jobs import places
from podium.jobs.services import Services
from podium.sandbox.port import Completed
from podium.workspace.git import Conflict
from podium.workspace.roots import Roots


async def judge_task(spec: JudgeTask, services: Services) -> None:
    """Judge the task's commit, merged onto the run's head: the tree that would be merged.

    It is compared with that head: what each step does not break, the run does not break.
    """
    repository = await services.repository()
    candidate = await repository.merge(
        spec.onto,
        spec.commit,
        message=f"Integrate {spec.task.id}: {spec.task.title}",
        job=spec.job,
    )
    if isinstance(candidate, Conflict):
        await services.engine.report(
            TaskConflicted(plan=spec.plan, job=spec.job, task=spec.task.id, paths=candidate.paths)
        )
        return
    place = places.judging(spec.run, spec.task.id)
    context = await _context(services, place, (spec.task,), spec.onto, candidate)
    async for verdict in _verdicts(context, gates_of_task(spec.task)):
        await services.engine.report(
            GateJudged(plan=spec.plan, job=spec.job, task=spec.task.id, verdict=verdict)
        )
    await services.engine.report(
        TaskJudged(
            plan=spec.plan,
            job=spec.job,
            task=spec.task.id,
            candidate=candidate,
            tree=context.tree_hash,
            onto=spec.onto,
        )
    )


async def judge_run(spec: JudgeRun, services: Services) -> None:
    """Judge the run's head with the acceptance commands of all its tasks."""
    context = await _context(
        services, places.judging(spec.run, None), spec.tasks, spec.base, spec.head
    )
    async for verdict in _verdicts(context, gates_of_whole(spec.tasks)):
        await services.engine.report(
            GateJudged(plan=spec.plan, job=spec.job, task=None, verdict=verdict)
        )
    await services.engine.report(RunJudged(plan=spec.plan, job=spec.job, tree=context.tree_hash))


async def _verdicts(context: GateContext, gates: Iterable[Gate]) -> AsyncIterator[Verdict]:
    """Yield verdicts as they come, until one leaves the others nothing to say.

    Each says how long its gate took, with its checkouts and comparisons.
    """
    for gate in gates:
        started = time.monotonic()
        verdict = await JUDGES[gate](context)
        yield verdict.evolve(duration_s=time.monotonic() - started)
        if gate.policy.is_precondition and verdict.outcome is Outcome.FAILED:
            return


async def _context(
    services: Services, place: str, tasks: tuple[Task, ...], base: Commit, candidate: Commit
) -> GateContext:
    """Check out what is judged and what it is compared with."""
    repository = await services.repository()

    async def restore() -> None:
        for name, commit in ((places.base(place), base), (places.judged(place), candidate)):
            await repository.clean_checkout(name, commit)

    async def run(text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
        completed = await services.run_command(text, tree, timeout_s=timeout_s)
        return completed.evolve(output=Roots(tree).relative(completed.output))

    await restore()
    tree = repository.checkout_of(places.judged(place))
    return GateContext(
        tasks=tasks,
        workspace=services.workspace,
        base_tree=repository.checkout_of(places.base(place)),
        tree=tree,
        base_hash=await repository.tree_of(base),
        tree_hash=await repository.tree_of(candidate),
        changed=await repository.changed_files(base, candidate),
        restore=restore,
        run=run,
        installation=Installation(run, tree, services.workspace),
        servers=await services.servers(),
        configuration=await services.engine.settings(),
        baseline=await services.baseline(),
    )
