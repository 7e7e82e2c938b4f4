"""Walk a tree that nests its folders however deep.

Neither the stack nor the longest path that the system takes bounds it: folders are opened from
a descriptor on the way, and a nearer one is taken when the path from it has become long.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from podium.workspace import beneath

_MAX_BYTES: Final = 2_000
"""Of a path that is opened in one call; with one more name it is within every system's limit."""


class Folder(NamedTuple):
    """A folder: its path from the root, empty for the root itself, and what is in it."""

    path: str
    entries: tuple[os.DirEntry[str], ...]

    def path_of(self, entry: "os.DirEntry[str]") -> str:
        """Return an entry's path from the root."""
        return f"{self.path}/{entry.name}" if self.path else entry.name


class _Waiting(NamedTuple):
    """A folder that is to be opened: from which descriptor, by what path from there."""

    within: int
    name: str
    path: str


def folders(root: Path) -> Iterator[Folder]:
    """Yield each folder from ``root`` on, those above first; no link is followed.

    Its entries can be asked for more than their names until the next is taken.  What cannot be
    opened is left out.

    Raises:
        OSError: ``root`` itself cannot be.
    """
    with beneath.root(root) as first:
        held = [first]
        waiting = [_Waiting(first, ".", "")]
        try:
            while waiting:
                it = waiting.pop()
                while held[-1] != it.within:  # All that was below that one has been walked.
                    os.close(held.pop())
                try:
                    held.append(beneath.open_at(it.within, it.name, os.O_RDONLY | os.O_DIRECTORY))
                    with os.scandir(held[-1]) as entries:
                        folder = Folder(it.path, tuple(entries))
                    waiting += tuple(_below(folder, it, held[-1]))
                except OSError:  # It went away meanwhile, or may not be read.
                    continue
                yield folder
        finally:
            for descriptor in held[1:]:
                os.close(descriptor)


def _below(folder: Folder, it: _Waiting, descriptor: int) -> Iterator[_Waiting]:
    is_long = len(os.fsencode(it.name)) > _MAX_BYTES
    within, before = (descriptor, "") if is_long else (it.within, f"{it.name}/")
    for entry in folder.entries:
        if entry.is_dir(follow_symlinks=False):
            yield _Waiting(within, before + entry.name, folder.path_of(entry))
