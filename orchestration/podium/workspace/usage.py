"""How much of the disk a state directory takes."""

import os
from collections import Counter
from pathlib import Path

from podium.workspace.descent import folders


def bytes_of(directory: Path) -> dict[str, int]:
    """Return how much of the disk each part of a state directory takes, the largest first."""
    parts: Counter[str] = Counter()
    for folder in folders(directory):
        for entry in folder.entries:
            part = folder.path_of(entry).partition("/")[0].partition(".")[0]
            parts[part] += _allocated(entry)  # A database is several files.
    return {name: size for name, size in parts.most_common() if size}


def _allocated(entry: "os.DirEntry[str]") -> int:
    """Return the bytes that the disk gives for one entry, 0 when it is gone by now."""
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:
        return 0
