"""``podium.retry``: send a stopped task back to work."""

from typing import TYPE_CHECKING

from podium.domain.run import TaskPhase
from podium_server.asking import choose
from podium_server.commands.subject import Arguments, call, needed, plan_in, text_of

if TYPE_CHECKING:
    from podium.domain.request import Request
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Retry the task, or the only one that has stopped."""
    plan = plan_in(session, arguments, lambda it: bool(_stopped(it)))
    request = session.board.request(plan)
    stopped = _stopped(request) if request else []
    task = text_of(arguments, "task") or (stopped[0] if len(stopped) == 1 else "")
    if not task and stopped:
        how = f"put the cursor on the task, or say `podium retry TASK --plan {plan}` in a shell"
        task = await choose(session, "Which task should be retried?", stopped, otherwise=how) or ""
        if not task:
            return
    needed({"task": task}, "task", f"no task of {plan!r} has stopped")
    await call(session, "task/retry", plan=plan, task=task)


def _stopped(request: "Request") -> list[str]:
    tasks = request.run.tasks.values() if request.run else ()
    return [it.task.id for it in tasks if it.phase is TaskPhase.STOPPED]
