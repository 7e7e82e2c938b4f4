"""The board on a terminal: plans, tasks, gates, todos, cost and what each agent does."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from podium.cli.wording import REASON, gates, next_step, phase_style
from podium.domain.request import Request
from podium.domain.run import Run, TaskPhase, TaskRun
from podium.domain.standing import place, spent, stopped, task_doing, task_phase
from podium.text.amounts import money
from podium.text.plain import one_line


def board_view(requests: Iterable[Request], notices: Iterable[str] = ()) -> RenderableType:
    """Return every plan with its tasks."""
    parts = [part for it in requests for part in _request(it)]
    parts = parts or [Text("no plans yet; make one: podium plan 'what should be done'")]
    return Group(*parts, *(Text(one_line(it, 800), style="yellow") for it in notices))


def request_view(request: Request) -> RenderableType:
    """Return one plan with its tasks."""
    return Group(*_request(request))


def _request(request: Request) -> Iterator[RenderableType]:
    run = request.run
    head = Text.assemble(
        (one_line(request.title or request.id, 60), "bold"),
        "  ",
        (request.phase, phase_style(request.phase)),
        (f"  {spent(request)}", "dim"),
        (f"  {one_line(request.path)}", "dim"),
    )
    yield head
    what = next_step(request)
    if what:
        style = "red" if request.problem or request.paused else "default"
        yield Padding(Text(what, style=style), (0, 0, 0, 2))
    if run is not None:
        yield _tasks(request, run)
        yield from _stops(run)
        yield from _findings(run)
    yield Text()


def _tasks(request: Request, run: Run) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim", expand=True)
    table.add_column("", no_wrap=True)
    table.add_column("task", no_wrap=True, ratio=3)
    table.add_column("state", no_wrap=True)
    table.add_column("gates", no_wrap=True)
    table.add_column("try", justify="right")
    table.add_column("todos", justify="right")
    table.add_column("cost", justify="right")
    table.add_column("now", no_wrap=True, ratio=5)
    for it in run.tasks.values():
        table.add_row(*_task(request, it))
    return table


def _task(request: Request, it: TaskRun) -> Iterator[RenderableType]:
    yield Text(it.task.id, style="bold")
    yield Text(one_line(it.task.title, 60), overflow="ellipsis")
    yield Text(task_phase(request, it), style=phase_style(it.phase))
    yield Text.assemble(*gates(it))
    yield Text(str(it.attempt or ""))
    n_done = sum(todo.done for todo in it.todos)
    yield Text(f"{n_done}/{len(it.todos)}" if it.todos else "")
    yield Text(money(it.cost_usd) if it.cost_usd else "")
    doing = task_doing(it)
    todo = next((todo.text for todo in it.todos if not todo.done), "")
    if todo and it.phase.is_active:
        doing = f"{doing} — {one_line(todo)}" if doing else one_line(todo)
    yield Text(doing, overflow="ellipsis", style="dim")


def _stops(run: Run) -> Iterator[RenderableType]:
    """Yield why tasks stopped, whole: what to do stands at the end."""
    for it in run.tasks.values():
        if it.phase is TaskPhase.STOPPED:
            why = one_line(stopped(it), REASON)
            yield Padding(Text.assemble((f"{it.task.id} ", "bold"), (why, "red")), (0, 0, 0, 2))


def _findings(run: Run) -> Iterator[RenderableType]:
    for it in run.open_findings:
        yield Text.assemble(
            ("  ● ", "yellow"),
            (f"{it.severity} ", "yellow"),
            f"{place(it.place)}  {one_line(it.title)}  ",
            (it.id, "dim"),
        )
