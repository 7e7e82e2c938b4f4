"""``podium findings``."""

import argparse
import json

from podium.cli.choosing import add_plan, named_plan
from podium.cli.connection import ask_engine, get_requests
from podium.cli.terminal import say
from podium.cli.wording import finding_line
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.finding import FindingState
from podium.text.plain import one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the plan."""
    add_plan(parser)
    parser.add_argument("--all", action="store_true", help="fixed and dismissed ones too")
    parser.add_argument("--json", action="store_true", help="all of them, for programs")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """List what reviewers have found; those of all plans when none is named."""
    requests = ask_engine(find_workspace(args), get_requests)
    if args.plan:
        requests = (named_plan(requests, args.plan),)
    found = [(it.id, finding) for it in requests if it.run for finding in it.run.findings]
    if args.json:
        entries = [{"plan": plan} | it.model_dump(mode="json") for plan, it in found]
        print(json.dumps(entries, indent=2))
        return 0
    shown = [it for _, it in found if args.all or it.state is FindingState.OPEN]
    for it in shown:
        say(finding_line(it))
        say(f"    {one_line(it.detail, 400)}" if it.detail else "")
        say(f"    evidence: {one_line(it.evidence, 400)}")
        if it.dismissal:
            say(f"    dismissed: {one_line(it.dismissal, 400)}")
    if not shown:
        say("no open findings" if not args.all else "no findings")
    return 0
