"""What confined commands may not ask of the kernel: sockets, other processes, the machine.

`sandlock` refuses connecting and binding, by Landlock, for TCP and UDP alone.  A socket of
another protocol (Multipath TCP is one) leads out all the same, as does TCP's Fast Open, which
connects by sending; and `listen` on a socket that nobody bound lets the world in.  So no
socket of the network can be made at all: the families of `_FAMILIES` are what there is.

Landlock does not know limits, priorities and places of other processes either.  The calls that
set them take the caller itself (0) and nobody else.

Two kinds of rules, because the process that supervises the sandbox needs some of these calls:

- `REFUSED` fail altogether, in the command only; `sandlock` is given the names.
- `restrict` looks at arguments.  It is a filter of our own, laid on the supervisor before it
  starts the command, and everything below inherits it.  It decides by registers alone, which
  no other thread can change, and never by what they point to.

Calls in the numbering of another architecture (32 bits, x32) end the process.
Where several filters answer, the kernel takes the strictest.  Source: seccomp(2).
"""

import ctypes
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from podium.sandbox.sandlock_port import number_of

REFUSED = (
    # Other processes.
    "kcmp", "pidfd_getfd", "process_madvise", "process_mrelease",
    # What the whole machine shares.
    "fanotify_init", "kexec_file_load", "mq_open", "mq_unlink", "quotactl_fd",
    # Mounting, in its newer form.
    "fsconfig", "fsmount", "fsopen", "fspick", "mount_setattr", "move_mount", "open_tree",
    "open_tree_attr",
)  # fmt: skip
"""Besides those that `sandlock` refuses by itself: `ptrace`, `bpf`, `keyctl`, `mount`, …"""

_AF_UNIX, _AF_NETLINK = 1, 16
_FAMILIES = (_AF_UNIX, _AF_NETLINK)
"""Of `socket`. The second never reaches the kernel: sandlock answers for it, from nothing."""
_SELF = (0,)
_PRIO_PROCESS = (0,)
_IOPRIO_WHO_PROCESS = (1,)


class Rule(NamedTuple):
    """The arguments with which a call may be made, by their position; else it fails."""

    allowed: Mapping[int, Sequence[int]]
    error: int = errno.EPERM


RULES: Mapping[str, Rule] = {
    "socket": Rule({0: _FAMILIES}, errno.EAFNOSUPPORT),
    "socketpair": Rule({0: (_AF_UNIX,)}, errno.EAFNOSUPPORT),
    "prlimit64": Rule({0: _SELF}),
    "sched_setaffinity": Rule({0: _SELF}),
    "sched_setattr": Rule({0: _SELF}),
    "sched_setparam": Rule({0: _SELF}),
    "sched_setscheduler": Rule({0: _SELF}),
    "setpriority": Rule({0: _PRIO_PROCESS, 1: _SELF}),
    "ioprio_set": Rule({0: _IOPRIO_WHO_PROCESS, 1: _SELF}),
    "migrate_pages": Rule({0: _SELF}),
    "move_pages": Rule({0: _SELF}),
}

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "riscv64": 0xC00000F3}
"""``AUDIT_ARCH_…``: all of them little-endian, which the offsets below rely on."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def restrict() -> None:
    """Apply the rules to the calling process and all that it will start; this is irreversible.

    Raises:
        OSError: The kernel does not take them, or the machine is of a kind we do not know.
    """
    instructions = tuple(_filter())
    lines = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), lines)
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value, pointer in (
        (_PR_SET_NO_NEW_PRIVS, 1, None),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)),
    ):
        if libc.prctl(option, value, pointer, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"seccomp: {os.strerror(number)}")


def _filter() -> Iterator[tuple[int, int, int, int]]:
    """Yield the instructions: code, how many to skip if true and if false, value."""
    machine = os.uname().machine
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"seccomp: no rules for {machine}")
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, _ARCHITECTURES[machine]
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    for name, rule in RULES.items():
        number = number_of(name)
        if number < 0:
            raise OSError(errno.ENOSYS, f"seccomp: no number for {name}")
        checks = tuple(_check(rule))
        yield _EQUAL, 0, len(checks), number
        yield from checks
    yield _RETURN, 0, 0, _ALLOW


def _check(rule: Rule) -> Iterator[tuple[int, int, int, int]]:
    for position, values in rule.allowed.items():
        # The kernel, too, reads these arguments as 32 bits.
        yield _LOAD, 0, 0, _ARGUMENTS + 8 * position
        for at, value in enumerate(values):
            yield _EQUAL, len(values) - at, 0, value
        yield _RETURN, 0, 0, _ERRNO | rule.error
    yield _RETURN, 0, 0, _ALLOW
