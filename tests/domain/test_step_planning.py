"""From a request to an approval, as lives (see `domain.lives`)."""

import pytest

from domain.lives import APPROVED, STARTED, Life

LIVES = {
    "a draft is written and waits for a human": """
        request                -> draft
        = planning
        drafted                -> write
        = planning
        written h1
        = awaiting approval
    """,
    "a second request waits until the first is planned, or replaces it when it is paused": """
        request                -> draft
        request
        pause                  -> cancel draft
        request                -> cancel draft, draft
        = planning, due draft
    """,
    "open questions make it an interview; the last answer drafts again": """
        request                -> draft
        drafted [Q1 Q2]        -> write
        written h1 [Q1 Q2]
        = interviewing
        answer Q1              -> answer
        written h2 [Q1! Q2]
        = interviewing
        edit h3 [Q1! Q2!]      -> draft
        = planning
    """,
    "an answer to a question that nobody asked": """
        request                -> draft
        drafted [Q1]           -> write
        written h1 [Q1]
        answer Q7
    """,
    "while the draft is being written, the document does not know its questions yet": """
        request                -> draft
        drafted [Q1]           -> write
        edit h0 [empty]
        = planning
        written h1 [Q1]
        = interviewing
    """,
    "a question is answered in the document while an answer cannot be written": """
        request                -> draft
        drafted [Q1]           -> write
        written h1 [Q1]
        answer Q1              -> answer
        edit h2 [Q1!]
        fail answer            -> draft
        = planning
    """,
    "approval": f"""{APPROVED}
        = approved
    """,
    "approval of another text": """
        request                -> draft
        drafted                -> write
        written h1
        approve h0
        = awaiting approval
    """,
    "approval of a text with errors": """
        request                -> draft
        drafted                -> write
        written h1 [error]
        approve h1
        = awaiting approval
    """,
    "approval of a text without tasks": """
        request                -> draft
        drafted                -> write
        written h1 [empty]
        approve h1
        = draft
    """,
    "approval while the planner drafts": """
        edit h1
        request                -> draft
        approve h1
        = planning
    """,
    "approval of the text that a draft is about to replace": """
        edit h1
        request                -> draft
        drafted                -> write
        approve h1
        = planning
        written h2
        = awaiting approval
    """,
    "a plan written by hand needs no planner": """
        edit h1
        = awaiting approval
        approve h1
        = approved
    """,
    "an edit of its intent revokes the approval": f"""{APPROVED}
        edit h2
        = awaiting approval
        start
        approve h1
        = awaiting approval
        approve h2
        start                  -> prepare
        = running
    """,
    "an edit that keeps its intent does not": f"""{APPROVED}
        edit h1
        start                  -> prepare
    """,
    "a rejected plan is drafted again": f"""{APPROVED}
        reject too long        -> draft
        = planning
        start
    """,
    "planning is cancelled": """
        request                -> draft
        cancel                 -> cancel draft
        = draft
    """,
    "planning that was interrupted goes on": """
        request                -> draft
        fail draft [environment]
        = planning
        resume                 -> draft
    """,
    "planning that failed": """
        request                -> draft
        fail draft
        = draft
        request                -> draft
    """,
    "a draft that cannot be written": """
        request                -> draft
        drafted                -> write
        fail write
        = draft
    """,
    "a draft that an editor does not take for now": """
        request                -> draft
        drafted                -> write
        fail write [environment]
        = planning
        resume                 -> write
        written h1
        = awaiting approval
    """,
    "a draft that another request replaces is not written": """
        request                -> draft
        drafted                -> write
        fail write [environment]
        request                -> cancel write, draft
        = planning, due draft
    """,
    "planning is cancelled while its draft is being written": """
        edit h1
        request                -> draft
        drafted                -> write
        cancel                 -> cancel write
        = awaiting approval
    """,
    "a run starts once": f"""{STARTED}
        start
        start run-2
        = running, due prepare
    """,
}


@pytest.mark.parametrize("script", [pytest.param(it, id=name) for name, it in LIVES.items()])
def test_planning(script: str) -> None:
    Life().play(script)


def test_a_run_carries_out_the_text_that_was_approved() -> None:
    life = Life().play(f"""{APPROVED}
        edit h2
        approve h2
        start -> prepare
    """)
    assert (life.run.hash, life.run.content.objective) == ("h2", "what h2 says")


def test_a_rejection_tells_the_planner_why() -> None:
    life = Life().play(f"{APPROVED}\nreject too long -> draft")
    spec = life.spec("draft")
    assert spec.kind == "draft_plan"
    assert (spec.reason, spec.revision) == ("too long", 2)
    assert life.request.approval is None


def test_a_revoked_approval_shows_until_the_text_is_approved_again() -> None:
    life = Life().play(APPROVED)
    assert not life.request.was_revoked
    life.play("edit h2")
    assert life.request.was_revoked
    life.play("approve h2")
    assert not life.request.was_revoked
