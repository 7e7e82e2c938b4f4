"""What is said of a state is said alike by the editor, its messages and the terminal."""

from io import StringIO

import pytest
from boards import judged, request_of, running
from editor_marks import plan_snapshot
from lsprotocol import types
from rich.console import Console
from sample_plan import PLAN, READY

from podium.cli.board_view import board_view
from podium.cli.news import news
from podium.domain.base import Commit, TaskId
from podium.domain.request import Phase, Request
from podium.domain.run import TaskPhase
from podium.domain.standing import standing, stopped, task_phase, verdict_line
from podium.domain.verdict import Gate, Outcome
from podium_server.analysis.hints import hints
from podium_server.analysis.hover import hover
from podium_server.analysis.plan_diagnostics import plan_diagnostics
from podium_server.news import News

DONE = {"T1": {"phase": TaskPhase.DONE}, "T2": {"phase": TaskPhase.DONE}}
MERGED = {"merged": Commit("f" * 40)}
STANDING = (
    (request_of(PLAN, Phase.DRAFT), ""),
    (request_of(PLAN, Phase.PLANNING, doing="read\na.py"), "planning · read a.py"),
    (request_of(PLAN, Phase.INTERVIEWING), "answers wanted: Q1"),
    (request_of(READY, Phase.INTERVIEWING), "reading the answers"),
    (
        request_of(READY, Phase.AWAITING_APPROVAL),
        "approval pending: 2 tasks; read, then approve or reject",
    ),
    (
        request_of(PLAN, Phase.AWAITING_APPROVAL),
        "approval pending: open question Q1 in the way",
    ),
    (request_of(READY, Phase.APPROVED), "approved: start the run"),
    (running(READY), "running · 0 of 2 tasks done"),
    (running(READY, Phase.INTEGRATING, **DONE), "integrating · 2 of 2 tasks done"),
    (running(READY, Phase.AWAITING_MERGE), "done: merge or discard it · 0 open findings"),
    (running(READY, Phase.MERGING), "merging"),
    (
        running(READY, Phase.JUDGING_MERGE),
        "judging the merge: your branch has moved since the run started",
    ),
    (running(READY, Phase.STOPPED), "stopped · 0 of 2 tasks done"),
    (running(READY, Phase.STOPPED, run={"is_discarded": True}), "stopped"),
    (running(READY, Phase.DONE, run=MERGED), "merged as ffffffffffff"),
)


class Ears:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def say(self, kind: types.MessageType, message: str) -> None:  # noqa: ARG002  # The protocol's.
        self.heard.append(message)


def on_terminal(request: Request) -> str:
    console = Console(file=StringIO(), width=400)
    console.print(board_view([request]))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def in_messages(before: Request, after: Request) -> str:
    ears = Ears()
    told = News(ears)
    told.tell(before)
    told.tell(after)
    return "\n".join(ears.heard)


def test_every_phase_has_its_words() -> None:
    assert {it.phase for it, _ in STANDING} == set(Phase)


@pytest.mark.parametrize(
    ("request_", "words"), STANDING, ids=[f"{it.phase}: {words}" for it, words in STANDING]
)
def test_where_a_request_stands(request_: Request, words: str) -> None:
    assert standing(request_) == words
    assert words in on_terminal(request_)
    text = PLAN if request_.unanswered else READY
    if request_.phase is not Phase.DONE:
        said = [it.message for it in plan_diagnostics(plan_snapshot(text, request_))]
        assert any(it.startswith(words) for it in said) or not words
    before = request_.evolve(phase=Phase.DRAFT)
    told = [it.text for it in news(before, request_)]
    assert told[:1] == ([f"slug: {words}"] if words else [])
    message = in_messages(before, request_)
    assert message.startswith(f"Slugs: {words}") or not message


def test_where_a_task_stands() -> None:
    request = running(READY, T1={"phase": TaskPhase.WORKING}).evolve(paused="no credit")
    assert request.run is not None
    task = request.run.tasks[TaskId("T1")]
    assert task_phase(request, task) == "paused"
    assert hints(plan_snapshot(READY, request), 0, 99)[0].label == "paused"
    row = next(it.split() for it in on_terminal(request).splitlines() if it.startswith(" T1"))
    assert row[1:4] == ["write", "it", "paused"]


def test_why_a_task_has_stopped() -> None:
    halted = {"phase": TaskPhase.STOPPED, "stopped_because": "no sandbox; install one"}
    request = running(READY, T1=halted)
    assert request.run is not None
    words = stopped(request.run.tasks[TaskId("T1")])
    assert words == "stopped: no sandbox; install one"
    snapshot = plan_snapshot(READY, request)
    assert words in [it.message for it in plan_diagnostics(snapshot)]
    assert words in on_terminal(request)
    assert [it.text for it in news(running(READY), request)] == [f"T1 {words}"]
    line = snapshot.document.spans.tasks[0].id_span.first_line
    told = hover(snapshot, line, 0, lambda _: None)
    assert told is not None
    assert words in told.markdown


def test_what_a_gate_says() -> None:
    judgement = judged(Gate.SUITE, Outcome.FAILED, command="make test", exit_status=2)
    words = verdict_line(judgement.verdict)
    assert words == "suite failed: 1 of 12 tests failed (make test → 2)"
    request = running(READY, T1={"history": (judgement,)})
    assert words in [it.message for it in plan_diagnostics(plan_snapshot(READY, request))]
    assert f"✗ T1 attempt 1: {words}" in [it.text for it in news(running(READY), request)]
