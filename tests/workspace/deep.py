"""Folders in folders, deeper than a stack and longer than any path."""

import os
from pathlib import Path


def nest(root: Path, n_levels: int, *, name: str = "d", file: str = "") -> None:
    """Make folders as a command does that goes into each before it makes the next.

    Args:
        root: Where; it exists.
        n_levels: How many.
        name: What each is called.
        file: What the file in the last one says; without it, there is none.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY
    here = os.open(root, flags)
    for _ in range(n_levels):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, flags, dir_fd=here)
        os.close(here)
        here = below
    if file:
        descriptor = os.open("end.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(file)
    os.close(here)
