"""How long an editor waits for ``initialize`` and what the server weighs then.

Run with ``python benchmarks/lsp_start.py [TIMES]``.  Each round starts every server once, in turn,
so that whatever else the machine does meets them all; medians are printed, with ratios to a bare
pygls server, which has no features at all.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

N_ROUNDS = 10
PATIENCE_S = 40.0
"""After this no further round begins."""
AIM = 1.3
BARE = "from pygls.lsp.server import LanguageServer; LanguageServer('bare', '1').start_io()"
SERVERS = {
    "bare pygls": (sys.executable, "-c", BARE),
    "podium lsp": (sys.executable, "-m", "podium", "lsp"),
    "jedi-language-server": (str(Path(sys.executable).with_name("jedi-language-server")),),
}
INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}


class Start(NamedTuple):
    """One start: seconds until the answer, and the memory then."""

    seconds: float
    megabytes: float


def start(command: tuple[str, ...]) -> Start:
    """Start a server, wait for its answer to ``initialize``, and end it."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None  # noqa: S101  # PIPE.
        assert process.stdout is not None  # noqa: S101  # PIPE.
        send(process, INITIALIZE)
        length = 0
        while line := process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        answer = json.loads(process.stdout.read(length))
        seconds = time.perf_counter() - began
        assert "capabilities" in answer["result"]  # noqa: S101  # It has answered indeed.
        found = Start(seconds, megabytes_of(process.pid))
        process.kill()
    return found


def send(process: "subprocess.Popen[bytes]", message: dict[str, Any]) -> None:
    """Send one LSP message."""
    assert process.stdin is not None  # noqa: S101  # PIPE.
    body = json.dumps(message).encode()
    process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    process.stdin.flush()


def megabytes_of(pid: int) -> float:
    """Return the resident memory of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def main() -> None:
    """Print the table."""
    n_rounds = int(sys.argv[1]) if len(sys.argv) > 1 else N_ROUNDS
    for command in SERVERS.values():
        start(command)  # Compiles what was never imported before.
    began = time.monotonic()
    rounds: list[dict[str, Start]] = []
    while len(rounds) < n_rounds and time.monotonic() - began < PATIENCE_S:
        rounds.append({name: start(command) for name, command in SERVERS.items()})
    medians = {
        name: Start(
            statistics.median(it[name].seconds for it in rounds),
            statistics.median(it[name].megabytes for it in rounds),
        )
        for name in SERVERS
    }
    bare = medians["bare pygls"]
    print(f"{len(rounds)} rounds, medians")
    print(f"{'spawn → initialize':<22} {'ms':>8} {'ratio':>7} {'MB':>8} {'ratio':>7}")
    for name, it in medians.items():
        seconds, megabytes = it.seconds / bare.seconds, it.megabytes / bare.megabytes
        print(
            f"{name:<22} {it.seconds * 1000:8.0f} {seconds:7.2f} "
            f"{it.megabytes:8.1f} {megabytes:7.2f}"
        )
    ratio = medians["podium lsp"].seconds / bare.seconds
    print(f"aim: at most {AIM} times bare pygls; {'met' if ratio <= AIM else 'missed'}")


if __name__ == "__main__":
    main()
