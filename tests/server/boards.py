"""Requests in every state, made from the text of a plan."""

from decimal import Decimal
from textwrap import dedent
from typing import Any

from podium.document import intent_hash, parse
from podium.domain.base import Commit, FindingId, PlanId, RunId, TaskId, TreeHash
from podium.domain.finding import Finding, Severity
from podium.domain.request import Approval, Phase, Request
from podium.domain.run import Judgement, Run, Spending, TaskRun
from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict

PLAN = PlanId("slug")


def request_of(text: str, phase: Phase, **more: Any) -> Request:  # noqa: ANN401  # Any field.
    """Return a request without a run, as the engine would tell it of a document."""
    plan = parse(PLAN, dedent(text)).plan
    return Request(
        id=PLAN,
        path=".podium/plans/slug.md",
        title=plan.title,
        phase=phase,
        hash=intent_hash(dedent(text)),
        questions=plan.questions,
        n_tasks=len(plan.tasks),
    ).evolve(**more)


def running(
    text: str,
    phase: Phase = Phase.RUNNING,
    run: dict[str, Any] | None = None,
    **tasks: dict[str, Any],
) -> Request:
    """Return a request with a run; ``T1={"phase": …}`` says how far each task is."""
    plan = parse(PLAN, dedent(text)).plan
    states = {task.id: TaskRun(task=task, **tasks.get(task.id, {})) for task in plan.tasks}
    content = Run(
        id=RunId("slug-1"),
        hash=intent_hash(dedent(text)),
        content=plan,
        budget_usd=Decimal(5),
        base=Commit("b" * 40),
        head=Commit("c" * 40),
        tasks=states,
        **(run or {}),
    )
    return request_of(
        text,
        phase,
        run=content,
        approval=Approval(hash=content.hash, by="ada", at=1.0),
        spent=Spending(cost_usd=Decimal("0.12")),
    )


def finding(**more: Any) -> Finding:  # noqa: ANN401  # Any field.
    """Return an open finding about ``src/app.py``."""
    return Finding(
        id=FindingId("F1"),
        task=TaskId("T1"),
        severity=Severity.MAJOR,
        place=Place(path="src/app.py", first_line=2, last_line=2),
        title="Accents are lost",
        evidence="return text.lower()",
    ).evolve(**more)


def judged(
    gate: Gate = Gate.SUITE,
    outcome: Outcome = Outcome.FAILED,
    **more: Any,  # noqa: ANN401  # Any field.
) -> Judgement:
    """Return a gate's verdict on the first attempt."""
    return Judgement(
        attempt=1,
        verdict=Verdict(
            gate=gate,
            outcome=outcome,
            tree=TreeHash("d" * 40),
            summary="1 of 12 tests failed",
        ).evolve(**more),
    )


def complaint(line: int, message: str, path: str = "src/app.py") -> Complaint:
    """Return what a gate objects to."""
    return Complaint(message=message, place=Place(path=path, first_line=line, last_line=line))
