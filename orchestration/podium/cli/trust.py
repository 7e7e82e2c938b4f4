"""``podium trust``."""

import argparse
from collections.abc import Iterator

from podium.cli.terminal import confirm, say
from podium.cli.workspace import add_workspace, find_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to take it back."""
    parser.add_argument("--revoke", action="store_true", help="take the trust back")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Let what the workspace's own configuration says count, after showing it.

    Returns:
        0, or 1 when the human said no.
    """
    from podium.configuration import needing_trust, workspace_file  # noqa: PLC0415
    from podium.settings.trust import agreed_to, distrust, is_trusted, trust  # noqa: PLC0415

    workspace = find_workspace(args)
    if args.revoke:
        distrust(workspace)
        say(f"{workspace} is not trusted")
        return 0
    wanted = needing_trust(workspace)
    if not wanted:
        say(f"nothing in {workspace_file(workspace)} needs trust")
        return 0
    if is_trusted(workspace):
        say(f"what {workspace} says is trusted already")
        return 0
    before = agreed_to(workspace) or {}
    say(f"{workspace_file(workspace)} says:")
    for line in _lines(wanted, before):
        say(line)
    if not confirm(f"Trust this, in {workspace}, until it changes?", yes=args.yes):
        say("nothing was changed")
        return 1
    trust(workspace, wanted)  # What was shown; the file may have changed meanwhile.
    say(f"{workspace} is trusted; take it back with: podium trust --revoke")
    return 0


def _lines(wanted: dict[str, str], before: dict[str, str]) -> Iterator[str]:
    for key, value in wanted.items():
        old = before.get(key, value)
        was = f"  # you trusted: {old}" if old != value else ""
        new = "  # this is new since you trusted it" if before and key not in before else ""
        yield f"  {key} = {value}{was}{new}"
    for key, old in before.items():
        if key not in wanted:
            yield f"  # gone since you trusted it: {key} = {old}"
