"""A worker that is no agent of ours: it knows of no turn, tool or transcript."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from jobs.stage import TASK, Stage
from podium.agent.conversation import Escalated
from podium.domain.effect import WorkTask
from podium.domain.events.ends import TaskEscalated, TaskSubmitted
from podium.domain.events.progress import CallSent, TurnTaken
from podium.domain.transcript import AssistantMessage, Reply, Usage
from podium.jobs.port import OnHold, Paused
from podium.jobs.work_task import have_done
from podium.jobs.workers.port import Brief
from podium.tools.submit_result import Result


@dataclass
class Typist:
    """Pays a cent for being told what to type, and types it."""

    end: Result | Escalated
    text: str = "done\n"
    briefs: list[Brief] = field(default_factory=list[Brief])

    async def work(self, brief: Brief) -> Result | Escalated:
        self.briefs.append(brief)
        async with brief.funds.reserve(Decimal("0.10")) as reservation:
            reservation.charge(Decimal("0.01"))
            reply = Reply(
                call=reservation.call,
                message=AssistantMessage(text=self.text),
                model="typing/t",
                family="typing",
                usage=Usage(),
                cost_usd=reservation.cost_usd,
            )
            await brief.funds.turn(reply, "types")
        (brief.directory / "a.txt").write_text(self.text)
        return self.end


def spec_of(stage: Stage) -> WorkTask:
    spec = stage.life.spec("work T1")
    assert isinstance(spec, WorkTask)
    return spec.evolve(base=stage.base, task=TASK, is_retry=True)


async def test_what_it_leaves_is_committed_and_what_it_costs_is_counted(stage: Stage) -> None:
    typist = Typist(Result(summary="I typed it"))
    await have_done(spec_of(stage), typist, stage.services)
    sent, turn, end = stage.engine.events
    assert isinstance(sent, CallSent)
    assert isinstance(turn, TurnTaken)
    assert isinstance(end, TaskSubmitted)
    assert (sent.call, sent.worst_usd) == (turn.call, Decimal("0.10"))
    assert (turn.role, turn.family, turn.is_author) == ("worker", "typing", True)
    assert turn.cost_usd == Decimal("0.01")
    assert await stage.repository.changed_files(stage.base, end.commit)
    assert stage.engine.said == {}
    assert [it.evidence for it in typist.briefs] == ["A human asks you to try again."]


@pytest.mark.parametrize(
    ("typist", "reason"),
    [
        (Typist(Escalated("asks: What?")), "asks: What?"),
        (Typist(Result(summary="I typed it"), text="a\n"), "it has changed nothing"),
    ],
)
async def test_it_escalates_or_is_found_to_have_done_nothing(
    stage: Stage, typist: Typist, reason: str
) -> None:
    await have_done(spec_of(stage), typist, stage.services)
    end = stage.engine.events[-1]
    assert isinstance(end, TaskEscalated)
    assert end.reason.endswith(reason)


async def test_a_pause_has_it_leave_before_it_pays(stage: Stage) -> None:
    stage.engine.refusal = OnHold()
    with pytest.raises(Paused):
        await have_done(spec_of(stage), Typist(Result(summary="")), stage.services)
    assert stage.engine.events == []
