"""A request as the text that the editor shows has it: the board may be a moment behind."""

from podium.document.problem import ProblemSeverity
from podium.domain.request import Request
from podium_server.snapshot import PlanSnapshot


def as_shown(snapshot: PlanSnapshot, request: Request) -> Request:
    """Return the request with the hash, errors, questions and tasks of the snapshot's text."""
    plan = snapshot.document.plan
    return request.evolve(
        hash=snapshot.hash,
        n_errors=sum(it.severity is ProblemSeverity.ERROR for it in snapshot.problems),
        questions=plan.questions,
        n_tasks=len(plan.tasks),
    )
