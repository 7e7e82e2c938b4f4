"""A page about a plan before it is approved: in what order, which files, which commands."""

from collections.abc import Iterator

from podium.document.problem import ProblemSeverity
from podium.domain.plan import Task
from podium.domain.waves import waves
from podium.text.amounts import count
from podium.text.markdown import prose, prose_line
from podium_server.snapshot import PlanSnapshot


def review(snapshot: PlanSnapshot) -> str:
    """Return the page as Markdown."""
    return "\n\n".join(_parts(snapshot)) + "\n"


def _parts(snapshot: PlanSnapshot) -> Iterator[str]:
    plan = snapshot.document.plan
    yield f"# Review of {prose_line(plan.title) or prose(plan.id)}"
    if plan.objective:
        yield prose(plan.objective)
    yield f"Approving starts {count(len(plan.tasks), 'task')}; each works in a tree of its own."
    tasks = {task.id: task for task in plan.tasks}
    for number, wave in enumerate(waves(plan.tasks), start=1):
        yield f"## Wave {number}"
        for task_id in wave:
            yield _task(tasks[task_id])
    commands = sorted({command for task in plan.tasks for command in task.accept})
    if commands:
        yield "## Commands that will be run, in the sandbox"
        yield "\n".join(f"- {prose_line(it)}" for it in commands)
    yield from _coverage(snapshot)
    grave = [it for it in snapshot.problems if it.severity is not ProblemSeverity.INFORMATION]
    if grave:
        yield f"## {count(len(grave), 'problem')}"
        yield "\n".join(
            f"- line {it.span.first_line + 1}, {it.severity}: {prose(it.message)}" for it in grave
        )


def _task(task: Task) -> str:
    lines = [f"**{prose(task.id)}** {prose_line(task.title)} ({prose(task.category)})"]
    lines += [f"- {prose(it.path)}{' (new)' if it.is_new else ''}" for it in task.files]
    return "\n".join(lines)


def _coverage(snapshot: PlanSnapshot) -> Iterator[str]:
    plan = snapshot.document.plan
    if plan.requirements:
        yield "## Requirements"
        rows = ["| requirement | tasks |", "| --- | --- |"]
        for it in plan.requirements:
            by = ", ".join(task.id for task in plan.tasks if it.id in task.covers) or "**none**"
            rows.append(f"| {prose(it.id)} {prose_line(it.text, 80)} | {by} |")
        yield "\n".join(rows)
