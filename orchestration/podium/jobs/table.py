"""Which function carries out which job."""

from typing import assert_never

from podium.domain.effect import (
    CleanRun,
    DraftPlan,
    IntegrateTask,
    JobSpec,
    JudgeRun,
    JudgeTask,
    MergeRun,
    PrepareRun,
    ReviewTask,
    TickTasks,
    WorkTask,
    WriteAnswer,
    WriteDocument,
)
from podium.jobs import branches, draft_plan, judging, review_task, work_task
from podium.jobs.services import Services


async def perform(spec: JobSpec, services: Services) -> None:  # noqa: C901, PLR0912  # The table.
    """Carry out one job, reporting by events; done twice, it does no harm."""
    match spec:
        case DraftPlan():
            await draft_plan.draft_plan(spec, services)
        case WriteDocument():
            await draft_plan.write_document(spec, services)
        case WriteAnswer():
            await draft_plan.write_answer(spec, services)
        case TickTasks():
            await draft_plan.tick_tasks(spec, services)
        case PrepareRun():
            await branches.prepare_run(spec, services)
        case WorkTask():
            await work_task.work_task(spec, services)
        case JudgeTask():
            await judging.judge_task(spec, services)
        case ReviewTask():
            await review_task.review_task(spec, services)
        case IntegrateTask():
            await branches.integrate_task(spec, services)
        case JudgeRun():
            await judging.judge_run(spec, services)
        case MergeRun():
            await branches.merge_run(spec, services)
        case CleanRun():
            await branches.clean_run(spec, services)
        case _:
            assert_never(spec)
