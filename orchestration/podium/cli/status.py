"""``podium status``."""

import argparse
import asyncio
import json

from podium.cli.connection import ask_engine, follow
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how to show it."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--watch",
        action="store_true",
        help="show every change until Ctrl-C, which ends only the watching",
    )
    how.add_argument("--json", action="store_true", help="as JSON, for programs")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Show every plan, task and cost."""
    workspace = find_workspace(args)
    if args.json:
        board = ask_engine(workspace, lambda client: client.call("board/get"))
        print(json.dumps(board, indent=2))
        return 0
    from rich.console import Console  # noqa: PLC0415  # 0.1 s that --json does not pay.
    from rich.live import Live  # noqa: PLC0415

    from podium.cli.board_view import board_view  # noqa: PLC0415

    console = Console(highlight=False)
    live = Live(console=console, auto_refresh=False) if args.watch else None

    def show(board: dict[str, Request], notices: tuple[str, ...]) -> bool:
        if live is None:
            console.print(board_view(board.values(), notices))
            return True
        live.update(board_view(board.values(), notices), refresh=True)
        return False

    if live is not None:
        live.start()
    try:
        asyncio.run(follow(workspace, show))
    finally:
        if live is not None:
            live.stop()
    return 0
