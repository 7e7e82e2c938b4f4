"""Code actions: what the menu offers at the cursor."""

import pytest
from boards import finding, request_of, running
from editor_marks import after_fix, menu, plan_snapshot
from sample_plan import PLAN, READY

from podium.document import Span
from podium.domain.base import FindingId, TaskId
from podium.domain.plan import Task
from podium.domain.request import Phase
from podium.domain.run import TaskPhase, TaskRun
from podium_server.analysis.actions import actions
from podium_server.analysis.lenses import lenses


def at(text: str, where: str) -> str:
    """Return ``text`` with the cursor before ``where``."""
    assert where in text
    return text.replace(where, f"$0{where}", 1)


def test_a_request_can_be_planned_from_any_line_of_its_document() -> None:
    offer = "Plan this request: podium.request uri=file:///"
    assert menu("## Request\n\nAdd $0slugs.\n") == [offer]


def test_approving_rejecting_and_reviewing_are_the_twins_of_the_lenses() -> None:
    request = request_of(READY, Phase.AWAITING_APPROVAL)
    found = menu(at(READY, "Slugs"), request)
    assert [it.split(":")[0] for it in found] == [
        "Approve [approval-pending]",
        "Reject… [approval-pending]",
        "Review [approval-pending]",
    ]


@pytest.mark.parametrize("phase", list(Phase))
def test_every_lens_has_a_twin(phase: Phase) -> None:
    request = running(
        PLAN, phase, T1={"phase": TaskPhase.STOPPED, "commit": "e" * 40}, T2={"commit": "e" * 40}
    )
    snapshot = plan_snapshot(PLAN, request)
    offered = [
        it.command
        for line in range(len(snapshot.document.lines))
        for it in actions(snapshot, Span.at(line, 0))
    ]
    for lens in lenses(snapshot):
        same = (lens.command.name, lens.command.arguments)
        assert same in [(it.name, it.arguments) for it in offered if it], lens


def test_an_open_question_is_answered_by_an_option_or_freely() -> None:
    request = request_of(PLAN, Phase.INTERVIEWING)
    assert menu(at(PLAN, "options"), request) == [
        "Answer Q1: ascii [open-question]: podium.answer plan=slug question=Q1 answer=ascii",
        "Answer Q1: unicode [open-question]: podium.answer plan=slug question=Q1 answer=unicode",
        "Answer Q1… [open-question]: podium.answer plan=slug question=Q1",
    ]


def test_an_option_is_shown_as_it_is_and_answered_as_it_stands() -> None:
    text = PLAN.replace("ascii | unicode", "asc\u202eii | unicode")
    offered = menu(at(text, "options"), request_of(text, Phase.INTERVIEWING))[0]
    assert offered.startswith("Answer Q1: asc\ufffdii [")
    assert offered.endswith("answer=asc\u202eii")


def test_without_an_engine_an_option_is_written_into_the_document() -> None:
    assert "Answer 'ascii' [open-question]" in menu(at(PLAN, "Q1"))
    assert "  - answer: ascii\n" in after_fix(at(PLAN, "Q1"), "Answer 'ascii'")


def test_a_mistake_offers_its_fix() -> None:
    text = PLAN.replace("category: quick", "category: quik")
    assert menu(at(text, "quik"))[0] == "Change to 'quick' [unknown-category]"
    assert after_fix(at(text, "quik"), "Change to 'quick'") == PLAN


def test_a_merged_plan_offers_no_fixes() -> None:
    text = PLAN.replace("category: quick", "category: quik")
    assert menu(at(text, "quik"), running(text, Phase.DONE)) == [
        "Show diff: podium.showDiff plan=slug",
        "Show report: podium.showReport plan=slug",
    ]


def test_a_stopped_task_can_be_retried_where_it_stands() -> None:
    request = running(PLAN, Phase.STOPPED, T1={"phase": TaskPhase.STOPPED})
    retry = "Retry T1 [task-stopped]: podium.retry plan=slug task=T1"
    assert retry in menu(at(PLAN, "accept: `pytest -q`"), request)
    assert retry not in menu(at(PLAN, "T2: document"), request)


def test_a_stopped_fix_can_be_retried_at_the_title() -> None:
    request = running(PLAN, Phase.STOPPED)
    assert request.run is not None
    fix = TaskRun(
        task=Task(id=TaskId("F1"), title="Fix: Accents are lost"),
        phase=TaskPhase.STOPPED,
        fixes=FindingId("0123"),
    )
    request = request.evolve(run=request.run.with_task(fix))
    retry = "Retry F1 [task-stopped]: podium.retry plan=slug task=F1"
    assert retry in menu(at(PLAN, "Slugs"), request)
    assert retry not in menu(at(PLAN, "T1: write"), request)


def test_a_finding_is_fixed_or_dismissed_on_its_line() -> None:
    request = running(PLAN, run={"findings": (finding(),)})
    code = "def slug(text):\n    $0return text.lower()\n"
    assert menu(code, request, code=True) == [
        "Fix this finding: Accents are lost [major]: podium.fixFinding plan=slug finding=F1",
        "Dismiss with a reason…: Accents are lost [major]: podium.dismissFinding plan=slug finding=F1",  # noqa: E501
        "Show report: podium.showReport plan=slug",
    ]
    assert menu("$0\n\n    return text.lower()\n", request, code=True) == [
        "Show report: podium.showReport plan=slug"
    ]


def test_a_finding_can_be_fixed_from_its_task() -> None:
    request = running(PLAN, run={"findings": (finding(),)})
    assert "Fix this finding: Accents are lost: podium.fixFinding plan=slug finding=F1" in menu(
        at(PLAN, "T1: write"), request
    )


def test_work_is_added_only_to_what_a_human_has_approved() -> None:
    tasks = {"T1": {"phase": TaskPhase.STOPPED}}
    request = running(PLAN, Phase.STOPPED, run={"findings": (finding(),)}, **tasks)
    for it, offers in ((request, True), (request.evolve(approval=None), False)):
        found = menu(at(PLAN, "T1: write"), it)
        assert any("podium.retry" in offer for offer in found) is offers
        assert any("podium.fixFinding" in offer for offer in found) is offers
        assert any("podium.dismissFinding" in offer for offer in found)
