"""``podium engine``: the background process of a workspace."""

import argparse
import asyncio
import json

from podium.cli.connection import connected
from podium.cli.terminal import say
from podium.cli.workspace import add_workspace, find_workspace
from podium.protocol.client import NoEngine
from podium.protocol.wire import Params

_NOT_RUNNING = 1
_SMALL = 50_000
"""Bytes that are not worth a name beside the megabytes of others."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do with it."""
    parser.add_argument(
        "action",
        choices=("status", "stop", "run"),
        help="say how it is; end it, until it is needed again; be it, in this process",
    )
    parser.add_argument("--json", action="store_true", help="status for programs")
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Be the engine, ask how it is, or end it.

    Returns:
        0, or 1 when no engine runs.
    """
    workspace = find_workspace(args)
    if args.action == "run":
        # Only the engine itself pays for the engine's imports.
        from podium.engine.daemon import main  # noqa: PLC0415
        from podium.engine.making import make_jobs  # noqa: PLC0415

        return main(workspace, make_jobs)

    async def ask() -> Params:
        async with connected(workspace, start=False) as client:
            return await client.call(f"engine/{args.action}")

    try:
        answer = asyncio.run(ask())
    except NoEngine:
        say(json.dumps({"running": False}) if args.json else f"no engine runs for {workspace}")
        return _NOT_RUNNING
    if args.action == "stop":
        say("the engine stops; what was under way goes on when it is started again")
    else:
        say(json.dumps({"running": True} | answer) if args.json else _status(answer))
    return 0


def _status(answer: Params) -> str:
    lines = [
        f"engine {answer['version']}, process {answer['pid']}, up {answer['uptime_s']:.0f} s",
        f"workspace  {answer['workspace']}",
        f"state      {answer['state']}",
        f"holds      {_sizes(answer['state_bytes'])}",
        f"clients    {answer['clients']}",
    ]
    lines += [f"plan       {plan}: {phase}" for plan, phase in answer["plans"].items()]
    lines += [f"job        {it}" for it in answer["jobs"]]
    lines += [f"notice     {it}" for it in answer["notices"]]
    return "\n".join(lines)


def _sizes(parts: dict[str, int]) -> str:
    """Return the whole size and that of the parts that matter."""
    named = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in parts.items() if size > _SMALL)
    return f"{sum(parts.values()) / 1e6:.1f} MB ({named})"
