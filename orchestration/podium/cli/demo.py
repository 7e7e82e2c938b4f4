"""``podium demo``: the whole way with scripted models, headless or up to the plan in Neovim."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

_FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to go on and where to leave it."""
    parser.add_argument(
        "--open", choices=("nvim",), help="stop at the plan and open it there for your approval"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="put everything there; by default in a new one"
    )


def run(args: argparse.Namespace) -> int:
    """Show it.

    Returns:
        0, or 1 when the walk did not come to its end.
    """
    home = args.keep.absolute() if args.keep else Path(tempfile.mkdtemp(prefix="podium-demo-"))
    return asyncio.run(_in_neovim(home) if args.open else _headless(home))


async def _in_neovim(home: Path) -> int:
    from podium.cli.demo_view import DemoView  # noqa: PLC0415  # `podium demo --help` is light.
    from podium.demo.neovim import open_in_neovim  # noqa: PLC0415

    status = await open_in_neovim(home, lambda stage: DemoView(stage.project))
    print(f"what you did is in {str(home / 'project')!r}; remove it with: rm -r {home}")
    return status


async def _headless(home: Path) -> int:
    from podium.cli.demo_view import DemoView  # noqa: PLC0415
    from podium.demo.editor import DemoFailed, editor  # noqa: PLC0415
    from podium.demo.stage import set_stage  # noqa: PLC0415
    from podium.demo.walk import walk  # noqa: PLC0415

    started = time.monotonic()
    try:
        async with set_stage(home) as stage, editor(stage.project) as it:
            async with DemoView(stage.project) as view:
                walked = await walk(stage, it, view)
            view.report(walked, stage, time.monotonic() - started)
    except DemoFailed as error:
        print(f"podium: the demo did not come to its end: {error}", file=sys.stderr)
        print(f"podium: what is left of it is in {str(home)!r}", file=sys.stderr)
        return _FAILED
    return 0
