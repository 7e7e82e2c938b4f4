"""A run's report: what was asked, done, checked, found and spent, as Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from podium.domain.events.progress import CallCharged, TurnTaken
from podium.domain.finding import Finding, FindingState
from podium.domain.request import Phase, Request
from podium.domain.run import Run, TaskPhase
from podium.domain.standing import place, spent
from podium.domain.transcript import Usage
from podium.domain.verdict import Verdict
from podium.text.amounts import duration, money
from podium.text.markdown import code, code_block, prose_line
from podium.text.plain import last_lines

MAX_OUTPUT_LINES = 40
_MAX_OUTPUT = 20_000
Paid = TurnTaken | CallCharged


def report(request: Request, run: Run, paid: Sequence[Paid]) -> str:
    """Return the report of a request's run; ``paid`` is all that the request paid."""
    lines = [
        f"# {prose_line(request.title or request.id)}",
        "",
        f"Run {code(run.id)} of plan {code(request.path)}: **{request.phase}**.",
        *_facts(request, run),
        *(_handover(request, run) if _needs_handover(request, run) else ()),
        *_section("Tasks", _tasks(run)),
        *_section("Verdicts", _verdicts(run)),
        *_section("Findings", _findings(run)),
        *_section("Cost", _costs(paid)),
        *_section("Lessons", (f"- {prose_line(it)}" for it in run.lessons)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _facts(request: Request, run: Run) -> Iterator[str]:
    yield ""
    if request.text:
        yield f"Asked: {prose_line(request.text)}"
        yield ""
    if request.approval is not None:
        by = prose_line(request.approval.by)
        yield f"- approved by {by}, text `{request.approval.hash[:12]}`"
    if run.base is not None:
        yield f"- started at commit `{run.base[:12]}`, now at `{(run.head or run.base)[:12]}`"
    if run.merged is not None:
        yield f"- merged as `{run.merged[:12]}`"
    if run.ended_at > run.started_at > 0:
        yield f"- wall time {duration(run.ended_at - run.started_at)}"
    yield f"- cost {spent(request)}"
    for it in run.switches:
        models = f"{code(it.from_model)} → {code(it.to_model)}"
        yield f"- fallback {models}: {prose_line(it.reason)}"


def _needs_handover(request: Request, run: Run) -> bool:
    stopped = any(it.phase is TaskPhase.STOPPED for it in run.tasks.values())
    return request.phase is Phase.STOPPED or bool(request.paused) or stopped


def _handover(request: Request, run: Run) -> Iterator[str]:
    """Yield what somebody needs who takes a stopped run over."""
    tasks = run.wanted
    done = [it.task.id for it in tasks if it.phase is TaskPhase.DONE]
    left = [it.task.id for it in tasks if it.phase is not TaskPhase.DONE]
    yield from ("", "## Handover", "")
    yield f"- done: {prose_line(', '.join(done)) or 'nothing'}"
    yield f"- left: {prose_line(', '.join(left)) or 'nothing'}"
    for reason in filter(None, (request.paused, request.problem)):
        yield f"- blocker: {prose_line(reason)}"
    for it in tasks:
        if it.stopped_because:
            yield f"- blocker of {prose_line(it.task.id)}: {prose_line(it.stopped_because)}"
    yield "- options: correct the cause and resume or retry the stopped task; edit the plan,"
    yield "  approve it and start it again; finish by hand from the run's branch; or discard it"


def _tasks(run: Run) -> Iterator[str]:
    yield "| task | state | attempts | model | turns | cost |"
    yield "|---|---|---|---|---|---|"
    for it in run.tasks.values():
        name = prose_line(f"{it.task.id} {it.task.title}")
        cells = (name, it.phase, it.attempt, code(it.model), it.n_turns, money(it.cost_usd))
        yield f"| {' | '.join(map(str, cells))} |"
    for it in run.tasks.values():
        if it.summary:
            yield from ("", prose_line(f"{it.task.id}: {it.summary}"))


def _verdicts(run: Run) -> Iterator[str]:
    for it in run.tasks.values():
        for judgement in it.history:
            about = f"{it.task.id}, attempt {judgement.attempt}"
            yield from _verdict(about, judgement.verdict)
    for verdict in run.judgements:
        yield from _verdict("the merged tree", verdict)


def _verdict(about: str, verdict: Verdict) -> Iterator[str]:
    yield from (f"### {prose_line(about)}: {verdict.gate} {verdict.outcome}", "")
    took = "" if verdict.duration_s is None else f", {verdict.duration_s:.1f} s"
    yield f"{prose_line(verdict.summary)} (tree `{verdict.tree[:12]}`{took})"
    yield ""
    if verdict.command:
        status = "no exit status" if verdict.exit_status is None else f"exit {verdict.exit_status}"
        yield from (f"Command, {status}:", code_block(verdict.command), "")
    for complaint in verdict.complaints:
        where = f"{code(place(complaint.place))} " if complaint.place else ""
        yield f"- {where}{prose_line(complaint.message)}"
    if verdict.complaints:
        yield ""
    if verdict.output.strip():
        yield from (code_block(last_lines(verdict.output, MAX_OUTPUT_LINES), _MAX_OUTPUT), "")


def _findings(run: Run) -> Iterator[str]:
    for it in run.findings:
        yield f"### {it.id} {it.severity}, {it.state}: {prose_line(it.title)}"
        yield from (
            "",
            f"{code(place(it.place))}, by {prose_line(it.reviewer) or 'the reviewer'}",
            "",
        )
        yield from _finding_body(it)


def _finding_body(it: Finding) -> Iterator[str]:
    if it.detail:
        yield from (prose_line(it.detail), "")
    yield from (code_block(it.evidence), "")
    if it.state is FindingState.DISMISSED:
        yield from (f"Dismissed: {prose_line(it.dismissal)}", "")


class _Payer(NamedTuple):
    """What one role spent on one model, or on calls that brought no reply."""

    role: str
    model: str


def _costs(paid: Sequence[Paid]) -> Iterator[str]:
    yield "| role | model | turns | input | cached | output | cost |"
    yield "|---|---|---|---|---|---|---|"
    for payer, group in groupby(sorted(paid, key=_payer), key=_payer):
        model = code(payer.model) or "no reply came"
        yield _cost_row(f"{prose_line(payer.role)} | {model}", tuple(group))
    yield _cost_row("**all** |", paid)


def _payer(paid: Paid) -> _Payer:
    return _Payer(paid.role, paid.model if isinstance(paid, TurnTaken) else "")


def _cost_row(name: str, paid: Sequence[Paid]) -> str:
    turns = [it for it in paid if isinstance(it, TurnTaken)]
    usage = sum((it.usage for it in turns), start=Usage())
    cost = sum((it.cost_usd for it in paid), start=Decimal(0))
    tokens = f"{usage.input_tokens:,} | {usage.cached_tokens:,} | {usage.output_tokens:,}"
    return f"| {name} | {len(turns)} | {tokens} | {money(cost)} |"


def _section(title: str, body: Iterable[str]) -> Iterator[str]:
    """Yield a section, or nothing when it would be empty."""
    text = "\n".join(body).rstrip("\n")
    if text:
        yield from ("", f"## {title}", "", text)
