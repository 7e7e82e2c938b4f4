"""Which function carries out which job."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

from podium.domain import effect
from podium.domain.effect import Job, JobSpec
from podium.jobs import branches, draft_plan, judging, review_task, work_task
from podium.jobs.services import Services

S = TypeVar("S", bound=Job)
CarryOut: TypeAlias = Callable[[S, Services], Awaitable[None]]


def _row(kind: type[S], carry_out: CarryOut[S]) -> tuple[type[Job], CarryOut[Any]]:
    return kind, carry_out


JOBS: Final = dict(
    (
        _row(effect.DraftPlan, draft_plan.draft_plan),
        _row(effect.WriteDocument, draft_plan.write_document),
        _row(effect.WriteAnswer, draft_plan.write_answer),
        _row(effect.TickTasks, draft_plan.tick_tasks),
        _row(effect.PrepareRun, branches.prepare_run),
        _row(effect.WorkTask, work_task.work_task),
        _row(effect.JudgeTask, judging.judge_task),
        _row(effect.ReviewTask, review_task.review_task),
        _row(effect.IntegrateTask, branches.integrate_task),
        _row(effect.JudgeRun, judging.judge_run),
        _row(effect.MergeRun, branches.merge_run),
        _row(effect.CleanRun, branches.clean_run),
    )
)


async def perform(spec: JobSpec, services: Services) -> None:
    """Carry out one job, reporting by events; done twice, it does no harm."""
    await JOBS[type(spec)](spec, services)
