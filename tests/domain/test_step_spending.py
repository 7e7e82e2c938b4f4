"""What calls cost: counted once, whatever becomes of the call and of whoever made it."""

from decimal import Decimal

from domain.lives import STARTED, Life, call, turn
from podium.domain.base import CallId, JobId, TaskId
from podium.domain.events.progress import CallSent

T1 = TaskId("T1")
WORKING = f"{STARTED}\nprepared -> work T1\n"


def working() -> tuple[Life, CallSent]:
    """Return a life with a call of its worker in flight."""
    life = Life().play(WORKING)
    sent = call(life.job("work T1"), T1)
    life.tell(sent)
    return life, sent


def test_a_call_in_flight_counts_as_what_it_may_cost_and_is_not_spent_yet() -> None:
    life, _ = working()
    assert life.request.in_flight_usd == 1
    assert life.request.run_spent_usd == 0


def test_a_reply_is_the_end_of_its_call() -> None:
    life, sent = working()
    life.tell(turn(sent.job, T1))
    life.tell(sent.charged(Decimal("0.5")))
    assert life.request.in_flight_usd == 0
    assert life.request.run_spent_usd == Decimal("0.25")
    assert life.task("T1").n_turns == 1


def test_a_call_without_a_reply_is_paid_once_by_its_task_and_is_no_turn() -> None:
    life, sent = working()
    for _ in range(2):
        life.tell(sent.charged(Decimal("0.5")))
    assert life.request.in_flight_usd == 0
    assert life.request.run_spent_usd == life.task("T1").cost_usd == Decimal("0.5")
    assert life.task("T1").n_turns == life.request.spent.n_turns == 0
    assert life.task("T1").author_families == ()


def test_a_charge_counts_when_nobody_waits_for_the_job_any_more() -> None:
    life, sent = working()
    life.play("cancel -> cancel work T1\n= stopped")
    life.tell(sent.charged(Decimal("0.5")))
    assert life.request.run_spent_usd == Decimal("0.5")


def test_a_call_that_is_sent_when_its_job_was_just_cancelled_counts() -> None:
    life = Life().play(WORKING)
    sent = call(life.job("work T1"), T1)
    life.play("cancel -> cancel work T1")
    life.tell(sent)
    assert life.request.in_flight_usd == 1


def test_planning_has_an_account_of_its_own_that_each_run_closes() -> None:
    life = Life().play("request -> draft")
    life.tell(turn(life.job("draft")))
    assert life.request.planning_usd == Decimal("0.25")
    life.play("drafted -> write\nwritten h1\napprove h1\nstart -> prepare\nprepared -> work T1")
    assert life.request.planning_usd == 0
    life.tell(turn(life.job("work T1"), T1))
    life.play("escalate T1\n= stopped\nrequest -> draft")
    sent = call(life.job("draft")).evolve(call=CallId("call-2"))
    life.tell(sent, sent.charged(Decimal("0.5")))
    assert life.request.planning_usd == Decimal("0.5")
    assert life.request.spent.cost_usd == 1


def test_a_call_of_another_run_is_not_a_tasks_cost() -> None:
    life, _ = working()
    sent = call(JobId("run-0/T1/work-1"), T1, number=2)
    life.tell(sent, sent.charged(Decimal("0.5")))
    assert life.task("T1").cost_usd == 0
    assert life.request.spent.cost_usd == Decimal("0.5")
