"""The code lenses and inlay hints of plans."""

from decimal import Decimal
from pathlib import Path

import pytest
from boards import finding, request_of, running
from editor_marks import check_hints, check_lenses, plan_snapshot
from sample_plan import PLAN, READY

from podium.domain.base import TaskId
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase
from podium_server.analysis.hints import hints
from podium_server.analysis.lenses import lenses
from podium_server.client import Client
from podium_server.to_lsp import LspConverter

PLANNED = running(READY)


def titles(request: Request | None, text: str = PLAN) -> list[str]:
    """Return the lenses at the title."""
    snapshot = plan_snapshot(text, request)
    return [it.title for it in lenses(snapshot) if it.span == snapshot.title]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (request_of(PLAN, Phase.PLANNING), ["Pause", "Cancel"]),
        (request_of(PLAN, Phase.PLANNING, paused="the budget"), ["Resume", "Cancel"]),
        (request_of(PLAN, Phase.INTERVIEWING), []),
        (request_of(PLAN, Phase.AWAITING_APPROVAL), ["Approve", "Reject…", "Review"]),
        (
            request_of(READY, Phase.APPROVED, approval=PLANNED.approval),
            ["Start", "Reject…"],
        ),
        (PLANNED, ["Pause", "Cancel", "Show diff", "Show report"]),
        (PLANNED.evolve(paused="paused"), ["Resume", "Cancel", "Show diff", "Show report"]),
        (
            PLANNED.easing("no credit"),
            ["Pause at once", "Resume", "Cancel", "Show diff", "Show report"],
        ),
        (PLANNED.evolve(phase=Phase.INTEGRATING), ["Pause", "Cancel", "Show diff", "Show report"]),
        (
            PLANNED.evolve(phase=Phase.AWAITING_MERGE),
            ["Merge", "Show diff", "Show report", "Discard…"],
        ),
        (PLANNED.evolve(phase=Phase.MERGING), ["Show diff", "Show report"]),
        (
            PLANNED.evolve(phase=Phase.MERGING, approval=None, paused="edited"),
            ["Approve again", "Cancel", "Show diff", "Show report"],
        ),
        (
            PLANNED.evolve(phase=Phase.STOPPED),
            ["Show diff", "Show report", "Discard…", "Approve again"],
        ),
        (
            PLANNED.evolve(phase=Phase.AWAITING_MERGE, approval=None, paused="edited"),
            ["Approve again", "Show diff", "Show report", "Discard…"],
        ),
        (PLANNED.evolve(phase=Phase.DONE), ["Show diff", "Show report"]),
    ],
    ids=lambda it: f"{it.phase} {it.paused}" if isinstance(it, Request) else "",
)
def test_each_phase_offers_what_can_be_done_in_it(request_: Request, expected: list[str]) -> None:
    assert titles(request_, READY) == expected


def test_a_document_with_only_a_request_can_be_planned() -> None:
    text = "## Request\n\nAdd slugs.\n"
    assert titles(None, text) == ["Plan this request"]
    assert titles(request_of(text, Phase.DRAFT), text) == ["Plan this request"]


@pytest.mark.parametrize("text", ["", "\n", "## Request\n", "# Title\n", "no heading"])
def test_an_empty_request_cannot_be_planned(text: str) -> None:
    assert titles(None, text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(READY.replace("src/app.py", "src/nope.py"), id="an error"),
        pytest.param(PLAN, id="an open question"),
        pytest.param(READY[: READY.index("## Tasks")], id="no task"),
    ],
)
def test_a_plan_with_obstacles_cannot_be_approved(text: str) -> None:
    assert titles(request_of(text, Phase.AWAITING_APPROVAL), text) == ["Reject…", "Review"]


def test_approval_is_of_exactly_the_text_on_screen() -> None:
    request = request_of(READY, Phase.AWAITING_APPROVAL)
    edited = READY.replace("Add slugs.", "Add slugs and delete everything.")
    hashes = [
        lenses(plan_snapshot(text, request))[0].command.arguments["hash"]
        for text in (READY, edited, READY.replace("- [ ] T1", "- [x] T1"))
    ]
    assert hashes[0] != hashes[1]
    assert hashes[0] == hashes[2], "ticking a box is no change of intent"


def test_tasks_offer_what_can_be_done_and_leave_their_state_to_the_hints() -> None:
    request = running(
        PLAN,
        Phase.STOPPED,
        T1={"phase": TaskPhase.DONE, "cost_usd": Decimal("0.031"), "commit": "e" * 40},
        T2={"phase": TaskPhase.STOPPED},
    )
    check_lenses(
        """
        # Slugs
          ^^^^^ Show diff
          ^^^^^ Show report
          ^^^^^ Discard…
          ^^^^^ Approve again

        ## Tasks

        - [ ] T1: write it
              ^^ Show diff of T1
        - [ ] T2: document it
              ^^ Retry T2
        - [ ] T3: added since
        """,
        lambda text: plan_snapshot(text, request),
    )


def test_any_task_of_a_run_that_could_not_be_prepared_can_be_retried() -> None:
    assert PLANNED.run is not None
    request = PLANNED.evolve(phase=Phase.STOPPED, run=PLANNED.run.evolve(head=None))
    assert "Retry T1" in [it.title for it in lenses(plan_snapshot(READY, request))]


def test_lenses_keep_their_order_where_neovim_sorts_them_by_where_they_begin() -> None:
    snapshot = plan_snapshot(READY, PLANNED.evolve(phase=Phase.AWAITING_MERGE))
    wire = LspConverter(Client(), Path("/project"), snapshot.uri, 1, snapshot.document.lines)
    made = wire.lenses(lenses(snapshot))
    begin = {it.range.start.character: it.command.title for it in made if it.command}
    assert len(begin) == len(made), "no two at one place"
    assert [begin[it] for it in sorted(begin)] == ["Merge", "Show diff", "Show report", "Discard…"]
    assert {it.range.start.line for it in made} == {snapshot.title.first_line}


def test_hints_stand_at_the_end_of_a_tasks_line() -> None:
    request = running(
        PLAN,
        T1={
            "phase": TaskPhase.WORKING,
            "attempt": 2,
            "cost_usd": Decimal("0.0042"),
            "model": "acme/large",
        },
    )
    check_hints(
        """
        ## Tasks

        - [ ] T1: write it
                          | working · attempt 2 · $0.0042 · acme/large
        - [ ] T2: document it
                             | waiting
        """,
        request,
    )
    done = {"phase": TaskPhase.DONE, "cost_usd": Decimal("0.03"), "model": "acme/large"}
    check_hints(
        """
        ## Tasks

        - [ ] T1: write it
                          | done · $0.03 · 1 finding · acme/large
        """,
        running(PLAN, run={"findings": (finding(), finding(task=TaskId("T2")))}, T1=done),
    )
    check_hints(
        """
        ## Tasks

        - [ ] T1: write it
                          | paused · attempt 2 · $0.0042 · acme/large
        """,
        request.evolve(paused="lunch"),
    )


@pytest.mark.parametrize("phase", [Phase.PLANNING, Phase.AWAITING_APPROVAL, Phase.APPROVED])
def test_a_plan_made_anew_shows_nothing_of_its_earlier_run(phase: Phase) -> None:
    request = running(PLAN, phase, T1={"phase": TaskPhase.STOPPED, "cost_usd": Decimal(1)})
    snapshot = plan_snapshot(PLAN, request)
    assert {it.span for it in lenses(snapshot)} == {snapshot.title}
    assert hints(snapshot, 0, 1000) == ()


def test_a_run_whose_plan_was_edited_goes_on_when_the_approved_text_is_back() -> None:
    revoked = PLANNED.evolve(approval=None, was_revoked=True, paused="edited after approval")
    edited = READY.replace("Add slugs.", "Add slugs and delete everything.")
    assert titles(revoked, edited) == ["Cancel", "Show diff", "Show report"]
    assert titles(revoked, READY) == ["Approve again", "Cancel", "Show diff", "Show report"]


def test_a_discarded_run_is_gone() -> None:
    assert PLANNED.run is not None
    tasks = {name: it.evolve(phase=TaskPhase.STOPPED) for name, it in PLANNED.run.tasks.items()}
    run = PLANNED.run.evolve(is_discarded=True, tasks=tasks)
    request = PLANNED.evolve(phase=Phase.STOPPED, run=run)
    assert [it.title for it in lenses(plan_snapshot(READY, request))] == [
        "Show report",
        "Approve again",
    ]
