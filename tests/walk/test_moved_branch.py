"""The user goes on committing while a run works: what breaks only together is not merged."""

import asyncio
from collections.abc import Callable

import pytest

from podium.domain.request import Phase, Request
from podium.domain.verdict import Gate, Outcome
from podium.protocol.wire import WireError
from walk.theatre import PATIENCE_S, PLAN, Theatre

DAYS = "tests/test_days.py"
REFUSED = """
import unittest

from durations import parse


class Days(unittest.TestCase):
    def test_days_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            parse("2d")
"""


def commit(stage: Theatre, path: str, text: str) -> str:
    (stage.workspace / path).write_text(text)
    stage.git("add", path)
    stage.git("commit", "-q", "-m", f"Change {path}")
    return stage.git("rev-parse", "HEAD").strip()


async def until(stage: Theatre, holds: Callable[[Request], bool]) -> None:
    """Wait, whatever problem the request has had before."""
    while not holds(stage.request):
        stage.changed.clear()
        try:
            await asyncio.wait_for(stage.changed.wait(), PATIENCE_S)
        except TimeoutError:
            raise AssertionError(stage.shown("what it says")) from None


def judging(request: Request) -> bool:
    return request.phase is Phase.JUDGING_MERGE


async def test_what_breaks_only_together_is_not_merged(stage: Theatre) -> None:
    await stage.plan()
    await stage.approve_and_start()
    await stage.until_phase(Phase.AWAITING_MERGE)
    onto = commit(stage, DAYS, REFUSED)
    before = stage.git("status", "--porcelain")

    with pytest.raises(WireError, match=rf"\(at {onto[:12]}\), so nothing was merged.*suite: "):
        await stage.client.call("run/merge", plan=PLAN)
    assert stage.git("rev-parse", "HEAD").strip() == onto
    assert stage.git("status", "--porcelain") == before
    await until(stage, lambda it: it.phase is Phase.AWAITING_MERGE and bool(it.problem))
    run = stage.request.run
    assert run is not None
    assert run.candidate is not None
    told = {it.gate: it.outcome for it in run.judgements if it.tree == run.candidate.tree}
    assert (told[Gate.DIAGNOSTICS], told[Gate.SUITE]) == (Outcome.PASSED, Outcome.FAILED)

    merge = asyncio.create_task(stage.client.call("run/merge", plan=PLAN))
    await until(stage, judging)
    await stage.client.call("run/cancel", plan=PLAN)
    with pytest.raises(WireError, match="the merge was cancelled; nothing was changed"):
        await merge

    stage.git("switch", "-q", "-c", "other")
    with pytest.raises(WireError, match=r"started on 'main' .* but 'other' .* is checked out"):
        await stage.client.call("run/merge", plan=PLAN)
    stage.git("switch", "-q", "main")

    fitting = commit(stage, DAYS, REFUSED.replace("2d", "2w"))
    merge = asyncio.create_task(stage.client.call("run/merge", plan=PLAN))
    await until(stage, judging)
    await stage.crash()  # The merge that was asked for goes on in the next engine.
    with pytest.raises(WireError):
        await merge
    await until(stage, lambda it: it.phase is Phase.DONE)
    run = stage.request.run
    assert run is not None
    assert run.merged is not None
    first, second = stage.git("rev-parse", "HEAD^1", "HEAD^2").split()
    assert (stage.git("rev-parse", "HEAD").strip(), first) == (run.merged, fitting)
    assert second == run.head
    tree = stage.git("rev-parse", "HEAD^{tree}").strip()
    passed = {it.gate for it in run.judgements if it.tree == tree and it.passed}
    assert {Gate.DIAGNOSTICS, Gate.SUITE, Gate.ACCEPTANCE} <= passed
    assert stage.git("status", "--porcelain") == before
