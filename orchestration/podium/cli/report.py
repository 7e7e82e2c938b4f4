"""``podium report``."""

import argparse
import sys

from podium.cli.choosing import add_plan, choose_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import say_exactly
from podium.cli.workspace import add_workspace, find_workspace
from podium.protocol.client import EngineClient
from podium.protocol.wire import Params


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Print a run's report, as Markdown; where it is kept goes to standard error."""

    async def asking(client: EngineClient) -> Params:
        requests = await get_requests(client)
        request = choose_plan(requests, args.plan, "podium report", lambda it: it.run is not None)
        return await client.call("run/report", plan=request.id)

    answer = ask_engine(find_workspace(args), asking)
    say_exactly(str(answer["markdown"]))
    apart = "\n" if sys.stdout.isatty() else ""
    print(f"{apart}podium: the report is kept in {answer['path']}", file=sys.stderr)
    return 0
