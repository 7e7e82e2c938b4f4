"""``podium reject``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_plan
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Phase, Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan and why."""
    add_plan(parser)
    parser.add_argument("--reason", required=True, help="what the planner should do differently")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Send a plan back to the planner."""
    plan = command_plan(
        find_workspace(args), args.plan, "plan/reject", _fits, "be rejected", reason=args.reason
    )
    print(f"{plan} is planned again")
    return 0


def _fits(request: Request) -> bool:
    return request.phase in {Phase.AWAITING_APPROVAL, Phase.APPROVED}
