"""A task's life inside a run: worked at, judged, reviewed, integrated, as lives."""

import pytest

from domain.lives import STARTED, Life, task
from podium.domain.effect import ReviewTask, WorkTask
from podium.domain.gate_policy import MAX_ATTEMPTS
from podium.domain.run import TaskPhase
from podium.domain.verdict import Gate

ONE = f"""{STARTED}
    prepared                   -> work T1
"""
JUDGED = f"""{ONE}
    work T1                    -> judge T1
    judge T1                   -> review T1
"""
INTEGRATED = f"""{JUDGED}
    review T1                  -> integrate T1
    integrate T1               -> tick
"""
ROUND = """
    work T1                    -> judge T1
    judge T1 [suite=failed]    -> work T1
"""

ALONE = {
    "every gate passes": f"""{INTEGRATED}
        = awaiting merge, T1 done
    """,
    "a failed gate sends the work back": f"""{ONE}{ROUND}
        = running, T1 working
        work T1                -> judge T1
        judge T1               -> review T1
    """,
    "an unknown verdict stops the task": f"""{ONE}
        work T1                -> judge T1
        judge T1 [diagnostics=unknown]
        = stopped, T1 stopped
    """,
    "a gate that gave no verdict stops the task": f"""{ONE}
        work T1                -> judge T1
        judge T1 [scope=none]
        = stopped, T1 stopped
    """,
    "a verdict on an earlier attempt says nothing of this one": f"""{ONE}{ROUND}
        work T1                -> judge T1
        judge T1 [diagnostics=none]
        = stopped, T1 stopped
    """,
    "a failed gate counts more than an unknown one": f"""{ONE}
        work T1                -> judge T1
        judge T1 [suite=failed scope=unknown] -> work T1
    """,
    "what an unknown verdict stopped is judged again, not done again": f"""{ONE}
        work T1                -> judge T1
        judge T1 [suite=unknown]
        retry T1               -> judge T1
        = running, T1 judging
        judge T1               -> review T1
    """,
    "the third failure of one gate stops the task": f"""{ONE}{ROUND}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=failed]
        = stopped, T1 stopped
    """,
    "what could not be judged is no failure": f"""{ONE}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=unknown scope=failed] -> work T1
        {ROUND}
        = running, T1 working
        work T1                -> judge T1
        judge T1 [suite=failed]
        = stopped, T1 stopped
    """,
    "failures that are not in a row do not": f"""{ONE}{ROUND}{ROUND}
        work T1                -> judge T1
        judge T1 [scope=failed] -> work T1
        {ROUND}
        = running, T1 working
    """,
    "a verdict told twice, because the engine was killed between, counts once": f"""{ONE}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=failed killed=1]
        judge T1 [suite=failed killed=1]
        judge T1 [suite=failed] -> work T1
        = running, T1 working
    """,
    "a retry forgives what failed before": f"""{ONE}{ROUND}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=failed]
        retry T1               -> work T1
        {ROUND}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=failed]
        = stopped, T1 stopped
    """,
    "a worker that cannot go on stops the task": f"""{ONE}
        escalate T1
        = stopped, T1 stopped
        retry T1               -> work T1
        = running
    """,
    "a blocking finding sends the work back, and is fixed when not raised again": f"""{JUDGED}
        review T1 [major:A minor:B] -> work T1
        = running, A open, B open
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [minor:B]    -> integrate T1
        = running, A fixed, B open
    """,
    "a fixed finding that is raised again is open again": f"""{JUDGED}
        review T1 [major:A]    -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:B]    -> work T1
        = running, A fixed, B open
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:A]
        = stopped, A open, B fixed
    """,
    "a minor finding passes": f"""{JUDGED}
        review T1 [minor:A nit:B] -> integrate T1
        = running, A open, B open
    """,
    "a review that does not know stops the task": f"""{JUDGED}
        review T1 [unknown]
        = stopped, T1 stopped
        retry T1               -> judge T1
        judge T1               -> review T1
        review T1              -> integrate T1
    """,
    "a conflict begins a new generation": f"""{ONE}
        work T1                -> judge T1
        conflict T1            -> work T1
        = running, T1 working
    """,
    "a job that failed stops its task": f"""{ONE}
        fail work T1
        = stopped, T1 stopped
    """,
    "what could not be judged is judged again, not done again": f"""{ONE}
        work T1                -> judge T1
        fail judge T1
        = stopped, T1 stopped
        retry T1               -> judge T1
        judge T1               -> review T1
    """,
    "what could not be judged after it had been sent back is judged again": f"""{ONE}{ROUND}
        work T1                -> judge T1
        fail judge T1
        retry T1               -> judge T1
        judge T1 [suite=failed] -> work T1
        fail work T1
        retry T1               -> work T1
    """,
    "a review that failed is asked for again, on a fresh judgement": f"""{JUDGED}
        fail review T1
        = stopped, T1 stopped
        retry T1               -> judge T1
        judge T1               -> review T1
    """,
    "integration that failed": f"""{JUDGED}
        review T1              -> integrate T1
        fail integrate T1
        = stopped, T1 stopped
        retry T1               -> judge T1
        judge T1               -> integrate T1
    """,
    "a running task is not retried": f"""{ONE}
        retry T1
        retry T9
    """,
    "a run that could not be prepared is prepared again": f"""{STARTED}
        fail prepare
        = stopped
        retry T1               -> prepare
        = running
        prepared               -> work T1
    """,
}


@pytest.mark.parametrize("script", [pytest.param(it, id=name) for name, it in ALONE.items()])
def test_a_task_alone(script: str) -> None:
    Life().play(script)


WAVES = {
    "a dependent task waits": (
        {"T1": "", "T2": "T1"},
        """
        prepared               -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1              -> integrate T1
        = running, T2 waiting
        integrate T1           -> tick, work T2
        """,
    ),
    "independent tasks start together": (
        {"T1": "", "T2": "", "T3": "T1 T2"},
        """
        prepared               -> work T1, work T2
        escalate T1
        = running, T1 stopped, T3 waiting
        escalate T2
        = stopped, T3 waiting
        retry T1               -> work T1
        = running, T2 stopped
        """,
    ),
    "what was judged on a head that has moved is judged again, not reviewed again": (
        {"T1": "", "T2": ""},
        """
        prepared               -> work T1, work T2
        work T1                -> judge T1
        work T2                -> judge T2
        judge T1               -> review T1
        judge T2               -> review T2
        review T1              -> integrate T1
        review T2
        = running, T1 integrating, T2 accepted
        integrate T1           -> tick, judge T2
        judge T2               -> integrate T2
        integrate T2           -> cancel tick, tick
        = awaiting merge
        """,
    ),
    "what fails on the new head is sent back": (
        {"T1": "", "T2": ""},
        """
        prepared               -> work T1, work T2
        work T1                -> judge T1
        work T2                -> judge T2
        judge T1               -> review T1
        review T1              -> integrate T1
        integrate T1           -> tick
        judge T2               -> review T2
        review T2              -> judge T2
        judge T2 [suite=failed] -> work T2
        work T2                -> judge T2
        judge T2               -> review T2
        """,
    ),
}


@pytest.mark.parametrize(
    ("after", "script"), [pytest.param(*it, id=name) for name, it in WAVES.items()]
)
def test_waves(after: dict[str, str], script: str) -> None:
    tasks = (task(name, f"{name}.py", after=needs) for name, needs in after.items())
    Life(*tasks).play(STARTED + script)


SHARED = {
    "tasks that declare one file take turns": """
        prepared               -> work T1
        = running, T2 waiting
        escalate T1            -> work T2
    """,
    "a retried task waits until its files are free": """
        prepared               -> work T1
        escalate T1            -> work T2
        retry T1
        = running, T1 waiting, T2 working
        escalate T2            -> work T1
    """,
    "what waits to be judged again is not done again": """
        prepared               -> work T1
        work T1                -> judge T1
        judge T1 [suite=unknown] -> work T2
        retry T1
        escalate T2            -> judge T1
    """,
    "what a dismissal accepts waits until its files are free": """
        prepared               -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:A]    -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:A]    -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:A]    -> work T2
        dismiss A
        = running, T2 working, A dismissed
        escalate T2            -> judge T1
        judge T1               -> integrate T1
    """,
}


@pytest.mark.parametrize("script", [pytest.param(it, id=name) for name, it in SHARED.items()])
def test_tasks_of_one_file(script: str) -> None:
    Life(task("T1", "a.py"), task("T2", "a.py b.py")).play(STARTED + script)


def test_a_worker_is_sent_back_with_the_evidence() -> None:
    life = Life().play(f"{ONE}{ROUND}")
    spec = life.spec("work T1")
    assert isinstance(spec, WorkTask)
    assert [it.summary for it in spec.failed] == ["suite failed"]
    assert (spec.attempt, spec.generation, spec.base) == (2, 0, "base")


def test_a_retried_worker_is_told_the_evidence_too() -> None:
    life = Life().play(f"""{ONE}{ROUND}{ROUND}
        work T1                -> judge T1
        judge T1 [suite=failed]
        retry T1               -> work T1
    """)
    spec = life.spec("work T1")
    assert isinstance(spec, WorkTask)
    assert [it.summary for it in spec.failed] == ["suite failed"]
    assert spec.is_retry


def test_a_worker_is_sent_back_with_the_blocking_findings() -> None:
    life = Life().play(f"{JUDGED}\nreview T1 [major:A minor:B] -> work T1")
    spec = life.spec("work T1")
    assert isinstance(spec, WorkTask)
    assert [it.id for it in spec.findings] == ["A"]


def test_what_was_dismissed_during_the_review_is_not_among_the_evidence() -> None:
    life = Life().play(f"""{JUDGED}
        review T1 [major:A]    -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        dismiss A
        review T1 [major:A major:B minor:C] -> work T1
        = running, A dismissed, B open, C open
    """)
    spec = life.spec("work T1")
    assert isinstance(spec, WorkTask)
    assert [it.id for it in spec.findings] == ["B"]
    complaints = [it.message for verdict in spec.failed for it in verdict.complaints]
    assert complaints == ["major: B is wrong", "minor: C is wrong"]


def test_after_a_conflict_the_worktree_starts_from_the_new_head() -> None:
    life = Life(task("T1", "a.py"), task("T2", "b.py")).play(f"""{STARTED}
        prepared               -> work T1, work T2
        work T1                -> judge T1
        judge T1               -> review T1
        review T1              -> integrate T1
        work T2 [hint]         -> judge T2
        integrate T1           -> tick
        conflict T2            -> work T2
    """)
    spec = life.spec("work T2")
    assert isinstance(spec, WorkTask)
    assert (spec.generation, spec.base, spec.attempt) == (1, life.run.head, 2)
    assert spec.conflicts == ("a.py",)
    assert not spec.is_retry
    assert spec.lessons == ("hint",)


def test_endless_conflicts_stop_a_task_and_a_human_may_go_on() -> None:
    conflict = "work T1 -> judge T1\nconflict T1 -> work T1\n"
    life = Life().play(f"""{ONE}{conflict * (MAX_ATTEMPTS - 1)}
        work T1                -> judge T1
        conflict T1
        = stopped, T1 stopped
        retry T1               -> work T1
    """)
    assert life.task("T1").attempt == MAX_ATTEMPTS + 1
    life.play(conflict * (MAX_ATTEMPTS - 1))
    assert life.task("T1").phase is TaskPhase.WORKING


def test_what_conflicted_too_often_begins_anew_when_a_human_asks() -> None:
    conflict = "work T1 -> judge T1\nconflict T1 -> work T1\n"
    life = Life(task("T1", "a.py"), task("T2", "b.py")).play(f"""{STARTED}
        prepared               -> work T1, work T2
        {conflict * (MAX_ATTEMPTS - 1)}
        work T1                -> judge T1
        conflict T1
        work T2                -> judge T2
        judge T2               -> review T2
        review T2              -> integrate T2
        integrate T2           -> tick
        retry T1               -> work T1
    """)
    spec = life.spec("work T1")
    assert isinstance(spec, WorkTask)
    assert (spec.generation, spec.base) == (MAX_ATTEMPTS, life.run.head)


def test_the_reviewer_is_told_who_wrote_and_what_was_dismissed() -> None:
    life = Life(task("T1", "a.py"), task("T2", "b.py", after="T1")).play(f"""{STARTED}
        prepared               -> work T1
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [minor:A]    -> integrate T1
        integrate T1           -> tick, work T2
        dismiss A
        turn work T2
        work T2                -> judge T2
        judge T2               -> review T2
    """)
    spec = life.spec("review T2")
    assert isinstance(spec, ReviewTask)
    assert spec.author_families == ("anthropic",)
    assert [(it.id, it.dismissal) for it in spec.dismissed] == [("A", "not so")]


def test_a_stopped_task_says_why() -> None:
    life = Life().play(f"{ONE}\nwork T1 -> judge T1\njudge T1 [suite=unknown]")
    assert "suite unknown" in life.task("T1").stopped_because
    assert "T1" in life.request.problem


def test_what_is_dismissed_while_the_reviewer_reads_blocks_nothing() -> None:
    life = Life().play(f"""{JUDGED}
        review T1 [major:A major:B]  -> work T1
        work T1                      -> judge T1
        judge T1                     -> review T1
        dismiss A
        review T1 [major:A]          -> integrate T1
        = running, A dismissed, B fixed
    """)
    verdict = life.task("T1").verdict(Gate.REVIEW)
    assert verdict is not None
    assert verdict.summary == "every blocking finding was dismissed by a human"


def test_what_is_found_beside_what_was_dismissed_blocks() -> None:
    Life().play(f"""{JUDGED}
        review T1 [major:A]          -> work T1
        work T1                      -> judge T1
        judge T1                     -> review T1
        dismiss A
        review T1 [major:A major:B]  -> work T1
        = running, A dismissed, B open
    """)
