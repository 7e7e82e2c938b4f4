"""What stands in the way of a plan's approval."""

from podium.document.problem import ProblemSeverity
from podium.text.amounts import count
from podium_server.snapshot import PlanSnapshot


def obstacles(snapshot: PlanSnapshot) -> tuple[str, ...]:
    """Return what must be mended before the plan can be approved, in words."""
    plan = snapshot.document.plan
    n_errors = sum(it.severity is ProblemSeverity.ERROR for it in snapshot.problems)
    return (
        *((count(n_errors, "error"),) if n_errors else ()),
        *(f"open question {it.id}" for it in plan.questions if not it.answer),
        *(() if plan.tasks else ("no task",)),
    )
