"""``podium merge``."""

import argparse

from podium.cli.choosing import add_plan, choose_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import say
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Phase
from podium.protocol.client import EngineClient


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Merge a run into the branch that is checked out."""

    async def asking(client: EngineClient) -> str:
        request = choose_plan(
            await get_requests(client),
            args.plan,
            lambda it: it.phase is Phase.AWAITING_MERGE,
            "be merged",
        )
        answer = await client.call("run/merge", plan=request.id)
        return f"{request.id} is merged as {answer['commit'][:12]}"

    say(ask_engine(find_workspace(args), asking))
    return 0
