"""``podium diff``."""

import argparse

from podium.cli.choosing import add_plan, choose_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import say_exactly
from podium.cli.workspace import add_workspace, find_workspace
from podium.protocol.client import EngineClient


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan, and a task of it."""
    add_plan(parser)
    parser.add_argument("--task", metavar="TASK", help="of this task alone, as T1")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Print what a run or a task has changed, as a patch."""

    async def asking(client: EngineClient) -> str:
        requests = await get_requests(client)
        request = choose_plan(requests, args.plan, "podium diff", lambda it: it.run is not None)
        about = {"task": args.task} if args.task else {}
        answer = await client.call("run/diff", plan=request.id, **about)
        return str(answer["diff"])

    say_exactly(ask_engine(find_workspace(args), asking))
    return 0
