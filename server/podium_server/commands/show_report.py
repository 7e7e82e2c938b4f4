"""``podium.showReport``: what a run did, with every verdict and its evidence."""

from pathlib import Path
from typing import TYPE_CHECKING

from podium_server.commands.subject import Arguments, call, plan_in
from podium_server.opening import show_file

if TYPE_CHECKING:
    from podium_server.session import EditorSession


async def run(session: "EditorSession", name: str, arguments: Arguments) -> None:  # noqa: ARG001  # One.
    """Open the report."""
    plan = plan_in(session, arguments, lambda it: it.run is not None)
    answer = await call(session, "run/report", plan=plan)
    await show_file(session, Path(str(answer["path"])))
