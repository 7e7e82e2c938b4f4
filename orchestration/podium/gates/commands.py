"""How gates run commands."""

from pathlib import Path
from typing import Protocol

from podium.sandbox.port import Completed


class CommandRunner(Protocol):
    """Runs a shell command of the project in one of the checkouts."""

    async def __call__(self, text: str, tree: Path, *, timeout_s: float | None = None) -> Completed:
        """Return how it ended.

        Raises:
            UserError: There is no sandbox, or it cannot start the command.
        """
        ...
