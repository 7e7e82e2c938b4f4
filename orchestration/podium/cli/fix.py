"""``podium fix``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_finding
from podium.cli.terminal import one_line, say
from podium.cli.workspace import add_workspace, find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the finding."""
    parser.add_argument("finding", metavar="FINDING", help="its id, or how it begins")
    add_plan(parser, option=True)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Have a finding fixed by a new task."""
    title = command_finding(find_workspace(args), args.plan, args.finding, "finding/fix")
    say(f"a new task fixes: {one_line(title)}")
    return 0
