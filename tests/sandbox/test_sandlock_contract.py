"""What `podium.sandbox.sandlock_port` relies on in sandlock, which is young and has no types."""

import ctypes
import importlib
import inspect
import sys
from operator import attrgetter

import pytest

from contracts import Contract, Relied

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="not on this platform: the sandbox is Linux's"
)
NUMBERS = "which system calls are answered, and the filter of our own"
STREAMS = "that a command has its own streams while its system calls are answered"
ANSWERS = "that modes, times and owners outside of a worktree stay as they are"
SANDLOCK = Contract(
    "sandlock",
    ("podium/sandbox/sandlock_port.py",),
    {
        "sandlock:Sandbox": Relied(
            "what a command may touch",
            "fs_readable fs_writable clean_env env cwd max_memory max_processes "
            "extra_deny_syscalls",
        ),
        "sandlock:Sandbox.run_with_handlers": Relied(ANSWERS),
        "sandlock:Handler.handle": Relied(ANSWERS),
        "sandlock:ExceptionPolicy.DENY_EPERM": Relied("that a failing answer refuses"),
        "sandlock:NotifAction.errno": Relied(ANSWERS),
        "sandlock:NotifAction.returns": Relied(ANSWERS),
        "sandlock:ExitReason.KILLED": Relied("how a command's end is told"),
        "sandlock:ExitReason.SIGNALED": Relied("how a command's end is told"),
        "sandlock._sdk:_lib.sandlock_syscall_nr": Relied(NUMBERS),
        "sandlock._sdk:_lib.sandlock_run_with_handlers": Relied(STREAMS),
        "sandlock._sdk:_lib.sandlock_run_interactive_with_handlers": Relied(STREAMS),
    },
)


@pytest.mark.parametrize("place", SANDLOCK.relied)
def test_sandlock_still_has(place: str) -> None:
    SANDLOCK.check(place)


def test_a_system_call_has_the_kernels_number() -> None:
    from podium.sandbox.sandlock_port import number_of  # noqa: PLC0415  # For Linux.

    # Of another call, the answer would be to a question that nobody asked.
    found, pid = number_of("getppid"), ctypes.CDLL(None).getppid()
    assert ctypes.CDLL(None).syscall(found) == pid, f"it has another number, and so have {NUMBERS}"
    assert number_of("no_such_call") < 0, f"a call that is not there has a number: {SANDLOCK.see}"


def test_the_library_is_called_by_the_name_that_is_exchanged() -> None:
    called = inspect.getsource(
        importlib.import_module("sandlock.sandbox").Sandbox.run_with_handlers
    )
    name = "sandlock_run_with_handlers"
    assert name in called, (
        f"run_with_handlers no longer calls {name}, on which {STREAMS}: {SANDLOCK.see}"
    )


def test_both_functions_of_the_library_take_the_same() -> None:
    ours, theirs = (
        attrgetter(f"_lib.{it}")(importlib.import_module("sandlock._sdk"))
        for it in ("sandlock_run_interactive_with_handlers", "sandlock_run_with_handlers")
    )
    assert (ours.argtypes, ours.restype) == (theirs.argtypes, theirs.restype), (
        f"the one does not take what the other takes, on which relies {STREAMS}: {SANDLOCK.see}"
    )


def test_nobody_else_looks_into_sandlock() -> None:
    assert SANDLOCK.strangers(r'^\s*(from|import) sandlock\b|"sandlock["\.]|\b_lib\b') == []
