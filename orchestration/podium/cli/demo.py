"""``podium demo``: the whole way with scripted models, headless or up to the plan in Neovim."""

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from shlex import quote
from typing import Any

from podium.text.plain import block

_FAILED = 1
_ENDED = 128
"""What a shell adds to the number of the signal that ended a program."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to go on and where to leave it."""
    parser.add_argument(
        "--open", choices=("nvim",), help="stop at the plan and open it there for your approval"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="put everything into this directory; by default into a new one",
    )


def run(args: argparse.Namespace) -> int:
    """Show it.

    Returns:
        0, or 1 when the walk did not come to its end.
    """
    home = args.keep.absolute() if args.keep else Path(tempfile.mkdtemp(prefix="podium-demo-"))
    try:
        return asyncio.run(_until_told_to_end(_in_neovim if args.open else _headless, home))
    finally:
        if not args.keep:
            with contextlib.suppress(OSError):
                home.rmdir()  # Nothing came of it if nothing is in it.


async def _until_told_to_end(show: Callable[[Path], Coroutine[Any, Any, None]], home: Path) -> int:
    """Show the demo; a signal that would end this process ends what it started first."""
    from podium.demo.editor import DemoFailed  # noqa: PLC0415  # `podium demo --help` is light.

    showing = asyncio.ensure_future(show(home))
    ended_by: list[int] = []

    def end(number: int) -> None:
        ended_by.append(number)
        showing.cancel()

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, end, number)
    try:
        await showing
    except asyncio.CancelledError:
        return _ENDED + ended_by[0]
    except DemoFailed as error:
        print(f"podium: the demo did not come to its end: {block(str(error))}", file=sys.stderr)
        print(f"podium: what is left of it is in {str(home)!r}", file=sys.stderr)
        return _FAILED
    return 0


async def _in_neovim(home: Path) -> None:
    from podium.cli.demo_view import DemoView  # noqa: PLC0415  # As above.
    from podium.demo.neovim import open_in_neovim  # noqa: PLC0415

    await open_in_neovim(home, lambda stage: DemoView(stage.project))
    print(f"what you did is in {str(home / 'project')!r}; remove it with: rm -r {quote(str(home))}")


async def _headless(home: Path) -> None:
    from podium.cli.demo_view import DemoView  # noqa: PLC0415
    from podium.demo.editor import editor  # noqa: PLC0415
    from podium.demo.stage import set_stage  # noqa: PLC0415
    from podium.demo.walk import walk  # noqa: PLC0415

    started = time.monotonic()
    async with set_stage(home) as stage:
        async with DemoView(stage.project) as view, editor(stage.project) as it:
            walked = await walk(stage, it, view)
        view.report(walked, stage, time.monotonic() - started)
