"""``podium discard``."""

import argparse

from podium.cli.choosing import add_plan, choose_plan
from podium.cli.commanding import command_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import confirm, say
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Throw a run's result away, when a human is sure.

    Returns:
        0, or 1 when the human said no.
    """
    workspace = find_workspace(args)
    requests = ask_engine(workspace, get_requests)
    plan = choose_plan(requests, args.plan, _fits, "be discarded").id
    if not confirm(f"Throw away what the run of {plan} has changed?", yes=args.yes):
        say("nothing was changed")
        return 1
    command_plan(workspace, plan, "run/discard", _fits, "be discarded")
    say(f"the run of {plan} is discarded; its report stays: podium report {plan}")
    return 0


def _fits(request: Request) -> bool:
    run = request.run
    return request.phase.has_result and run is not None and not run.is_discarded
