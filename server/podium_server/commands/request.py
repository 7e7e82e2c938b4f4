"""``podium.request``: plan the request of a document, or one given as text."""

from pathlib import Path
from typing import TYPE_CHECKING

from podium.errors import UserError
from podium_server.asking import ask
from podium_server.commands.subject import Arguments, call, text_of
from podium_server.opening import show_file
from podium_server.snapshot import PlanSnapshot

if TYPE_CHECKING:
    from podium_server.session import EditorSession

_HOW = (
    "write what you want under '## Request' in a new file .podium/plans/NAME.md, "
    "then take the code action 'Plan this request' there"
)


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Have it planned; the draft arrives in the document."""
    text = text_of(arguments, "text")
    snapshot = None if text else session.snapshot(text_of(arguments, "uri"))
    if isinstance(snapshot, PlanSnapshot):
        text = snapshot.document.plan.request.strip()
        if not text:
            message = f"the request of {snapshot.path!r} is empty; {_HOW}"
            raise UserError(message)
        await call(session, "plan/request", text=text, path=snapshot.path)
        return
    text = text or await ask(session, "What should be done?", otherwise=_HOW) or ""
    if text:
        answer = await call(session, "plan/request", text=text)
        if session.root is not None:
            await show_file(session, session.root / Path(str(answer["path"])))
