"""``podium trust``."""

import argparse

from podium.cli.terminal import confirm, say
from podium.cli.workspace import add_workspace, find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to take it back."""
    parser.add_argument("--revoke", action="store_true", help="take the trust back")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Let the workspace's own configuration count, after showing what it would change.

    Returns:
        0, or 1 when the human said no.
    """
    from podium.configuration import load, workspace_file  # noqa: PLC0415
    from podium.workspace.trust import distrust, is_trusted, trust  # noqa: PLC0415

    workspace = find_workspace(args)
    if args.revoke:
        distrust(workspace)
        say(f"{workspace} is not trusted")
        return 0
    if is_trusted(workspace):
        say(f"{workspace} is trusted already")
        return 0
    ignored = load(workspace, trusted=False).ignored
    for it in ignored:
        say(it)
    if not ignored:
        say(f"nothing in {workspace_file(workspace)} is ignored now")
    if not confirm(f"Trust what {workspace} says, now and later?", yes=args.yes):
        say("nothing was changed")
        return 1
    trust(workspace)
    say(f"{workspace} is trusted; take it back with: podium trust --revoke")
    return 0
