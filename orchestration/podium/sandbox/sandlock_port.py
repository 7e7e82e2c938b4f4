"""The one module that imports sandlock, and the only one that knows what it is like inside.

Imported in the launcher alone, by the process that supervises the command.  Two things that are
used here have no public name: its version has an upper bound (`pyproject.toml`), and
`tests/sandbox/test_sandlock_contract.py` says what is relied on.
"""

import errno
import importlib
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

# It has no types.
_sandlock: Any = importlib.import_module("sandlock")
_library: Any = importlib.import_module("sandlock._sdk")._lib  # noqa: SLF001


class SystemCall(Protocol):
    """What is told of a system call that is answered instead of made."""

    pid: int
    args: tuple[int, ...]

    def read_cstr(self, addr: int, max_len: int) -> str | None:
        """Return text of the caller's memory."""
        ...

    def read(self, addr: int, length: int) -> bytes | None:
        """Return bytes of the caller's memory."""
        ...


Answer = Callable[[SystemCall], None]
"""Does what a call asks for; raises an `OSError` with the number that the caller gets."""


class _Handler(_sandlock.Handler):
    on_exception = _sandlock.ExceptionPolicy.DENY_EPERM

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def handle(self, ctx: SystemCall) -> object:
        try:
            self._answer(ctx)
        except OSError as error:
            return _sandlock.NotifAction.errno(error.errno or errno.EPERM)
        return _sandlock.NotifAction.returns(0)


def number_of(name: str) -> int:
    """Return a system call's number on this machine; it is negative where there is none."""
    return _library.sandlock_syscall_nr(name.encode())


def run(
    argv: Sequence[str],
    *,
    readable: Sequence[str],
    writable: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    memory_bytes: int,
    processes: int,
    answers: Mapping[str, Answer],
    refused: Sequence[str],
) -> dict[str, Any]:
    """Run a command to its end, confined and with the streams of this process.

    Args:
        argv: The command.
        readable: The paths that it may read.
        writable: The paths that it may write.
        env: Its whole environment.
        cwd: Where it starts.
        memory_bytes: What it and all that it starts may use.
        processes: How many there may be at the same time.
        answers: Who answers which system calls; one that this machine has not is left out.
        refused: The names of system calls that fail.

    Returns:
        How it ended, as the launcher reports it.
    """
    sandbox = _sandlock.Sandbox(
        fs_readable=readable,
        fs_writable=writable,
        clean_env=True,
        env=env,
        cwd=cwd,
        max_memory=memory_bytes,
        max_processes=processes,
        extra_deny_syscalls=refused,
    )
    # The library has a function for handlers with inherited streams, but its Python
    # class has no method that calls it; the one that it has collects the output.
    _library.sandlock_run_with_handlers = _library.sandlock_run_interactive_with_handlers
    handlers = [(name, _Handler(it)) for name, it in answers.items() if number_of(name) >= 0]
    result = sandbox.run_with_handlers(argv, handlers)
    if result.error:
        return {"error": result.error}
    if result.reason == _sandlock.ExitReason.KILLED:
        return {"signal": signal.SIGKILL}
    if result.reason == _sandlock.ExitReason.SIGNALED:
        return {"signal": result.signal}
    return {"exit": result.exit_code}
