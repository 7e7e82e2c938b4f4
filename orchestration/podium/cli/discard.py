"""``podium discard``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_plan
from podium.cli.terminal import confirm
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Phase, Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Throw a run's result away, when a human is sure."""
    workspace = find_workspace(args)
    if not confirm("Throw the run's result away?", yes=args.yes):
        print("nothing was changed")
        return 1
    plan = command_plan(workspace, args.plan, "run/discard", _fits, "be discarded")
    print(f"the run of {plan} is discarded; its report stays: podium report {plan}")
    return 0


def _fits(request: Request) -> bool:
    is_over = request.phase in {Phase.AWAITING_MERGE, Phase.STOPPED}
    return is_over and request.run is not None and not request.run.is_discarded
