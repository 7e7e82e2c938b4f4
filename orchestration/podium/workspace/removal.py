"""Remove a directory whatever was done to it."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def remove_tree(path: Path) -> None:
    """Remove a directory, even if a command took its own rights to it away; no link is followed.

    Nothing happens if it does not exist.
    """

    def open_up(function: object, name: str, _: object) -> None:
        with suppress(OSError):
            Path(name).parent.chmod(0o700)
            if function is os.unlink:
                Path(name).unlink()
                return
            if not Path(name).is_symlink():
                Path(name).chmod(0o700)
            shutil.rmtree(name, ignore_errors=True)

    shutil.rmtree(path, onerror=open_up)
