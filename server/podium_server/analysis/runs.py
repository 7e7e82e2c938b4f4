"""Which run a plan is about just now."""

from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskRun

BEFORE_RUNS = frozenset(
    {
        Phase.DRAFT,
        Phase.PLANNING,
        Phase.INTERVIEWING,
        Phase.AWAITING_APPROVAL,
        Phase.APPROVED,
    }
)
"""Here an earlier run of the same plan does not matter any more."""


def run_of(request: Request | None) -> Run | None:
    """Return the run that is under way or has ended, if the plan is not being made anew."""
    if request is None or request.phase in BEFORE_RUNS:
        return None
    return request.run


def task_of(request: Request | None, task_id: str) -> TaskRun | None:
    """Return how far a task of that run is."""
    run = run_of(request)
    return next((it for name, it in run.tasks.items() if name == task_id), None) if run else None
