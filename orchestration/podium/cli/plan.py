"""``podium plan``: have a request planned."""

import argparse
import asyncio
import sys
from pathlib import Path

from podium.cli.connection import ask_engine, follow
from podium.cli.terminal import say
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.base import PlanId
from podium.domain.request import Phase, Request
from podium.engine.plan_files import FOLDER
from podium.errors import UserError
from podium.protocol.client import EngineClient
from podium.protocol.wire import Params
from podium.text.plain import block

_FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the request."""
    parser.add_argument(
        "text",
        metavar="TEXT",
        help=f"what should be done; - reads standard input; {FOLDER}/NAME.md takes its Request",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="show what the planner does until there is a plan or a question",
    )
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Ask for a plan and print where it will be.

    Returns:
        0, or 1 when planning was waited for and failed.
    """
    workspace = find_workspace(args)
    text = (sys.stdin.read() if args.text == "-" else args.text).strip()
    if not text:
        message = "the request is empty; say what should be done"
        raise UserError(message)

    document = Path(text).absolute()
    about = {"text": text}
    if document.suffix == ".md" and document.parent == workspace / FOLDER:
        about = {"path": f"{FOLDER}/{document.name}"}

    async def asking(client: EngineClient) -> Params:
        return await client.call("plan/request", **about)

    answer = ask_engine(workspace, asking)
    say(str(answer["path"]))
    return _wait(workspace, PlanId(str(answer["plan"]))) if args.wait else 0


def _wait(workspace: Path, plan: PlanId) -> int:
    from rich.console import Console  # noqa: PLC0415  # Only waiting shows something.
    from rich.live import Live  # noqa: PLC0415

    from podium.cli.board_view import request_view  # noqa: PLC0415
    from podium.cli.news import news  # noqa: PLC0415

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    live = Live(console=console, auto_refresh=False, transient=True)
    last = Request(id=plan)

    def show(board: dict[str, Request], _notices: tuple[str, ...]) -> bool:
        nonlocal last
        after = board.get(plan, last)
        if console.is_terminal:
            live.update(request_view(after), refresh=True)
        else:
            for it in news(last, after):
                if not it.important:  # What stands in the way is said at the end.
                    console.print(it.text, style=it.style, markup=False)
        last = after
        return after.phase is not Phase.PLANNING or bool(after.paused)

    with live:
        asyncio.run(follow(workspace, show))
    if last.paused or last.problem:
        message = last.paused or last.problem
        print(f"podium: {plan}: {block(message)}", file=sys.stderr)
        return _FAILED
    for it in last.unanswered:
        say(f"{it.id}: {it.text}")
    return 0
