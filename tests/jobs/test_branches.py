from jobs.stage import TASK, Stage, git
from podium.domain.base import JobId
from podium.domain.effect import IntegrateTask, PrepareRun
from podium.domain.events.ends import RunPrepared, TaskIntegrated, TaskJudged


async def begin(stage: Stage) -> RunPrepared:
    run = stage.life.run.id
    spec = PrepareRun(job=JobId(f"{run}/prepare-1"), plan=stage.request.id, run=run)
    [told] = await stage.carry_out(spec)
    assert isinstance(told, RunPrepared)
    return told


def integration(stage: Stage, judged: TaskJudged) -> IntegrateTask:
    run = stage.life.run.id
    return IntegrateTask(
        job=JobId(f"{run}/T1/integrate-{judged.candidate[:8]}"),
        plan=stage.request.id,
        run=run,
        task=TASK,
        candidate=judged.candidate,
        onto=judged.onto,
    )


async def test_a_branch_that_the_journal_does_not_know_is_not_where_a_run_begins(
    stage: Stage,
) -> None:
    left = await stage.submitted("left by a journal that was replaced\n", onto=stage.base)
    await stage.repository.move_branch(stage.life.run.id, left, None)
    for _ in range(2):  # Done again after a crash, it does no harm.
        await begin(stage)
        assert await stage.repository.branch_head(stage.life.run.id) == stage.base


async def test_a_run_begins_at_the_branch_that_is_checked_out(stage: Stage) -> None:
    told = await begin(stage)
    assert (told.branch, told.base) == ("refs/heads/main", stage.base)
    git(stage.workspace, "switch", "-q", "-c", "wip")
    git(stage.workspace, "commit", "-q", "--allow-empty", "-m", "newer")
    told = await begin(stage)  # Again: an engine died before the first could be recorded.
    assert told.branch == "refs/heads/wip"
    assert told.base != stage.base
    assert await stage.repository.branch_head(stage.life.run.id) == told.base
    git(stage.workspace, "switch", "-q", "--detach")
    assert (await begin(stage)).branch == ""


async def test_a_candidate_becomes_the_head(stage: Stage) -> None:
    await begin(stage)
    commit = await stage.submitted("done\n", onto=stage.base)
    judged = await stage.judged(commit, onto=stage.base)
    for _ in range(2):  # Done again after a crash, it does no harm.
        [told] = await stage.carry_out(integration(stage, judged))
        assert isinstance(told, TaskIntegrated)
        assert (told.head, told.tree) == (judged.candidate, judged.tree)
    assert await stage.repository.branch_head(stage.life.run.id) == judged.candidate


async def test_an_integration_that_was_cancelled_too_late_stands_in_nobodys_way(
    stage: Stage,
) -> None:
    await begin(stage)
    commit = await stage.submitted("done\n", onto=stage.base)
    cancelled = await stage.judged(commit, onto=stage.base)
    await stage.carry_out(integration(stage, cancelled))  # Nobody awaits what it reports.
    other = await stage.submitted("otherwise\n", onto=stage.base, name="other")
    judged = await stage.judged(other, onto=stage.base, number=2)
    [told] = await stage.carry_out(integration(stage, judged))
    assert isinstance(told, TaskIntegrated)
    assert await stage.repository.branch_head(stage.life.run.id) == judged.candidate
