"""Language servers in the sandbox: they run code that the tree can choose."""

import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from podium.configuration import SandboxSettings
from podium.errors import UserError
from podium.sandbox.port import Sandbox, Spawned, server_command

Launch = Callable[[Sequence[str], Path], Awaitable[Spawned]]
"""Start a server's command in a tree.

Raises `podium.errors.UserError` when the command cannot be started.
"""


class ServerMissing(UserError):
    """A configured language server is not on this machine."""

    def __init__(self, program: str) -> None:
        self.program = program
        super().__init__(
            f"{program!r} was not found: install it where commands of the project find it, "
            "or set the `servers` of its language in the configuration"
        )


def sandboxed(sandbox: Sandbox, workspace: Path, settings: SandboxSettings) -> Launch:
    """Return how to start servers that can read a tree of ``workspace`` and write nowhere."""

    async def launch(argv: Sequence[str], tree: Path) -> Spawned:
        command = server_command(argv, tree, workspace, settings)
        program = shutil.which(argv[0], path=command.env["PATH"])
        if program is None or not Path(program).is_absolute():
            raise ServerMissing(argv[0])
        return await sandbox.spawn(command.evolve(argv=(program, *argv[1:])))

    return launch
