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
import importlib
import os
import stat
from collections.abc import Callable, Sequence
from typing import Any, Protocol

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


class SystemCall(Protocol):
    """What a handler is told of a system call."""

    pid: int
    args: tuple[int, ...]

    def read_cstr(self, addr: int, max_len: int) -> str | None:
        """Return text of the caller's memory."""
        ...

    def read(self, addr: int, length: int) -> bytes | None:
        """Return bytes of the caller's memory."""
        ...


def handlers(writable: Sequence[str]) -> list[tuple[str, object]]:
    """Return pairs of a system call's name and the sandlock handler that answers it."""
    sandlock: Any = importlib.import_module("sandlock")
    numbers: Any = importlib.import_module("sandlock._sdk")
    roots = tuple(os.path.realpath(it) for it in writable)

    class Answer(sandlock.Handler):  # type: ignore[misc]
        on_exception = sandlock.ExceptionPolicy.DENY_EPERM

        def __init__(
            self, change: Callable[[SystemCall, int], None], where: Callable[[SystemCall], int]
        ) -> None:
            self._change, self._where = change, where

        def handle(self, ctx: SystemCall) -> object:
            try:
                opened = self._where(ctx)
                try:
                    if _is_device(opened) or not _beneath(opened, roots):
                        return sandlock.NotifAction.errno(errno.EPERM)
                    self._change(ctx, opened)
                finally:
                    os.close(opened)
            except OSError as error:
                return sandlock.NotifAction.errno(error.errno or errno.EPERM)
            return sandlock.NotifAction.returns(0)

    class NotSupported(sandlock.Handler):  # type: ignore[misc]
        on_exception = sandlock.ExceptionPolicy.DENY_EPERM

        def handle(self, _: SystemCall) -> object:
            return sandlock.NotifAction.errno(errno.ENOTSUP)

    pairs: list[tuple[str, object]] = [
        *((name, Answer(change, where)) for name, (change, where) in _ANSWERS.items()),
        *((name, NotSupported()) for name in _ATTRIBUTES),
    ]
    return [
        (name, handler)
        for name, handler in pairs
        if numbers._lib.sandlock_syscall_nr(name.encode()) >= 0  # noqa: SLF001 - Not each machine has each call.
    ]


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


_ANSWERS: dict[str, tuple[Callable[[SystemCall, int], None], Callable[[SystemCall], int]]] = {
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
