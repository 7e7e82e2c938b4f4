"""Notice what changes on disk: plan documents and configuration.

The deepest folder that exists on the way to the plans is watched, not the tree: building
and testing there would wake the engine for nothing.  A look at the folder every `RESCAN_S`
catches what the file system does not tell, as on a network mount, or between two watches.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]  # Names trio.

from podium.engine.plan_files import FOLDER

RESCAN_S = 1.0

log = structlog.stdlib.get_logger()


async def watch(workspace: Path, look: Callable[[], Awaitable[None]]) -> None:
    """Call ``look`` at once and whenever something may have changed; never returns."""
    while True:
        folder = _deepest(workspace)
        await _safely(look)
        try:
            async for _ in awatch(
                folder,
                step=5,
                debounce=10,
                recursive=False,
                rust_timeout=int(RESCAN_S * 1000),
                yield_on_timeout=True,
            ):
                await _safely(look)
                if _deepest(workspace) != folder:
                    break
        except OSError as error:  # The folder went away, or there are too many watches.
            log.warning("watch.failed", folder=str(folder), reason=str(error))
            await asyncio.sleep(RESCAN_S)


async def _safely(look: Callable[[], Awaitable[None]]) -> None:
    try:
        await look()
    except Exception:  # A defect must not make us blind for ever.
        log.exception("look.failed")


def _deepest(workspace: Path) -> Path:
    """Return the last existing folder on the way to the plans; links are not followed."""
    folder = workspace
    for name in FOLDER.split("/"):
        below = folder / name
        if below.is_symlink() or not below.is_dir():
            break
        folder = below
    return folder
