"""Git's own locks in the state directory that a kill has left: every later git would refuse."""

from itertools import chain
from pathlib import Path

from podium.workspace import guard
from podium.workspace.git import DIRECTORY, INDEXES
from podium.workspace.history import GUARD


async def clear(state: Path) -> None:
    """Remove them, once everything that an earlier engine left running has ended.

    Only the engine of this state directory may, before its first git.

    Raises:
        GitError: A git of an earlier engine does not end.
    """
    directory = state / DIRECTORY
    if not directory.is_dir():
        return
    with guard.opened(directory / GUARD) as descriptor:
        await guard.take(
            descriptor, "git still works for an engine that was killed; let it end, or end it"
        )
        for it in chain(
            directory.glob("*.lock"),
            (directory / "objects" / "info").rglob("*.lock"),
            (directory / "refs").rglob("*.lock"),
            (state / INDEXES).glob("*.lock"),
        ):
            it.unlink(missing_ok=True)
