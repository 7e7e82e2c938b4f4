"""``podium doctor``: what is missing on this machine, and what to do about it."""

import argparse
import asyncio
import json

from podium.cli.terminal import say
from podium.cli.workspace import add_workspace

_SIGNS = {"ok": "✓", "warning": "!", "error": "✗"}
_FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how to show it."""
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Look at everything that Podium needs.

    Returns:
        0, or 1 when something that is needed is missing.
    """
    from podium.cli.examining import examine  # noqa: PLC0415  # It imports much.

    checks = asyncio.run(examine(args))
    if args.json:
        shown = [it.model_dump(exclude_none=True) for it in checks]
        print(json.dumps({"checks": shown}, indent=2))
    else:
        for it in checks:
            say(f"{_SIGNS[it.status]} {it.name}: {it.message}")
            if it.advice:
                say(f"    {it.advice}")
    return _FAILED if any(it.status == "error" for it in checks) else 0
