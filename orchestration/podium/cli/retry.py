"""``podium retry``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_plan
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Request
from podium.domain.run import TaskPhase


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the task."""
    parser.add_argument("task", metavar="TASK", help="as T1")
    add_plan(parser, option=True)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Send a stopped task back to work."""

    def fits(request: Request) -> bool:
        task = request.run.tasks.get(args.task) if request.run else None
        return task is not None and task.phase is TaskPhase.STOPPED

    workspace = find_workspace(args)
    plan = command_plan(
        workspace, args.plan, "task/retry", fits, f"retry {args.task}", task=args.task
    )
    print(f"{args.task} of {plan} goes on")
    return 0
