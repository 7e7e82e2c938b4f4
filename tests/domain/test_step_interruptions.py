"""What comes in between: pauses, budgets, edits, late and repeated events, as lives."""

from decimal import Decimal

import pytest

from domain.lives import PLAN, STARTED, Life, task, turn
from podium.domain.base import JobId, TaskId
from podium.domain.events import Event
from podium.domain.events.ends import TaskEscalated
from podium.domain.events.fact import JobFact
from podium.domain.events.people import RunResumed, TaskRetried
from podium.domain.request import Request
from podium.domain.run import TaskPhase
from podium.domain.step import fold, step

TWO = f"""{STARTED}
    prepared                   -> work T1, work T2
"""
WAITING = f"""{STARTED}
    prepared                   -> work T1, work T2
    work T1                    -> judge T1
    judge T1                   -> review T1
    review T1 [minor:A]        -> integrate T1
    integrate T1               -> tick
    work T2                    -> judge T2
    judge T2                   -> review T2
    review T2                  -> integrate T2
    integrate T2               -> cancel tick, tick
    = awaiting merge
"""

INTERRUPTIONS = {
    "paused and resumed": f"""{TWO}
        pause                  -> cancel work T1 + work T2
        pause
        resume                 -> work T1, work T2
        resume
    """,
    "what a cancelled job still says counts, and nothing follows until it is resumed": f"""{TWO}
        pause                  -> cancel work T1 + work T2
        work T1
        = running, T1 judging
        resume                 -> work T2, judge T1
    """,
    "no key": f"""{TWO}
        fail work T1 [environment] -> ease work T2
        = running, T1 working
        resume                 -> work T1, work T2
    """,
    "what goes on in a gentle pause counts, and nothing follows until it is resumed": f"""{TWO}
        fail work T1 [environment] -> ease work T2
        work T2
        = running, T2 judging
        fail judge T2 [environment]
        resume                 -> work T1, judge T2
    """,
    "cancelled in a gentle pause": f"""{TWO}
        fail work T1 [environment] -> ease work T2
        cancel                 -> cancel work T1 + work T2
        = stopped, T1 stopped, T2 stopped
    """,
    "a refusal that is about one task": f"""{TWO}
        fail work T1
        = running, T1 stopped, T2 working
        retry T1               -> work T1
    """,
    "no money": f"""{TWO}
        fail work T1 [budget]  -> ease work T2
        resume                 -> work T1, work T2
    """,
    "cancelled": f"""{TWO}
        work T1                -> judge T1
        cancel                 -> cancel work T2 + judge T1
        = stopped, T1 stopped, T2 stopped
        resume
        retry T1               -> judge T1
        retry T2               -> work T2
        = running
    """,
    "cancelled while a task is integrated, which was too late": f"""{TWO}
        work T1                -> judge T1
        judge T1               -> review T1
        review T1              -> integrate T1
        cancel                 -> cancel work T2 + integrate T1
        retry T1               -> judge T1
        judge T1               -> integrate T1
        integrate T1           -> tick
    """,
    "cancelled while it is paused": f"""{TWO}
        pause                  -> cancel work T1 + work T2
        cancel                 -> cancel work T1 + work T2
        = stopped
    """,
    "cancelled before it began": f"""{STARTED}
        cancel                 -> cancel prepare
        = stopped, T1 waiting
        retry T1               -> prepare
    """,
    "a retry resumes": f"""{TWO}
        escalate T1
        pause                  -> cancel work T2
        retry T1               -> work T2, work T1
    """,
    "an edit stops the run until the text is approved again": f"""{TWO}
        edit h2                -> cancel work T1 + work T2
        resume
        edit h1
        resume
        approve h1             -> work T1, work T2
        = running
    """,
    "a run does not go on under the approval of another text": f"""{TWO}
        edit h2                -> cancel work T1 + work T2
        approve h2
        resume
        = running
        cancel                 -> cancel work T1 + work T2
        approve h2
        start run-2            -> clean, prepare
    """,
    "a stopped task does not go on under the approval of another text": f"""{TWO}
        escalate T1
        edit h2                -> cancel work T2
        approve h2
        retry T1
        = running, T1 stopped
    """,
    "an edit ends what a gentle pause has left under way": f"""{TWO}
        fail work T1 [environment] -> ease work T2
        edit h2                -> cancel work T1 + work T2
        edit h1
        approve h1             -> work T1, work T2
    """,
    "approving again ends the pause of an edit, not a human's": f"""{TWO}
        pause                  -> cancel work T1 + work T2
        approve h1
        resume                 -> work T1, work T2
    """,
    "a revoked run says so, whatever else fails": f"""{TWO}
        edit h2                -> cancel work T1 + work T2
        fail work T1 [environment]
        edit h1
        approve h1             -> work T1, work T2
    """,
    "an edit while the human's merge is awaited": f"""{WAITING}
        edit h2                -> cancel tick
        ask
        = awaiting merge
        edit h1
        approve h1             -> tick
        ask                    -> merge
    """,
    "a revoked run is discarded": f"""{WAITING}
        edit h2                -> cancel tick
        discard                -> tick, clean
        = stopped, due tick + clean
    """,
    "an edit while it is merged": f"""{WAITING}
        ask                    -> merge
        edit h2                -> cancel tick + merge
        = merging
        merge                  -> tick, clean
        = done
    """,
    "an edit during the merge that was not undone": f"""{WAITING}
        ask                    -> merge
        edit h2                -> cancel tick + merge
        cancel                 -> cancel merge, tick
        = stopped
    """,
    "a merge under way is not cancelled": f"""{WAITING}
        ask                    -> merge
        cancel
        = merging
    """,
}


def two() -> Life:
    return Life(task("T1", "a.py"), task("T2", "b.py"))


@pytest.mark.parametrize(
    "script", [pytest.param(it, id=name) for name, it in INTERRUPTIONS.items()]
)
def test_interruptions(script: str) -> None:
    two().play(script)


def test_an_event_twice_or_late_changes_nothing() -> None:
    life = two().play(f"{WAITING}\nask -> merge\nmerge -> clean\ndone clean\ndone tick")
    request, told = Request(id=PLAN), list[Event]()
    for event in life.journal:
        request = step(request, event)[0]
        told += [event] if isinstance(event, JobFact) else []
        late = [it for it in told if isinstance(it, JobFact) and not request.awaits(it.job)]
        assert all(step(request, it) == (request, ()) for it in late)
    assert len(told) > 15


def test_an_event_of_a_job_that_nobody_awaits_changes_nothing() -> None:
    life = two().play(f"{WAITING}\nask -> merge\nmerge -> clean")
    told = [it for it in life.journal if isinstance(it, JobFact)]
    request, n_refused = Request(id=PLAN), 0
    for event in life.journal:
        foreign = [it for it in told if not request.awaits(it.job)]
        assert all(step(request, it) == (request, ()) for it in foreign)
        request, n_refused = step(request, event)[0], n_refused + len(foreign)
    assert n_refused > 100


def test_a_late_turn_costs_and_changes_nothing_else() -> None:
    life = two().play(f"{TWO}\nturn work T1\nfail work T1 [environment] -> ease work T2")
    job = life.job("work T1")
    life.play("resume -> work T1, work T2\nwork T1 -> judge T1")
    before = life.request
    late = turn(job, TaskId("T1")).evolve(family="openai", model="openai/two")
    life.tell(late)
    assert life.request.spent.cost_usd == Decimal("0.5")
    assert life.task("T1").cost_usd == Decimal("0.5")
    assert life.task("T1").model == "anthropic/one"
    assert life.task("T1").author_families == ("anthropic", "openai")
    assert life.request.doing == before.doing
    assert life.effects == ["judge T1"]


def test_a_turn_of_planning_is_no_cost_of_the_run() -> None:
    life = two().play("request -> draft\nturn draft")
    late = life.job("draft")
    life.play(
        "drafted -> write\nwritten h1\napprove h1\nstart -> prepare\nprepared -> work T1, work T2"
    )
    life.play("turn work T1")
    assert life.request.run_spent_usd == Decimal("0.25")
    assert life.request.spent.n_turns == 2
    life.tell(turn(late))
    assert life.request.spent.cost_usd == Decimal("0.75")


def test_a_turn_of_another_run_is_not_a_tasks_cost() -> None:
    life = two().play(TWO)
    life.tell(turn(JobId("run-0/T1/work-1"), TaskId("T1")))
    assert life.request.spent.cost_usd == Decimal("0.25")
    assert life.task("T1").cost_usd == 0


def test_resuming_takes_todays_budget() -> None:
    life = two().play(f"{TWO}\nfail work T1 [budget] -> ease work T2")
    life.tell(RunResumed(plan=PLAN, budget_usd=Decimal(9)))
    assert life.run.budget_usd == Decimal(9)


def test_a_retry_takes_todays_budget() -> None:
    """The task may have stopped because too little was left for a whole answer."""
    life = two().play(TWO)
    life.tell(TaskEscalated(plan=PLAN, job=life.job("work T1"), task=TaskId("T1"), reason="cut"))
    life.tell(TaskRetried(plan=PLAN, task=TaskId("T1"), budget_usd=Decimal(9)))
    assert life.task("T1").phase is TaskPhase.WORKING
    assert life.run.budget_usd == Decimal(9)


def test_why_nothing_goes_on_is_shown() -> None:
    life = two().play(f"{TWO}\nfail work T1 [environment] -> ease work T2")
    assert life.request.paused == "work T1 broke"
    life.play("resume -> work T1, work T2")
    assert life.request.paused == ""


def test_the_fold_of_a_journal_is_the_state() -> None:
    life = two().play(f"{WAITING}\nask -> merge")
    assert fold(life.journal, Request(id=PLAN)) == life.request
