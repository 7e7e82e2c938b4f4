"""Remove a directory whatever was done to it.

Its author may have removed its own permissions, or nested folders until no path
reaches the last one and no stack is deep enough for a recursion.  So this goes down and up by
descriptors, of which two are open at a time.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_TRIES: Final = 3


class _Above(NamedTuple):
    """A folder on the way down: which one, what is being removed in it, and what is left."""

    identity: tuple[int, int]
    name: str
    folders: list[str]


def remove_tree(path: Path) -> None:
    """Remove a directory with all that is in it; no link is followed.

    Nothing happens if it does not exist.

    Raises:
        OSError: Somebody else goes on filling it, or owns a part of it.
    """
    for n_left in reversed(range(_TRIES)):
        try:
            _remove(path)
        except FileNotFoundError:  # It, or a part of it, went away meanwhile.
            if not os.path.lexists(path):
                return
            if not n_left:
                raise
        except OSError as error:
            if not n_left or error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ESTALE}:
                raise
        else:
            return


def _remove(path: Path) -> None:
    if not stat.S_ISDIR(path.lstat().st_mode):
        path.unlink()
        return
    here = _opened(str(path), None)
    above: list[_Above] = []
    folders = _without_files(here)
    try:
        while folders or above:
            if folders:
                name = folders.pop()
                below = _opened(name, here)
                above.append(_Above(_identity(here), name, folders))
                os.close(here)
                here = below
                folders = _without_files(here)
            else:
                identity, name, folders = above.pop()
                here = _left(here, identity)
                os.rmdir(name, dir_fd=here)
    finally:
        os.close(here)
    path.rmdir()


def _opened(name: str, within: int | None) -> int:
    """Open a folder that may hold no rights for its owner, who has them again afterwards."""
    try:
        descriptor = os.open(name, _FOLDER, dir_fd=within)
    except PermissionError:  # Of a link it would be another error.
        os.chmod(name, stat.S_IRWXU, dir_fd=within)
        descriptor = os.open(name, _FOLDER, dir_fd=within)
    if ~os.fstat(descriptor).st_mode & stat.S_IRWXU:
        os.fchmod(descriptor, stat.S_IRWXU)
    return descriptor


def _left(here: int, identity: tuple[int, int]) -> int:
    """Return the folder above instead of ``here``, if that is still where we came from."""
    above = os.open("..", _FOLDER, dir_fd=here)
    if _identity(above) != identity:
        os.close(above)
        raise OSError(errno.ESTALE, "a folder was moved while it was being removed")
    os.close(here)
    return above


def _without_files(folder: int) -> list[str]:
    """Remove all from a folder but the folders in it, and return these."""
    with os.scandir(folder) as entries:
        found = [(it.name, it.is_dir(follow_symlinks=False)) for it in entries]
    for name, is_folder in found:
        if not is_folder:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
    return [name for name, is_folder in found if is_folder]


def _identity(folder: int) -> tuple[int, int]:
    status = os.fstat(folder)
    return status.st_dev, status.st_ino
