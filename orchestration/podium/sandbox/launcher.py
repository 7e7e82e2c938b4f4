"""Start one confined command and end everything that it started.

Run as a script by `confinement`, in an interpreter of its own that imports
nothing of the worktree's.  A process of its own because:

- the engine's memory and environment hold the user's keys, and this one's do not;
- it is the subreaper of all that the command starts, so that a grandchild which
  left the session and ignores signals is found and killed all the same;
- it dies with the engine, by whatever signal, and takes the tree along.

It forks once: the child supervises the sandbox, this process only waits.  When
the end has come the supervisor is killed first.  Without it every system call
that the sandbox supervises fails, fork among them, so that killing the rest, one
generation after the other, comes to an end even with a fork bomb.

Argument: the specification as JSON.  File descriptor ``status`` receives one
JSON object: ``{"exit": n}``, ``{"signal": n}`` or ``{"error": text}``.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
_ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def main() -> None:
    """Run the command of ``argv[1]`` to its end, or until told to stop."""
    spec: dict[str, Any] = json.loads(sys.argv[1])
    os.set_inheritable(spec["status"], False)  # noqa: FBT003 - The parameter has no name.
    signals = {signal.SIGCHLD, *_ENDING}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != spec["parent"]:
        return  # The engine died before the line above.
    supervisor = os.fork()
    if supervisor == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        _supervise(spec)
    while signal.sigwait(signals) == signal.SIGCHLD:
        if supervisor in _reap():
            break
    else:
        os.kill(supervisor, signal.SIGKILL)
    _end_all()
    if os.getppid() != spec["parent"]:  # Nobody else is left to clean up.
        sys.path.append(spec["packages"])
        removal: Any = importlib.import_module("podium.workspace.removal")
        removal.remove_tree(Path(spec["private"]))


def _supervise(spec: dict[str, Any]) -> None:
    """Run the command confined, report how it ended, and exit."""
    try:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        _drop_capabilities()
        # Python ignores these two, and what a process ignores its children ignore.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        for limit, value in (
            (resource.RLIMIT_FSIZE, spec["file_bytes"]),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (value, value))
        report = _run(spec)
    except BaseException as error:  # noqa: BLE001 - Whatever it is, the engine must learn of it.
        report = {"error": f"{type(error).__name__}: {error}"}
    os.write(spec["status"], json.dumps(report).encode()[:4000])
    os._exit(0)


def _run(spec: dict[str, Any]) -> dict[str, Any]:
    # The waiting parent does not pay for these imports.
    sys.path.append(spec["packages"])
    sandlock: Any = importlib.import_module("podium.sandbox.sandlock_port")
    metadata: Any = importlib.import_module("podium.sandbox.metadata")
    system_calls: Any = importlib.import_module("podium.sandbox.system_calls")
    system_calls.restrict()
    refused = (*metadata.REFUSED, *system_calls.REFUSED)
    return sandlock.run(spec, answers=metadata.answers(spec["writable"]), refused=refused)


def _end_all() -> None:
    """Kill children until there is none; those of a dead child become ours."""
    while children := _children():
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(-1, 0)
        _reap()


def _reap() -> set[int]:
    """Return the children that have ended; if ignored, a fork bomb's would pile up."""
    ended: set[int] = set()
    with suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            ended.add(pid)
    return ended


def _children() -> list[int]:
    own = os.getpid()
    found: list[int] = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                # The name in parentheses may hold anything, parentheses too.
                fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
                if int(fields[1]) == own:
                    found.append(int(process.name))
    return found


def _drop_capabilities() -> None:
    """Make sure that a command run as root has no capabilities from the start.

    With one it could make a device node in its worktree, which Landlock lets it open.
    """
    if os.geteuid() == 0:
        last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="ascii"))
        for capability in range(last + 1):
            _prctl(PR_CAPBSET_DROP, capability)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main()
