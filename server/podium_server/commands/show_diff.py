"""``podium.showDiff``: what a run, or one of its tasks, has changed."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from podium.domain.request import Request
from podium_server.commands.subject import Arguments, call, plan_in, text_of
from podium_server.opening import show_file, write_shown

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Show it in the client's own diff view, or as a file."""
    plan, task = plan_in(session, arguments, _has_run), text_of(arguments, "task")
    about = {"plan": plan, "task": task} if task else {"plan": plan}
    answer = await call(session, "run/diff", **about)
    title = f"{plan} {task}".strip()
    if not answer["files"]:
        session.say(types.MessageType.Info, f"{title} has changed nothing yet")
        return
    if "diff" in session.client.extras:
        params = {"title": f"Podium: {title}", "files": answer["files"]}
        try:
            await session.ls.protocol.send_request_async("podium/showDiff", params)
        except JsonRpcException as error:
            session.say(types.MessageType.Error, f"the editor shows no diff: {error.message}")
        return
    file = f"{plan}-{task}.diff" if task else f"{plan}.diff"
    await show_file(session, write_shown(session, file, str(answer["diff"])))


def _has_run(request: Request) -> bool:
    return request.run is not None
