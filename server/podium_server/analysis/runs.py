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
    """Return the run that is under way or has ended, unless it was discarded or is long past."""
    if request is None or request.phase in BEFORE_RUNS:
        return None
    return None if request.run is None or request.run.is_discarded else request.run


def can_still_change(request: Request) -> bool:
    """Whether a run can be given more work: a human's yes to what it carries out still stands."""
    return (
        run_of(request) is not None and request.approval is not None and not request.phase.is_final
    )


def is_to_be_approved(request: Request, hash_now: str) -> bool:
    """Whether the plan waits for a human's yes: to a new run, or to going on with this one."""
    if request.phase.has_live_run:
        is_same = request.run is not None and request.run.hash == hash_now
        return request.approval is None and is_same
    return request.phase in {Phase.AWAITING_APPROVAL, Phase.STOPPED}


def task_of(request: Request | None, task_id: str) -> TaskRun | None:
    """Return how far a task of that run is."""
    run = run_of(request)
    return next((it for name, it in run.tasks.items() if name == task_id), None) if run else None


def is_going_on(request: Request | None) -> bool:
    """Whether somebody waits for the request, so that its plan has news even when it is closed."""
    return request is not None and request.phase not in {Phase.DRAFT, Phase.DONE}
