"""``podium pause``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_plan
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Pause what is under way."""
    plan = command_plan(find_workspace(args), args.plan, "run/pause", _fits, "be paused")
    print(f"{plan} is paused; go on with: podium resume")
    return 0


def _fits(request: Request) -> bool:
    return request.phase.is_working and not request.paused
