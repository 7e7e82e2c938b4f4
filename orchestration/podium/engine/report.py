"""A run's report: what was asked, done, checked, found and spent, as Markdown.

Titles, reasons and outputs come from models and from programs that agents wrote, so none of
them may become a heading, a table cell or HTML of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from podium.domain.event import CallCharged, TurnTaken
from podium.domain.finding import Finding, FindingState
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase
from podium.domain.transcript import Usage
from podium.domain.verdict import Verdict

MAX_OUTPUT_LINES = 40
Paid = TurnTaken | CallCharged


def report(request: Request, run: Run, paid: Sequence[Paid]) -> str:
    """Return the report of a request's run; ``paid`` is all that the request paid."""
    lines = [
        f"# {_inline(request.title or request.id)}",
        "",
        f"Run `{run.id}` of plan `{request.path}`: **{request.phase}**.",
        *_facts(request, run),
        *(_handover(request, run) if _needs_handover(request, run) else ()),
        *_section("Tasks", _tasks(run)),
        *_section("Verdicts", _verdicts(run)),
        *_section("Findings", _findings(run)),
        *_section("Cost", _costs(paid)),
        *_section("Lessons", (f"- {_inline(it)}" for it in run.lessons)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _facts(request: Request, run: Run) -> Iterator[str]:
    yield ""
    if request.text:
        yield f"Asked: {_inline(request.text)}"
        yield ""
    if request.approval is not None:
        yield f"- approved by {_inline(request.approval.by)}, text `{request.approval.hash[:12]}`"
    if run.base is not None:
        yield f"- started at commit `{run.base[:12]}`, now at `{(run.head or run.base)[:12]}`"
    if run.merged is not None:
        yield f"- merged as `{run.merged[:12]}`"
    if run.ended_at > run.started_at > 0:
        yield f"- wall time {_duration(run.ended_at - run.started_at)}"
    yield f"- cost ${request.run_spent_usd:.4f} of ${run.budget_usd:.2f}"
    for it in run.switches:
        models = f"`{_inline(it.from_model)}` → `{_inline(it.to_model)}`"
        yield f"- fallback {models}: {_inline(it.reason)}"


def _needs_handover(request: Request, run: Run) -> bool:
    stopped = any(it.phase is TaskPhase.STOPPED for it in run.tasks.values())
    return request.phase is Phase.STOPPED or bool(request.paused) or stopped


def _handover(request: Request, run: Run) -> Iterator[str]:
    """Yield what somebody needs who takes a stopped run over."""
    tasks = run.wanted
    done = [it.task.id for it in tasks if it.phase is TaskPhase.DONE]
    left = [it.task.id for it in tasks if it.phase is not TaskPhase.DONE]
    yield from ("", "## Handover", "")
    yield f"- done: {', '.join(done) or 'nothing'}"
    yield f"- left: {', '.join(left) or 'nothing'}"
    for reason in filter(None, (request.paused, request.problem)):
        yield f"- blocker: {_inline(reason)}"
    for it in tasks:
        if it.stopped_because:
            yield f"- blocker of {it.task.id}: {_inline(it.stopped_because)}"
    yield "- options: correct the cause and resume or retry the stopped task; edit the plan,"
    yield "  approve it and start it again; finish by hand from the run's branch; or discard it"


def _tasks(run: Run) -> Iterator[str]:
    yield "| task | state | attempts | model | turns | cost |"
    yield "|---|---|---|---|---|---|"
    for it in run.tasks.values():
        name = f"{it.task.id} {_cell(it.task.title)}"
        model = f"`{_cell(it.model)}`" if it.model else ""
        cells = (name, it.phase, it.attempt, model, it.n_turns, f"${it.cost_usd:.4f}")
        yield f"| {' | '.join(map(str, cells))} |"
    for it in run.tasks.values():
        if it.summary:
            yield from ("", f"{it.task.id}: {_inline(it.summary)}")


def _verdicts(run: Run) -> Iterator[str]:
    for it in run.tasks.values():
        for judgement in it.history:
            about = f"{it.task.id}, attempt {judgement.attempt}"
            yield from _verdict(about, judgement.verdict)
    for verdict in run.judgements:
        yield from _verdict("the merged tree", verdict)


def _verdict(about: str, verdict: Verdict) -> Iterator[str]:
    yield from (f"### {about}: {verdict.gate} {verdict.outcome}", "")
    took = "" if verdict.duration_s is None else f", {verdict.duration_s:.1f} s"
    yield f"{_inline(verdict.summary)} (tree `{verdict.tree[:12]}`{took})"
    yield ""
    if verdict.command:
        status = "no exit status" if verdict.exit_status is None else f"exit {verdict.exit_status}"
        yield from (f"Command, {status}:", *_fenced(verdict.command), "")
    for complaint in verdict.complaints:
        place = complaint.place
        where = f"`{_cell(place.path)}:{place.first_line}` " if place else ""
        yield f"- {where}{_inline(complaint.message)}"
    if verdict.complaints:
        yield ""
    if verdict.output.strip():
        yield from (*_fenced(verdict.output), "")


def _findings(run: Run) -> Iterator[str]:
    for it in run.findings:
        place = f"`{_cell(it.place.path)}:{it.place.first_line}`"
        yield f"### {it.id} {it.severity}, {it.state}: {_inline(it.title)}"
        yield from ("", f"{place}, by {_inline(it.reviewer) or 'the reviewer'}", "")
        yield from _finding_body(it)


def _finding_body(it: Finding) -> Iterator[str]:
    if it.detail:
        yield from (_inline(it.detail), "")
    yield from (*_fenced(it.evidence), "")
    if it.state is FindingState.DISMISSED:
        yield from (f"Dismissed: {_inline(it.dismissal)}", "")


class _Payer(NamedTuple):
    """What one role spent on one model, or on calls that brought no reply."""

    role: str
    model: str


def _costs(paid: Sequence[Paid]) -> Iterator[str]:
    yield "| role | model | turns | input | cached | output | cost |"
    yield "|---|---|---|---|---|---|---|"
    for payer, group in groupby(sorted(paid, key=_payer), key=_payer):
        model = f"`{_cell(payer.model)}`" if payer.model else "no reply came"
        yield _cost_row(f"{_cell(payer.role)} | {model}", tuple(group))
    yield _cost_row("**all** |", paid)


def _payer(paid: Paid) -> _Payer:
    return _Payer(paid.role, paid.model if isinstance(paid, TurnTaken) else "")


def _cost_row(name: str, paid: Sequence[Paid]) -> str:
    turns = [it for it in paid if isinstance(it, TurnTaken)]
    usage = sum((it.usage for it in turns), start=Usage())
    cost = sum((it.cost_usd for it in paid), start=Decimal(0))
    tokens = f"{usage.input_tokens:,} | {usage.cached_tokens:,} | {usage.output_tokens:,}"
    return f"| {name} | {len(turns)} | {tokens} | ${cost:.4f} |"


def _section(title: str, body: Iterable[str]) -> Iterator[str]:
    """Yield a section, or nothing when it would be empty."""
    text = "\n".join(body).rstrip("\n")
    if text:
        yield from ("", f"## {title}", "", text)


def _fenced(text: str) -> Iterator[str]:
    """Yield the end of ``text`` in a fence that nothing in it can close."""
    lines = text.rstrip("\n").splitlines()
    fence = "`" * max(3, *(len(it) + 1 for it in re.findall("`+", text)), 3)
    yield fence + "text"
    if len(lines) > MAX_OUTPUT_LINES:
        yield f"[… {len(lines) - MAX_OUTPUT_LINES} lines above …]"
    yield from lines[-MAX_OUTPUT_LINES:]
    yield fence


def _inline(text: str) -> str:
    """Return ``text`` on one line, without HTML."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")


def _cell(text: str) -> str:
    """Return ``text`` for a table cell or a code span."""
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"
