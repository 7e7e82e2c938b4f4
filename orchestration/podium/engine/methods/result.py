"""What a run has produced: its diff and its report."""

import asyncio
import os
from pathlib import Path

from podium.domain.base import Commit, TaskId
from podium.domain.events.progress import CallCharged, TurnTaken
from podium.domain.run import Run, TaskRun
from podium.engine.context import Engine, Refused
from podium.engine.methods.commanding import PlanParams
from podium.engine.report import report as render
from podium.engine.tidying import KEPT_DAYS
from podium.protocol.wire import Params, Peer
from podium.workspace.git import Repository

MAX_FILES = 300
MAX_SHOWN_BYTES = 6_000_000
"""Of all files together; a client's frame holds at most `podium.protocol.wire.MAX_FRAME_BYTES`."""


class Diff(PlanParams):
    """Parameters of ``run/diff``: of one task, or of the whole run."""

    task: TaskId | None = None


async def diff(engine: Engine, _peer: Peer, params: Diff) -> Params:
    """Return what changed, as a patch and as whole files.

    A file's ``before`` and ``after`` are None when it is not there, and ``is_shown`` is False
    when it is not text or there is no room for it.
    """
    run = engine.run(params.plan)
    base, head = _commits(run, params.task)
    repository = await engine.repository()
    if await repository.resolve(head) is None:
        merge = f"; it is commit {run.merged[:12]} of your repository" if run.merged else ""
        message = (
            f"run {run.id!r} was over more than {KEPT_DAYS} days ago, "
            f"and its commits are no longer kept{merge}"
        )
        raise Refused(message)
    return {
        "base": base,
        "head": head,
        "diff": await repository.diff(base, head),
        "files": await _files(repository, base, head),
    }


async def report(engine: Engine, _peer: Peer, params: PlanParams) -> Params:
    """Return the run's report, written to the state directory too."""
    run = engine.run(params.plan)
    journal = engine.coordinator.journal
    paid = [
        it
        for kind in ("turn_taken", "call_charged")
        for it in await journal.load_events(plan=params.plan, kind=kind)
        if isinstance(it, TurnTaken) or (isinstance(it, CallCharged) and it.cost_usd)
    ]
    markdown = render(engine.request(params.plan), run, paid)
    path = engine.state / "reports" / f"{run.id}.md"
    await asyncio.to_thread(_write, path, markdown)
    return {"markdown": markdown, "path": str(path)}


def _commits(run: Run, task: TaskId | None) -> tuple[Commit, Commit]:
    if task is not None:
        if task not in run.tasks:
            message = f"run {run.id!r} has no task {task!r}; tasks: {', '.join(run.tasks)}"
            raise Refused(message)
        return _of_task(run, run.tasks[task])
    if run.base is None or run.head is None or run.head == run.base:
        message = f"run {run.id!r} has changed nothing yet"
        raise Refused(message)
    return run.base, run.head


def _of_task(run: Run, task: TaskRun) -> tuple[Commit, Commit]:
    if task.candidate is not None:
        return task.candidate.onto, task.candidate.commit
    if task.commit is None or run.base is None:
        message = f"task {task.task.id!r} has nothing to show yet; it is {task.phase}"
        raise Refused(message)
    return run.base, task.commit


async def _files(repository: Repository, base: Commit, head: Commit) -> list[Params]:
    files: list[Params] = []
    room = MAX_SHOWN_BYTES
    for it in (await repository.changed_files(base, head))[:MAX_FILES]:
        before = await repository.show(base, it.path)
        after = await repository.show(head, it.path)
        size = len(before or b"") + len(after or b"")
        is_shown = size <= room and _is_text(before) and _is_text(after)
        if is_shown:
            room -= size
        files.append(
            {
                "path": it.path,
                "status": it.status,
                "before": before.decode() if is_shown and before is not None else None,
                "after": after.decode() if is_shown and after is not None else None,
                "is_shown": is_shown,
            }
        )
    return files


def _is_text(content: bytes | None) -> bool:
    try:
        return content is None or "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
