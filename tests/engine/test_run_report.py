from decimal import Decimal

from inline_snapshot import snapshot

from podium.domain.base import CallId, Commit, FindingId, JobId, PlanId, RunId, TaskId, TreeHash
from podium.domain.events.progress import CallCharged, TurnTaken
from podium.domain.finding import Finding, FindingState, Severity
from podium.domain.plan import Plan, Task
from podium.domain.request import Approval, Phase, Request
from podium.domain.run import Judgement, Run, Spending, TaskPhase, TaskRun
from podium.domain.transcript import ModelSwitch, Usage
from podium.domain.verdict import Complaint, Gate, Outcome, Place, Verdict
from podium.engine.report import MAX_OUTPUT_LINES, report

PLAN = PlanId("slugify")
TREE = TreeHash("7" * 40)


def verdict(gate: Gate, outcome: Outcome, output: str = "") -> Verdict:
    return Verdict(
        gate=gate,
        outcome=outcome,
        tree=TREE,
        summary="1 test failed" if outcome is Outcome.FAILED else "all is well",
        command="pytest -q",
        exit_status=1 if outcome is Outcome.FAILED else 0,
        duration_s=1.25,
        output=output,
        complaints=(Complaint(message="wrong case", place=Place(path="slug.py", first_line=3)),)
        if outcome is Outcome.FAILED
        else (),
    )


def task(name: str, phase: TaskPhase, *verdicts: Verdict, **more: object) -> TaskRun:
    run = TaskRun(task=Task(id=TaskId(name), title=f"Do {name} | fast"), phase=phase, attempt=2)
    history = tuple(Judgement(attempt=n, verdict=it) for n, it in enumerate(verdicts, 1))
    return run.evolve(history=history, model="a/b", cost_usd=Decimal("0.01"), n_turns=3, **more)


def turn(role: str, model: str, cost: str) -> TurnTaken:
    return TurnTaken(
        plan=PLAN,
        job=JobId("j"),
        call=CallId("call-1"),
        role=role,
        model=model,
        family="x",
        usage=Usage(input_tokens=1000, cached_tokens=10, output_tokens=50),
        cost_usd=Decimal(cost),
    )


def run(*tasks: TaskRun) -> Run:
    return Run(
        id=RunId("slugify-1"),
        hash="h",
        content=Plan(id=PLAN),
        budget_usd=Decimal(5),
        base=Commit("b" * 40),
        head=Commit("c" * 40),
        tasks={it.task.id: it for it in tasks},
        findings=(
            Finding(
                id=FindingId("T1-F1"),
                task=TaskId("T1"),
                severity=Severity.MINOR,
                place=Place(path="slug.py", first_line=2),
                title="spaces <b>stay</b>",
                evidence="return title",
                state=FindingState.DISMISSED,
                dismissal="later",
            ),
        ),
        lessons=("titles have\n# spaces",),
        switches=(ModelSwitch(from_model="a/b", to_model="c/d", reason="overloaded"),),
        started_at=1000.0,
        ended_at=1083.0,
    )


def request(run: Run, phase: Phase, **more: object) -> Request:
    return Request(
        id=PLAN,
        path=".podium/plans/slugify.md",
        title="Slugs",
        text="Make titles\ninto slugs.",
        phase=phase,
        approval=Approval(hash="f" * 64, by="me", at=1.0),
        spent=Spending(cost_usd=Decimal("0.03")),
        run=run,
    ).evolve(**more)


def test_a_finished_run_with_every_verdict_and_cost() -> None:
    first = task(
        "T1",
        TaskPhase.DONE,
        verdict(Gate.ACCEPTANCE, Outcome.FAILED, "E assert 'A' == 'a'\n```\n# not a heading"),
        verdict(Gate.ACCEPTANCE, Outcome.PASSED),
        summary="wrote slugify",
    )
    done = run(first).evolve(judgements=(verdict(Gate.SUITE, Outcome.PASSED),))
    lost = CallCharged(
        plan=PLAN, job=JobId("j"), call=CallId("2"), role="worker", cost_usd=Decimal("0.005")
    )
    paid = [turn("worker", "a/b", "0.01"), turn("planner", "c/d", "0.01"), lost]
    paid.append(turn("worker", "a/b", "0.005"))
    assert report(request(done, Phase.AWAITING_MERGE), done, paid) == snapshot("""\
# Slugs

Run `slugify-1` of plan `.podium/plans/slugify.md`: **awaiting merge**.

Asked: Make titles into slugs.

- approved by me, text `ffffffffffff`
- started at commit `bbbbbbbbbbbb`, now at `cccccccccccc`
- wall time 1 min 23 s
- cost $0.03 of $5.00
- fallback `a/b` → `c/d`: overloaded

## Tasks

| task | state | attempts | model | turns | cost |
|---|---|---|---|---|---|
| T1 Do T1 \\| fast | done | 2 | `a/b` | 3 | $0.01 |

T1: wrote slugify

## Verdicts

### T1, attempt 1: acceptance failed

1 test failed (tree `777777777777`, 1.2 s)

Command, exit 1:
```text
pytest -q
```

- `slug.py:3` wrong case

````text
E assert 'A' == 'a'
```
# not a heading
````

### T1, attempt 2: acceptance passed

all is well (tree `777777777777`, 1.2 s)

Command, exit 0:
```text
pytest -q
```

### the merged tree: suite passed

all is well (tree `777777777777`, 1.2 s)

Command, exit 0:
```text
pytest -q
```

## Findings

### T1-F1 minor, dismissed: spaces \\<b>stay\\</b>

`slug.py:2`, by the reviewer

```text
return title
```

Dismissed: later

## Cost

| role | model | turns | input | cached | output | cost |
|---|---|---|---|---|---|---|
| planner | `c/d` | 1 | 1,000 | 10 | 50 | $0.01 |
| worker | no reply came | 0 | 0 | 0 | 0 | $0.005 |
| worker | `a/b` | 2 | 2,000 | 20 | 100 | $0.015 |
| **all** | | 3 | 3,000 | 30 | 150 | $0.03 |

## Lessons

- titles have # spaces
""")


def test_a_stopped_run_is_handed_over() -> None:
    tasks = (
        task("T1", TaskPhase.DONE),
        task("T2", TaskPhase.STOPPED, stopped_because="no sandbox\n## here"),
        task("T3", TaskPhase.WAITING),
    )
    stopped = run(*tasks)
    text = report(request(stopped, Phase.RUNNING, problem="a task stopped"), stopped, [])
    assert text[text.index("## Handover") : text.index("## Tasks")] == snapshot("""\
## Handover

- done: T1
- left: T2, T3
- blocker: a task stopped
- blocker of T2: no sandbox ## here
- options: correct the cause and resume or retry the stopped task; edit the plan,
  approve it and start it again; finish by hand from the run's branch; or discard it

""")


def test_of_a_long_output_the_end_is_shown() -> None:
    long = "\n".join(f"line {number}" for number in range(1000))
    one = run(task("T1", TaskPhase.DONE, verdict(Gate.SUITE, Outcome.PASSED, long)))
    text = report(request(one, Phase.DONE), one, [])
    assert f"[… {1000 - MAX_OUTPUT_LINES} lines above …]\nline {1000 - MAX_OUTPUT_LINES}\n" in text
    assert "line 999\n" in text
