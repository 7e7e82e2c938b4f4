"""Open files so that no path leads out of a directory.

On Linux the kernel resolves the path (`openat2` with ``RESOLVE_BENEATH``), in one
step that no race can get between; elsewhere, and on kernels without it, the path
is walked one component at a time, each opened without following links.  A check
of the path's text or of `realpath` would be neither complete nor free of races.

Source: openat2(2); Linux's include/uapi/linux/openat2.h.
"""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

_SYS_OPENAT2 = 437  # The same number on every architecture.
_RESOLVE = 0x02 | 0x04 | 0x08  # NO_MAGICLINKS | NO_SYMLINKS | BENEATH
_DIRECTORY = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class _OpenHow(ctypes.Structure):
    _fields_: ClassVar = [
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    ]


_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def root(path: Path) -> Generator[int]:
    """Hold a file descriptor of the directory ``path``, which is not a symbolic link."""
    descriptor = os.open(path, os.O_RDONLY | _DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_at(directory: int, path: str, flags: int) -> int:
    """Open the existing ``path`` below ``directory``; no component may be a symbolic link.

    Raises:
        OSError: As `os.open`; ``ELOOP`` for a symbolic link, ``EXDEV`` for a way out.
    """
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    if sys.platform == "linux":
        try:
            return _openat2(directory, path, flags)
        except OSError as error:
            if error.errno not in {errno.ENOSYS, errno.EPERM}:
                raise
    return _walk(directory, path, flags)


@contextmanager
def parent(directory: int, path: str, *, create: int | None) -> Generator[tuple[int, str]]:
    """Hold a descriptor of the directory that ``path`` is in, with its last name.

    Missing directories on the way are made with the mode ``create``, whatever the umask is;
    unless that is None.
    """
    *names, last = path.split("/")
    current = os.dup(directory)
    try:
        for name in names:
            try:
                below = os.open(name, os.O_RDONLY | _DIRECTORY, dir_fd=current)
            except FileNotFoundError:
                if create is None:
                    raise
                os.mkdir(name, create, dir_fd=current)
                below = os.open(name, os.O_RDONLY | _DIRECTORY, dir_fd=current)
                grant(below, create)
            os.close(current)
            current = below
        yield current, last
    finally:
        os.close(current)


def grant(descriptor: int, mode: int) -> None:
    """Give what was just made the bits of ``mode`` that this process's umask has kept from it.

    What the directory around it gave stays: its group's bit, or what its default ACL says.
    """
    os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) | mode)


def _openat2(directory: int, path: str, flags: int) -> int:
    how = _OpenHow(flags=flags, mode=0, resolve=_RESOLVE)
    while True:
        descriptor = int(
            _libc.syscall(
                ctypes.c_long(_SYS_OPENAT2),
                ctypes.c_int(directory),
                os.fsencode(path),
                ctypes.byref(how),
                ctypes.c_size_t(ctypes.sizeof(how)),
            )
        )
        if descriptor >= 0:
            return descriptor
        number = ctypes.get_errno()
        if number not in {errno.EAGAIN, errno.EINTR}:  # A rename went by: look again.
            raise OSError(number, os.strerror(number), path)


def _walk(directory: int, path: str, flags: int) -> int:
    if ".." in path.split("/") or path.startswith("/"):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), path)
    with parent(directory, path, create=None) as (below, name):
        return os.open(name, flags, dir_fd=below)
