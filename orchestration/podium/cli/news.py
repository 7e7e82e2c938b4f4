"""What has changed between two states of a request, as lines for a terminal."""

from collections.abc import Iterator
from typing import NamedTuple

from podium.cli.wording import OUTCOME_STYLES
from podium.domain.finding import FindingState
from podium.domain.request import Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.standing import SIGNS, attempt, place, standing, stopped, verdict_line
from podium.domain.verdict import Verdict
from podium.text.amounts import joined
from podium.text.plain import block, one_line

MAX_LINES = 6


class NewsLine(NamedTuple):
    """One line and how it is shown; what is ``important`` is told even beside a live view."""

    text: str
    style: str = ""
    important: bool = False


def news(before: Request, after: Request) -> Iterator[NewsLine]:
    """Yield what happened, in the order in which a person would tell it."""
    if after.phase is not before.phase:
        yield NewsLine(f"{after.id}: {standing(after) or after.phase}", "bold")
    if after.problem and after.problem != before.problem:
        yield NewsLine(f"{after.id}: {one_line(after.problem, 400)}", "red", important=True)
    if after.paused and after.paused != before.paused:
        yield NewsLine(f"{after.id}: paused: {one_line(after.paused, 400)}", "red", important=True)
    if after.doing and after.doing != before.doing and after.run is None:
        yield NewsLine(one_line(after.doing), "dim")
    if after.run is not None:
        is_same = before.run is not None and before.run.id == after.run.id
        yield from _of_run(before.run if is_same else None, after.run)


def _of_run(before: Run | None, after: Run) -> Iterator[NewsLine]:
    for name, task in after.tasks.items():
        yield from _of_task(before.tasks.get(name) if before else None, task)
    for verdict in after.judgements[len(before.judgements) if before else 0 :]:
        yield from _of_verdict("merged tree", verdict)
    known = {it.id: it.state for it in before.findings} if before else {}
    for it in after.findings:
        if it.id not in known:
            said = f"{it.task} {it.severity} finding at {place(it.place)}: {one_line(it.title)}"
            yield NewsLine(said, "yellow", important=True)
        elif known[it.id] is not it.state and it.state is not FindingState.OPEN:
            yield NewsLine(f"{it.task} finding {it.state}: {one_line(it.title)}", "green")


def _of_task(before: TaskRun | None, after: TaskRun) -> Iterator[NewsLine]:
    name = after.task.id
    n_known = len(before.history) if before else 0
    for judgement in after.history[n_known:]:
        yield from _of_verdict(f"{name} attempt {judgement.attempt}", judgement.verdict)
    is_new = before is None or before.phase is not after.phase
    if is_new and after.phase is not TaskPhase.WAITING:
        is_stopped = after.phase is TaskPhase.STOPPED
        is_back = after.phase is TaskPhase.WORKING and after.attempt > 1
        said = "goes back to its worker with the evidence" if is_back else after.phase
        said = one_line(stopped(after), 400) if is_stopped else said
        style = "red" if is_stopped else "yellow" if is_back else ""
        line = joined(f"{name} {said}", attempt(after))
        yield NewsLine(line, style, important=is_back or is_stopped)
    if after.doing and (before is None or before.doing != after.doing):
        model = f" ({one_line(after.model)})" if after.model else ""
        yield NewsLine(f"{name}{model}: {one_line(after.doing)}", "dim")


def _of_verdict(about: str, verdict: Verdict) -> Iterator[NewsLine]:
    style = OUTCOME_STYLES[verdict.outcome]
    line = f"{SIGNS[verdict.outcome]} {about}: {verdict_line(verdict)}"
    yield NewsLine(line, style, important=not verdict.passed)
    if verdict.passed:
        return
    for it in verdict.complaints[:MAX_LINES]:
        where = f"{place(it.place)} " if it.place else ""
        yield NewsLine(f"    {where}{one_line(it.message)}", style, important=True)
    for line in () if verdict.complaints else telling(verdict.output):
        yield NewsLine(f"    {line}", "dim", important=True)


def telling(output: str) -> list[str]:
    """Return the lines of an output that say what went wrong, as far as can be guessed."""
    lines = [it.rstrip() for it in block(output).splitlines() if it.strip(" -=")]
    words = ("error", "fail", "assert", "!=")
    found = [it for it in lines if any(word in it.lower() for word in words)]
    return [one_line(it) for it in (found or lines)[-MAX_LINES:]]
