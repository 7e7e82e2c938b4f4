"""Runs a command as on a kernel without Landlock: ``python old_kernel.py COMMAND...``.

A seccomp filter answers ``landlock_create_ruleset`` with ENOSYS, as such a kernel does, for the
command and all that it starts.
"""

import ctypes
import errno
import os
import sys

NO_NEW_PRIVS, SET_SECCOMP, MODE_FILTER = 38, 22, 2
LANDLOCK_CREATE_RULESET = 444
"""On every architecture."""
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS


class Instruction(ctypes.Structure):
    """One instruction of classic BPF."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class Program(ctypes.Structure):
    """What the kernel takes."""

    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction)))


def forget_landlock() -> None:
    """Have the kernel refuse Landlock to this process from now on."""
    instructions = (Instruction * 4)(
        (LOAD, 0, 0, 0),  # The number of the system call.
        (IF_EQUAL, 0, 1, LANDLOCK_CREATE_RULESET),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    )
    program = Program(len(instructions), instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    for words in ((NO_NEW_PRIVS, 1, 0), (SET_SECCOMP, MODE_FILTER, ctypes.byref(program))):
        if libc.prctl(*words, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    forget_landlock()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  # No shell is wanted.
