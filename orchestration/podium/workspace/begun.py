"""What is made beside its place and moved there when complete: a crash leaves nothing half made.

For a worktree that is the worktree itself, and each file that is written into it.
"""

import re
import secrets
from glob import escape
from pathlib import Path


def beginning(place: Path) -> Path:
    """Return where the directory ``place`` is made."""
    return place.with_name(f".{place.name}.new")


def file_beginning(place: Path) -> Path:
    """Return where a new file that goes into the directory ``place`` is made."""
    return place.with_name(f".{place.name}~{secrets.token_hex(8)}.new")


def beginnings(place: Path) -> tuple[Path, ...]:
    """Return all that was begun for the directory ``place`` and is still there."""
    files = place.parent.glob(f".{escape(place.name)}~*.new")
    return (beginning(place), *files)


def place_name(name: str) -> str:
    """Return the name of the directory that ``name``, of itself or a beginning, belongs to."""
    return re.sub(r"^\.(.*?)(~[0-9a-f]+)?\.new$", r"\1", name)
