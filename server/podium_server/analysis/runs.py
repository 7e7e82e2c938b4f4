"""Which run a plan is about just now."""

from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskRun


def run_of(request: Request | None) -> Run | None:
    """Return the run that is under way or has ended, unless it was discarded or is long past."""
    if request is None or request.phase.is_before_run:
        return None
    return None if request.run is None or request.run.is_discarded else request.run


def open_run_of(request: Request | None) -> Run | None:
    """Return that run while somebody can still do something about it."""
    return None if request is None or request.phase.is_final else run_of(request)


def task_of(request: Request | None, task_id: str) -> TaskRun | None:
    """Return how far a task of that run is."""
    run = run_of(request)
    return next((it for name, it in run.tasks.items() if name == task_id), None) if run else None


def is_going_on(request: Request | None) -> bool:
    """Whether somebody waits for the request, so that its plan has news even when it is closed."""
    return request is not None and request.phase not in {Phase.DRAFT, Phase.DONE}
