"""How a run ends: judged as a whole, fixed, dismissed, discarded, as lives."""

import pytest

from domain.lives import STARTED, WAITING, WHOLE, Life, task

BLOCKED = f"""{WHOLE}
    review T1 [major:A]        -> work T1
    work T1                    -> judge T1
    judge T1                   -> review T1
    review T1 [major:A]        -> work T1
    work T1                    -> judge T1
    judge T1                   -> review T1
    review T1 [major:A major:C]
    = stopped, T1 stopped, A open
"""
FIXED = f"""{WAITING}
    fix A                      -> work F1
    = running, A fixing, F1 working
    work F1                    -> judge F1
    judge F1                   -> review F1
    review F1                  -> integrate F1
"""

ENDINGS = {
    "a finding is fixed by a task of its own": f"""{FIXED}
        integrate F1
        = awaiting merge, F1 done, A fixed, B open
        ask                    -> merge
    """,
    "the second fix": f"""{FIXED}
        integrate F1
        fix B                  -> work F2
    """,
    "a finding is fixed once": f"""{WAITING}
        fix A                  -> work F1
        fix A
        fix Z
    """,
    "a fix that failed": f"""{WAITING}
        fix A                  -> work F1
        escalate F1
        = stopped, F1 stopped, A open
        retry F1               -> work F1
        = running, A fixing
    """,
    "a fix that failed is asked for again": f"""{WAITING}
        fix A                  -> work F1
        escalate F1
        fix A                  -> work F1
        = running, F1 working, A fixing
    """,
    "a finding is dismissed whose fix failed": f"""{WAITING}
        fix A                  -> work F1
        escalate F1
        dismiss A
        = awaiting merge, F1 dropped, A dismissed
        retry F1
        fix B                  -> work F2
    """,
    "a finding is not dismissed while a worker is at it": f"""{WAITING}
        fix A                  -> work F1
        dismiss A
        = running, F1 working, A fixing
    """,
    "a finding is dismissed whose fix was cancelled": f"""{WAITING}
        fix A                  -> work F1
        cancel                 -> cancel work F1
        = stopped, F1 stopped, A open
        dismiss A
        = awaiting merge, F1 dropped, A dismissed
    """,
    "what was found in a dropped fix is gone with it, and so is its own fix": f"""{WAITING}
        fix A                  -> work F1
        work F1                -> judge F1
        judge F1               -> review F1
        review F1 [major:C]    -> work F1
        fix C
        = running, F2 waiting, C fixing
        escalate F1
        dismiss A
        = awaiting merge, F1 dropped, F2 dropped, A dismissed, C fixed
    """,
    "a finding is dismissed whose fix waits": f"""{WAITING}
        fix A                  -> work F1
        fix B
        = running, F2 waiting, B fixing
        dismiss B
        = running, F2 dropped, B dismissed
    """,
    "a dismissed finding is not fixed": f"""{WAITING}
        dismiss A
        = awaiting merge, A dismissed
        fix A
        dismiss A
        dismiss Z
    """,
    "dismissing the last blocking finding lets a task through": f"""{BLOCKED}
        dismiss C
        = stopped, A open, C dismissed
        dismiss A              -> integrate T1
        = running, T1 integrating
        integrate T1           -> tick
        = awaiting merge
    """,
    "the fix of a stopped task's finding is that task's own work": f"""{BLOCKED}
        fix A                  -> work T1
        = running, T1 working, A open
        work T1                -> judge T1
        judge T1               -> review T1
        review T1              -> integrate T1
        = running, A fixed, C fixed
    """,
    "dismissing what did not stop a task": f"""{WHOLE}
        review T1 [major:A]    -> work T1
        escalate T1
        = stopped, A open
        dismiss A
        = stopped, T1 stopped
    """,
    "discarded": f"""{WAITING}
        discard                -> clean
        = stopped
        discard
        ask
        fix A
        dismiss A
        = stopped, A dismissed
    """,
    "a running run is not discarded": f"""{WHOLE}
        discard
        = running
    """,
    "cancelled, then discarded": f"""{WHOLE}
        cancel                 -> cancel review T1
        = stopped, T1 stopped
        discard                -> clean
        retry T1
    """,
    "a new run after a discarded one": f"""{WAITING}
        discard                -> clean
        done clean
        approve h1
        = approved
        start run-2            -> cancel tick, prepare
    """,
    "a new draft has other tasks than the last run has done": f"""{WAITING}
        discard                -> clean
        done clean
        request                -> cancel tick, draft
        = planning
    """,
    "a new run cleans up after a stopped one": f"""{BLOCKED}
        approve h1
        start run-2            -> clean, prepare
        = running
    """,
    "what a new approval replaced does not go on": f"""{BLOCKED}
        edit h2
        approve h2
        = approved
        retry T1
        fix A
        dismiss A
        dismiss C
        = approved, A dismissed, T1 stopped
    """,
    "nothing follows a merge": f"""{WAITING}
        ask                    -> merge
        merge                  -> clean
        edit h2
        approve h2
        request
        reject no
        start run-2
        retry T1
        fix A
        dismiss A
        ask
        cancel
        discard
        pause
        = done, A open
    """,
}


@pytest.mark.parametrize("script", [pytest.param(it, id=name) for name, it in ENDINGS.items()])
def test_endings(script: str) -> None:
    Life().play(script)


SIDE_BY_SIDE = """
    prepared                   -> work T1, work T2
    work T1                    -> judge T1
    work T2                    -> judge T2
    judge T1                   -> review T1
    review T1                  -> integrate T1
    integrate T1               -> tick
    judge T2                   -> review T2
    review T2                  -> judge T2
    judge T2                   -> integrate T2
"""
IN_A_ROW = """
    prepared                   -> work T1
    work T1                    -> judge T1
    judge T1                   -> review T1
    review T1 [minor:A]        -> integrate T1
    integrate T1               -> tick, work T2
    work T2                    -> judge T2
    judge T2                   -> review T2
    review T2                  -> integrate T2
"""
WHOLES = {
    "the last task's gates have judged the merged tree": (
        "",
        "",
        f"{SIDE_BY_SIDE}integrate T2 -> cancel tick, tick\n= awaiting merge",
    ),
    "an earlier task's acceptance has not": (
        "",
        "true",
        f"""{SIDE_BY_SIDE}
        integrate T2           -> cancel tick, tick, judge run
        = integrating
        judge run
        = awaiting merge
        """,
    ),
    "in a row": ("T1", "", f"{IN_A_ROW}integrate T2 -> cancel tick, tick\n= awaiting merge"),
    "in a row, with acceptance": (
        "T1",
        "true",
        f"{IN_A_ROW}integrate T2 -> cancel tick, tick, judge run\njudge run\n= awaiting merge",
    ),
    "the whole does not hold together": (
        "T1",
        "true",
        f"""{IN_A_ROW}
        integrate T2           -> cancel tick, tick, judge run
        judge run [acceptance=failed]
        = stopped, T1 done, T2 done
        ask
        fix A                  -> work F1
        work F1                -> judge F1
        judge F1               -> review F1
        review F1              -> integrate F1
        integrate F1           -> judge run
        judge run
        = awaiting merge
        """,
    ),
    "an unknown verdict on the whole does not pass": (
        "T1",
        "true",
        f"""{IN_A_ROW}
        integrate T2           -> cancel tick, tick, judge run
        judge run [suite=unknown] -> cancel tick
        = integrating
        ask
        resume                 -> tick, judge run
        judge run [suite=failed]
        = stopped
        """,
    ),
    "a whole that could not be judged is judged again when the way is clear": (
        "T1",
        "true",
        f"""{IN_A_ROW}
        integrate T2           -> cancel tick, tick, judge run
        judge run [suite=unknown] -> cancel tick
        resume                 -> tick, judge run
        judge run
        = awaiting merge
        """,
    ),
    "a whole that nobody could judge": (
        "T1",
        "true",
        f"""{IN_A_ROW}
        integrate T2           -> cancel tick, tick, judge run
        fail judge run
        = stopped
        """,
    ),
    "a fix ends the judging of the whole": (
        "T1",
        "true",
        f"""{IN_A_ROW}
        integrate T2           -> cancel tick, tick, judge run
        fix A                  -> cancel judge run, work F1
        """,
    ),
}


@pytest.mark.parametrize(
    ("after", "accept", "script"), [pytest.param(*it, id=name) for name, it in WHOLES.items()]
)
def test_the_whole(after: str, accept: str, script: str) -> None:
    tasks = (task("T1", "a.py", accept=accept), task("T2", "b.py", after=after, accept=accept))
    Life(*tasks).play(STARTED + script)


def test_what_was_dismissed_while_a_run_was_revoked_counts_when_it_goes_on() -> None:
    again = "work T1 -> judge T1\njudge T1 -> review T1\nreview T1 [major:A] -> work T1\n"
    Life(task("T1", "a.py"), task("T2", "b.py")).play(f"""{STARTED}
        prepared               -> work T1, work T2
        {again}{again}
        work T1                -> judge T1
        judge T1               -> review T1
        review T1 [major:A]
        = running, T1 stopped
        edit h2                -> cancel work T2
        dismiss A
        = running, T1 stopped, A dismissed
        edit h1
        approve h1             -> work T2
        retry T1               -> judge T1
        judge T1               -> integrate T1
    """)


def test_a_fix_may_touch_the_finding_and_what_its_task_could() -> None:
    fix = Life(task("T1", "a.py", accept="true")).play(FIXED).task("F1")
    assert [it.path for it in fix.task.files] == ["a.py", "found.py"]
    assert (fix.task.after, fix.task.accept, fix.fixes) == (("T1",), ("true",), "A")


def test_only_tasks_of_the_plan_are_ticked() -> None:
    life = Life().play(f"{FIXED}\nintegrate F1")
    ticks = [it for it in life.request.outstanding if it.kind == "tick_tasks"]
    assert [it.tasks for it in ticks] == [("T1",)]


def test_a_finished_request_keeps_the_approval_that_it_was_merged_under() -> None:
    life = Life().play(f"{WAITING}\nask -> merge\nmerge -> clean\nedit h2")
    assert life.request.approval is not None
    assert not life.request.was_revoked


OVER: dict[str, tuple[str, list[str]]] = {
    "merged": (f"{WAITING}\nask -> merge\nmerge -> clean", ["run-1"]),
    "discarded, and a new run": (
        f"{WAITING}\ndiscard -> clean\ndone clean\napprove h1\nstart run-2 -> cancel tick, prepare",
        ["run-1"],
    ),
    "replaced": (f"{BLOCKED}\napprove h1\nstart run-2 -> clean, prepare", ["run-1"]),
    "cancelled, which can still be looked at": (f"{WHOLE}\ncancel -> cancel review T1", []),
    "stopped": (BLOCKED, []),
    "waiting for its merge": (WAITING, []),
}


@pytest.mark.parametrize(
    ("script", "over"), [pytest.param(*it, id=name) for name, it in OVER.items()]
)
def test_which_runs_are_over(script: str, over: list[str]) -> None:
    assert list(Life().play(script).request.over) == over
