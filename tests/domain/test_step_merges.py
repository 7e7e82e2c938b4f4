"""How a run is merged, or is not: asked for, judged, refused, given up, as lives."""

import pytest

from domain.lives import PLAN, WAITING, WHOLE, Life
from podium.domain.effect import JudgeRun, MergeRun
from podium.domain.events.people import MergeAsked

MERGES = {
    "merged": f"""{WAITING}
        ask                    -> merge
        = merging
        merge                  -> clean
        = done
        done clean
        done tick
        = done
    """,
    "asked twice": f"""{WAITING}
        ask                    -> merge
        ask
    """,
    "asked before it is finished": f"""{WHOLE}
        ask
        = running
    """,
    "refused": f"""{WAITING}
        ask                    -> merge
        merge [refused]
        = awaiting merge
        ask                    -> merge
    """,
    "the branch has moved, and the merge is judged first": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        = judging merge
        ask
        judge run              -> merge
        = merging
        merge [onto=u1]        -> clean
        = done
    """,
    "the branch moves again while the merge is judged": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        judge run              -> merge
        merge [onto=u2]        -> judge run
        = judging merge
        judge run              -> merge
        merge [onto=u2]        -> clean
    """,
    "what has been judged is not judged again": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        judge run              -> merge
        merge [refused]
        ask                    -> merge
        merge [onto=u1]        -> merge
        merge [onto=u1]        -> clean
    """,
    "the merge does not hold together": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        judge run [suite=failed]
        = awaiting merge
        ask                    -> merge
        merge [onto=u1]        -> judge run
        judge run [diagnostics=unknown]
        = awaiting merge
        ask                    -> merge
        merge [onto=u2]        -> judge run
        judge run              -> merge
    """,
    "a merge that nobody could judge": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        fail judge run
        = awaiting merge
    """,
    "a merge that cannot be judged now": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        fail judge run [environment] -> ease tick
        = judging merge
        resume                 -> tick, judge run
        cancel                 -> cancel judge run
        = awaiting merge
    """,
    "cancelled while its merge is judged": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        cancel                 -> cancel judge run
        = awaiting merge
        ask                    -> merge
        merge [onto=u1]        -> judge run
        pause                  -> cancel tick + judge run
        cancel                 -> cancel judge run, tick
        = awaiting merge
        ask                    -> merge
    """,
    "discarded while its merge is judged": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        discard                -> cancel judge run, clean
        = stopped
    """,
    "an edit while the merge is judged": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        edit h2                -> cancel tick + judge run
        cancel                 -> cancel judge run
        = awaiting merge
        ask
        edit h1
        approve h1             -> tick
        ask                    -> merge
    """,
    "a finding is fixed after all while the merge is judged": f"""{WAITING}
        ask                    -> merge
        merge [onto=u1]        -> judge run
        fix A                  -> cancel judge run, work F1
        = running, A fixing
        work F1                -> judge F1
        judge F1               -> review F1
        review F1              -> integrate F1
        integrate F1
        = awaiting merge
        ask                    -> merge
        merge [onto=u1]        -> judge run
    """,
    "a merge that failed": f"""{WAITING}
        ask                    -> merge
        fail merge
        = awaiting merge
    """,
    "a merge that could not be tried": f"""{WAITING}
        ask                    -> merge
        fail merge [environment]
        = awaiting merge
        ask                    -> merge
    """,
}


@pytest.mark.parametrize("script", [pytest.param(it, id=name) for name, it in MERGES.items()])
def test_merges(script: str) -> None:
    Life().play(script)


def test_what_was_asked_for_is_merged_after_its_judgement_and_nothing_else() -> None:
    life = Life().play(f"{WAITING}\n")
    life.tell(MergeAsked(plan=PLAN))
    life.play("merge [onto=u1] -> judge run")
    judging, candidate = life.spec("judge run"), life.run.candidate
    assert isinstance(judging, JudgeRun)
    assert candidate is not None
    assert (judging.base, judging.head) == ("u1", candidate.commit)
    life.play("judge run -> merge")
    spec = life.spec("merge")
    assert isinstance(spec, MergeRun)
    assert (spec.candidate, spec.tree) == (candidate.commit, candidate.tree)
    assert (spec.branch, spec.base) == ("refs/heads/main", "base")


def test_a_merge_that_does_not_hold_together_says_which_gate_and_which_commits() -> None:
    life = Life().play(f"""{WAITING}
        ask -> merge
        merge [onto=u1] -> judge run
        judge run [suite=failed]
    """)
    head = life.run.head or ""
    assert life.request.problem == (
        f"run 'run-1' (at {head[:12]}) does not pass together with your newer commits (at u1), so "
        "nothing was merged: commit what makes both fit and merge again, or discard the run. "
        "suite: suite failed"
    )
