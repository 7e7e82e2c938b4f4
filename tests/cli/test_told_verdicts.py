"""What the terminal says of gates' verdicts."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

from rich.console import Console

from podium.cli.demo_report import report
from podium.cli.news import news
from podium.demo.stage import Stage
from podium.demo.walk import Walked
from podium.document import intent_hash, parse
from podium.domain.base import PlanId, RunId, TaskId, TreeHash
from podium.domain.request import Phase, Request
from podium.domain.run import Judgement, Run, TaskRun
from podium.domain.verdict import Gate, Outcome, Verdict

PLAN = "# Slugs\n\n## Tasks\n\n- [ ] T1: write it\n"


def judged(gate: Gate, tree: str, outcome: Outcome = Outcome.PASSED, **more: object) -> Judgement:
    verdict = Verdict(gate=gate, outcome=outcome, tree=TreeHash(tree * 40), summary="as declared")
    return Judgement(attempt=1, verdict=verdict.evolve(**more))


def request_of(*history: Judgement) -> Request:
    plan = parse(PlanId("slug"), PLAN).plan
    tasks = {TaskId("T1"): TaskRun(task=plan.tasks[0], history=history)}
    judgements = tuple(it.verdict for it in history)
    run = Run(
        id=RunId("slug-1"),
        hash=intent_hash(PLAN),
        content=plan,
        budget_usd=Decimal(1),
        tasks=tasks,
        judgements=judgements,
    )
    return Request(id=PlanId("slug"), path="", phase=Phase.DONE, run=run)


def test_the_demos_report_says_why_a_task_was_judged_again() -> None:
    request = request_of(
        judged(Gate.SCOPE, "a"),
        judged(Gate.DIAGNOSTICS, "a", command="ruff server"),
        judged(Gate.SCOPE, "b"),
        judged(Gate.SUITE, "b", command="make test", exit_status=0),
    )
    home = Path("/home/a user")
    stage, walked = Stage(home, home / "project"), Walked(home / "report.md", "abc Slugs")
    console = Console(file=StringIO(), width=140)
    console.print(report(request, walked, stage, 1.0))
    assert isinstance(console.file, StringIO)
    lines = [" ".join(it.split()) for it in console.file.getvalue().splitlines()]
    first = next(number for number, it in enumerate(lines) if it.startswith("T1.1 "))
    assert lines[first : first + 6] == [
        "T1.1 scope ✓ as declared aaaaaaaa",
        "diagnostics ✓ as declared (ruff server) aaaaaaaa",
        "the run's head had moved: judged again on the tree that it makes now",
        "scope ✓ as declared bbbbbbbb",
        "suite ✓ as declared (make test → 0) bbbbbbbb",
        "all scope ✓ as declared aaaaaaaa",
    ]
    assert lines[-1] == "remove it: rm -r '/home/a user'"


def test_what_a_gate_says_is_told_once() -> None:
    failed = judged(Gate.SCOPE, "a", Outcome.FAILED)
    assert [it.text for it in news(request_of(), request_of(failed))] == [
        "✗ T1 attempt 1: scope failed: as declared",
        "✗ merged tree: scope failed: as declared",
    ]
