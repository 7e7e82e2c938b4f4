"""Runs whose every text is hostile, reported by a real engine and rendered as Markdown."""

from collections.abc import Iterator

from domain.lives import PLAN, STARTED, Life, turn
from engine.engine_home import Home
from podium.domain.base import JobId, PlanId, TaskId
from podium.domain.events import Event
from podium.domain.events.ends import TaskReviewed, TaskSubmitted
from podium.domain.events.people import ApprovalGranted, DocumentChanged, RequestMade, RunPaused
from podium.domain.events.progress import GateJudged, ModelSwitched, TurnTaken
from podium.domain.transcript import ModelSwitch
from podium.domain.verdict import Complaint, Place, Verdict
from podium.engine.journal import Journal
from text.samples import HOSTILE, hidden_in, tokens

WORDS = {"text", "code_inline", "softbreak", "inline", "text_special"}
SWITCH = ModelSwitch(from_model="", to_model="", reason="")
TEXTS = {it: text for it, text in HOSTILE.items() if it != "half a character"}
"""A journal has no halves of characters: no reply, file or message does."""


def life() -> Life:
    """Return a run that is paused before its merge."""
    told = Life().play(STARTED)
    told.say("prepared")
    told.tell(ModelSwitched(plan=PLAN, job=told.job("work T1"), switch=SWITCH))
    for it in ("work T1", "judge T1", "review T1 [minor:A nit:B]", "integrate T1"):
        told.say(it)
    told.tell(turn(JobId("work"), TaskId("T1")), RunPaused(plan=PLAN))
    return told


def of(plan: PlanId, event: Event) -> Event:
    """Return an event, whose jobs are named after their plan, of another plan."""
    return type(event).model_validate_json(event.model_dump_json().replace(PLAN, plan))


def said(event: Event, text: str) -> Event:  # noqa: PLR0911  # A table.
    """Return an event as it would be if ``text`` were all that anybody writes."""
    match event:
        case GateJudged():
            return event.evolve(verdict=verdict(event.verdict, text))
        case TaskReviewed():
            words = {"title": text, "detail": text, "evidence": text, "reviewer": text}
            place = Place(path=text, first_line=3)
            found = tuple(it.evolve(**words, place=place) for it in event.findings)
            return event.evolve(findings=found, verdict=verdict(event.verdict, text))
        case TaskSubmitted():
            return event.evolve(summary=text, lessons=(text,))
        case TurnTaken():
            return event.evolve(model=text)
        case RequestMade():
            return event.evolve(text=text)
        case DocumentChanged():
            return event.evolve(title=text)
        case ApprovalGranted():
            tasks = tuple(it.evolve(title=text) for it in event.content.tasks)
            return event.evolve(by=text, content=event.content.evolve(tasks=tasks))
        case RunPaused():
            return event.evolve(reason=text)
        case ModelSwitched():
            switch = ModelSwitch(from_model=text, to_model=text, reason=text)
            return event.evolve(switch=switch)
        case _:
            return event


def verdict(it: Verdict, text: str) -> Verdict:
    complaint = Complaint(message=text, place=Place(path=text))
    return it.evolve(summary=text, command=text, output=text, complaints=(complaint,))


def shape(report: str) -> Iterator[tuple[str, str]]:
    """Yield what is rendered, without the words."""
    return ((it.type, it.tag) for it in tokens(report) if it.type not in WORDS)


async def test_nobodys_words_become_more_than_words_in_a_report(home: Home) -> None:
    samples = {"words": "words", **TEXTS}
    plans = {PlanId(f"p{number}"): text for number, text in enumerate(samples.values())}
    journal = Journal(home.state, version="1")
    for plan, text in plans.items():
        await journal.append([said(of(plan, it), text) for it in life().journal])
    await journal.aclose()
    engine = await home.connect()
    reports = [(await engine.call("run/report", plan=it))["markdown"] for it in plans]
    plain = list(shape(reports[0]))
    kinds = {kind for kind, _ in plain}
    assert {"heading_open", "table_open", "fence", "bullet_list_open"} <= kinds
    assert not kinds & {"image", "link_open", "html_inline", "html_block"}
    for name, report in zip(samples, reports, strict=True):
        assert list(shape(report)) == plain, name
        assert hidden_in(report) == [], name
