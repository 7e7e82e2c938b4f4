"""Keep confined commands from changing modes, times and owners outside their directories.

Landlock has no right for these: a confined process may `chmod` whatever its user
owns, `~/.ssh` for example (landlock(7), "Current limitations").  So the launcher
answers the system calls itself: it opens the file that is meant, looks where the
opened file is, and makes the change on that same file.  Letting the kernel go on
with the caller's arguments would not do, because another thread can exchange the
path in between.

A device belongs to the whole machine, wherever it is: a command may write to
``/dev/null``, but nothing about it changes.
Who owns a file cannot be changed at all; a `chown` that changes nothing succeeds,
because archivers run by root ask for it.  Extended attributes are not supported,
as on a file system without them, which programs that copy files take in stride.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Callable, Sequence

from podium.sandbox.sandlock_port import Answer, SystemCall

REFUSED = ("utime", "utimes", "futimesat", "file_setattr")
"""System calls that fail altogether; C libraries set times with the newer `utimensat`."""
_ATTRIBUTES = (
    "setxattr", "lsetxattr", "fsetxattr", "setxattrat",
    "removexattr", "lremovexattr", "fremovexattr", "removexattrat",
)  # fmt: skip

_AT_FDCWD = -100
_AT_SYMLINK_NOFOLLOW = 0x100
_AT_EMPTY_PATH = 0x1000
_MAX_PATH = 4096
_N_TIMES_BYTES = 32


def answers(writable: Sequence[str]) -> dict[str, Answer]:
    """Return what answers which system call; changes are made beneath ``writable`` alone."""
    roots = tuple(os.path.realpath(it) for it in writable)
    return {
        name: _beneath_only(roots, change, where) for name, (change, where) in _CHANGES.items()
    } | dict.fromkeys(_ATTRIBUTES, _not_supported)


def _beneath_only(
    roots: Sequence[str],
    change: Callable[[SystemCall, int], None],
    where: Callable[[SystemCall], int],
) -> Answer:
    def answer(call: SystemCall) -> None:
        opened = where(call)
        try:
            if _is_device(opened) or not _beneath(opened, roots):
                raise OSError(errno.EPERM, "it is not the command's own")
            change(call, opened)
        finally:
            os.close(opened)

    return answer


def _not_supported(_: SystemCall) -> None:
    raise OSError(errno.ENOTSUP, "no extended attributes")


def _is_device(opened: int) -> bool:
    mode = os.stat(opened).st_mode
    return stat.S_ISCHR(mode) or stat.S_ISBLK(mode)


def _beneath(opened: int, roots: Sequence[str]) -> bool:
    place = os.readlink(f"/proc/self/fd/{opened}")  # noqa: PTH115 - Its text is compared.
    return any(place == root or place.startswith(root + "/") for root in roots)


def _at(directory: int, path: int, flags: int | None) -> Callable[[SystemCall], int]:
    """Return what opens the file of a call, given where its arguments stand; -1 is none."""

    def where(call: SystemCall) -> int:
        number = _AT_FDCWD if directory < 0 else ctypes.c_int32(call.args[directory]).value
        chosen = 0 if flags is None else call.args[flags] if flags >= 0 else _AT_SYMLINK_NOFOLLOW
        name = ""
        if path >= 0 and call.args[path] != 0:
            name = call.read_cstr(call.args[path], _MAX_PATH) or ""
            if not name and not chosen & _AT_EMPTY_PATH:
                raise OSError(errno.ENOENT, "no path")
        return _open(call.pid, number, name, follow=not chosen & _AT_SYMLINK_NOFOLLOW)

    return where


def _open(pid: int, directory: int, name: str, *, follow: bool) -> int:
    """Open as the process would: its own working directory, its own descriptors."""
    own = f"/proc/{pid}/"
    for prefix in ("/proc/self/", "/proc/thread-self/"):
        if name.startswith(prefix):
            name = own + name.removeprefix(prefix)
    base = own + ("cwd" if directory == _AT_FDCWD else f"fd/{directory}")
    flags = os.O_PATH | os.O_CLOEXEC
    if not name:
        return os.open(base, flags)
    if not follow:
        flags |= os.O_NOFOLLOW
    if name.startswith("/"):
        return os.open(name, flags)
    start = os.open(base, os.O_PATH | os.O_CLOEXEC)
    try:
        return os.open(name, flags, dir_fd=start)
    finally:
        os.close(start)


def _change_mode(position: int) -> Callable[[SystemCall, int], None]:
    def change(call: SystemCall, opened: int) -> None:
        os.chmod(f"/proc/self/fd/{opened}", call.args[position] & 0o7777)  # noqa: PTH101 - It is a descriptor.

    return change


def _change_times(call: SystemCall, opened: int) -> None:
    times = call.read(call.args[2], _N_TIMES_BYTES) if call.args[2] else None
    if call.args[2] and times is None:
        raise OSError(errno.EFAULT, "no times")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.utimensat(_AT_FDCWD, b"/proc/self/fd/%d" % opened, times, 0) != 0:
        raise OSError(ctypes.get_errno(), "utimensat")


def _keep_owner(position: int) -> Callable[[SystemCall, int], None]:
    def change(call: SystemCall, opened: int) -> None:
        status = os.stat(opened)
        wanted = [ctypes.c_int32(it).value for it in call.args[position : position + 2]]
        if wanted[0] not in {-1, status.st_uid} or wanted[1] not in {-1, status.st_gid}:
            raise OSError(errno.EPERM, "owners stay")

    return change


_CHANGES: dict[str, tuple[Callable[[SystemCall, int], None], Callable[[SystemCall], int]]] = {
    "chmod": (_change_mode(1), _at(-1, 0, None)),
    "fchmod": (_change_mode(1), _at(0, -1, None)),
    "fchmodat": (_change_mode(2), _at(0, 1, None)),
    "fchmodat2": (_change_mode(2), _at(0, 1, 3)),
    "utimensat": (_change_times, _at(0, 1, 3)),
    "chown": (_keep_owner(1), _at(-1, 0, None)),
    "lchown": (_keep_owner(1), _at(-1, 0, -1)),
    "fchown": (_keep_owner(1), _at(0, -1, None)),
    "fchownat": (_keep_owner(2), _at(0, 1, 4)),
}
