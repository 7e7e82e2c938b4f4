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
    spec: Mapping[str, Any], *, answers: Mapping[str, Answer], refused: Sequence[str]
) -> dict[str, Any]:
    """Run what is specified to its end, confined, and return how it ended; see the launcher.

    Args:
        spec: As `podium.sandbox.confinement` writes it.
        answers: What answers which system call; one that this machine has not is left out.
        refused: The names of system calls that fail.
    """
    sandbox = _sandlock.Sandbox(
        fs_readable=spec["readable"],
        fs_writable=spec["writable"],
        clean_env=True,
        env=spec["env"],
        cwd=spec["cwd"],
        max_memory=spec["memory_bytes"],
        max_processes=spec["processes"],
        extra_deny_syscalls=refused,
    )
    # The library has a function for handlers with inherited streams, but its Python
    # class has no method that calls it; the one that it has collects the output.
    _library.sandlock_run_with_handlers = _library.sandlock_run_interactive_with_handlers
    handlers = [(name, _Handler(it)) for name, it in answers.items() if number_of(name) >= 0]
    result = sandbox.run_with_handlers(spec["argv"], handlers)
    if result.error:
        return {"error": result.error}
    if result.reason == _sandlock.ExitReason.KILLED:
        return {"signal": signal.SIGKILL}
    if result.reason == _sandlock.ExitReason.SIGNALED:
        return {"signal": result.signal}
    return {"exit": result.exit_code}
