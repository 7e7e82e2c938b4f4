"""The end of the demo: plan, tasks, verdicts with evidence, findings, cost, where to look."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from podium.cli.wording import OUTCOME_STYLES, first_complaint, phase_style
from podium.demo.stage import Stage
from podium.demo.walk import Walked
from podium.domain.request import Request
from podium.domain.run import Run
from podium.domain.standing import SIGNS, place
from podium.domain.verdict import Verdict
from podium.text.amounts import duration, money
from podium.text.plain import one_line

_AGAIN = "the run's head had moved: judged again on the tree that it makes now"


def report(request: Request, walked: Walked, stage: Stage, wall_s: float) -> RenderableType:
    """Return it."""
    parts: list[RenderableType] = [Rule("report", style="cyan")]
    parts.append(Text.assemble((one_line(request.title), "bold"), f"  {one_line(request.text)}"))
    if request.run is not None:
        parts += [_tasks(request.run), _verdicts(request.run), *_findings(request.run)]
    usage = request.spent.usage
    tokens = f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    cost = f"{money(request.spent.cost_usd)} in {request.spent.n_turns} model turns ({tokens})"
    parts.append(Text.assemble(("cost   ", "bold"), f"{cost}, planning included"))
    parts.append(Text.assemble(("time   ", "bold"), f"{duration(wall_s)}, models' delays included"))
    parts.append(Text.assemble(("merge  ", "bold"), one_line(walked.merge)))
    parts += _where(walked, stage)
    return Group(*parts)


def _tasks(run: Run) -> Table:
    table = Table("", "task", "state", "attempts", "written by", "turns", "cost", box=None)
    table.columns[1].no_wrap = table.columns[4].no_wrap = True
    for it in run.tasks.values():
        table.add_row(
            Text(it.task.id, style="bold"),
            Text(one_line(it.task.title, 60)),
            Text(it.phase, style=phase_style(it.phase)),
            str(it.attempt),
            Text(one_line(it.model)),
            str(it.n_turns),
            money(it.cost_usd),
        )
    return table


def _verdicts(run: Run) -> Table:
    table = Table("", "gate", "", "evidence", "took", "tree", box=None, show_header=True)
    judged = [
        (f"{it.task.id}.{judgement.attempt}", judgement.verdict)
        for it in run.tasks.values()
        for judgement in it.history
    ]
    judged += [("all", verdict) for verdict in run.judgements]
    last: tuple[str, Verdict] | None = None
    for about, verdict in judged:
        is_same = last is not None and last[0] == about
        if is_same and last is not None and last[1].tree != verdict.tree:
            table.add_row("", "", "", Text(_AGAIN, style="dim"), "", "")
        table.add_row(*_verdict("" if is_same else about, verdict))
        last = about, verdict
    return table


def _verdict(about: str, it: Verdict) -> Iterator[RenderableType]:
    style = OUTCOME_STYLES[it.outcome]
    yield Text(about, style="bold")
    yield Text(it.gate)
    yield Text(SIGNS[it.outcome], style=style)
    yield Text(first_complaint(it), style="" if it.passed else style)
    yield Text("" if it.duration_s is None else f"{it.duration_s:.1f} s", style="dim")
    yield Text(it.tree[:8], style="dim")


def _findings(run: Run) -> Iterator[RenderableType]:
    for it in run.findings:
        yield Text.assemble(
            ("finding ", "bold"),
            (f"{it.severity}, {it.state}", "green"),
            f"  {place(it.place)}  {one_line(it.title)}  ({one_line(it.reviewer)})",
        )
        yield Text(f"        evidence: {one_line(it.evidence)}", style="dim")


def _where(walked: Walked, stage: Stage) -> Iterator[RenderableType]:
    yield Text()
    for name, what in (
        ("the project", f"git -C {shlex.quote(str(stage.project))} log --graph --stat"),
        ("the plan", f"{stage.project}/.podium/plans/days.md"),
        ("the report with all output", str(walked.report)),
        ("each request to the models", str(stage.home / "provider.log")),
        ("again, with your own approval", f"{_program()} demo --open nvim"),
        ("remove it", f"rm -r {shlex.quote(str(stage.home))}"),
    ):
        yield Text.assemble((f"{name + ':':<32}", "dim"), what)


def _program() -> str:
    """Return how this command was called, so that it can be called again."""
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "podium" else "podium"
