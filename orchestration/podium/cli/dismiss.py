"""``podium dismiss``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_finding
from podium.cli.terminal import one_line, say
from podium.cli.workspace import add_workspace, find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the finding and why it does not matter."""
    parser.add_argument("finding", metavar="FINDING", help="its id, or how it begins")
    parser.add_argument("--reason", required=True, help="why it does not matter; remembered")
    add_plan(parser, option=True)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Dismiss a finding."""
    workspace = find_workspace(args)
    title = command_finding(
        workspace, args.plan, args.finding, "finding/dismiss", reason=args.reason
    )
    say(f"dismissed: {one_line(title)}")
    return 0
