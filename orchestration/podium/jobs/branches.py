"""A run's branch: begun at the user's commit, moved to accepted candidates, merged, removed."""

from podium.domain.effect import CleanRun, IntegrateTask, MergeRun, PrepareRun
from podium.domain.events.ends import (
    Merged,
    MergeMade,
    MergeRefused,
    RunCleaned,
    RunPrepared,
    TaskIntegrated,
)
from podium.domain.run import Candidate
from podium.errors import UserError
from podium.jobs import places
from podium.jobs.services import Services
from podium.workspace import merging


async def prepare_run(spec: PrepareRun, services: Services) -> None:
    """Begin the run's branch where the user is.

    The journal knows of none yet, so one that is there already is no evidence: a crash has left
    it, or a journal that a backup has replaced.
    """
    repository = await services.repository()
    begun = await repository.fetch_checked_out()
    await repository.move_branch(spec.run, begun.commit, await repository.branch_head(spec.run))
    tree = await repository.tree_of(begun.commit)
    await services.engine.report(
        RunPrepared(
            plan=spec.plan, job=spec.job, branch=begun.branch, base=begun.commit, base_tree=tree
        )
    )


async def integrate_task(spec: IntegrateTask, services: Services) -> None:
    """Move the run's branch to the candidate that every gate has passed.

    The journal says where the run is. An integration that was cancelled too late has moved
    the branch all the same, and what it moved it to was then judged anew or given up.
    """
    repository = await services.repository()
    there = await repository.branch_head(spec.run)
    is_ahead = there is not None and await repository.is_ancestor(spec.onto, there)
    await repository.move_branch(spec.run, spec.candidate, there if is_ahead else spec.onto)
    tree = await repository.tree_of(spec.candidate)
    await services.engine.report(
        TaskIntegrated(
            plan=spec.plan, job=spec.job, task=spec.task.id, head=spec.candidate, tree=tree
        )
    )


async def merge_run(spec: MergeRun, services: Services) -> None:
    """Merge into the user's branch, because a human asked for it."""

    async def unsaved() -> frozenset[str]:
        try:
            return await services.engine.unsaved()
        except UserError as error:
            raise merging.CannotMerge(str(error)) from None

    try:
        made = await merging.merge_into(
            services.workspace, await services.repository(), spec, unsaved
        )
    except merging.CannotMerge as error:
        refused = MergeRefused(plan=spec.plan, job=spec.job, reason=str(error))
        await services.engine.report(refused)
        return
    if isinstance(made, Candidate):
        unjudged = MergeMade(
            plan=spec.plan, job=spec.job, candidate=made.commit, tree=made.tree, onto=made.onto
        )
        await services.engine.report(unjudged)
    else:
        await services.engine.report(Merged(plan=spec.plan, job=spec.job, commit=made))


async def clean_run(spec: CleanRun, services: Services) -> None:
    """Remove the run's worktrees; its commits stay for a while, see `podium.engine.tidying`."""
    repository = await services.repository()
    for place in places.all_of(spec.run, spec.tasks):
        await repository.remove(place)
    await services.engine.report(RunCleaned(plan=spec.plan, job=spec.job))
