"""A trial of a sandbox: a program tries to get out, and we check what it reached.

What it should not reach is ours and made for it: a mark to write, a secret to read, sockets
that listen.  Only the home directory is the user's; the program asks for a list of it and is
believed when it got one.
"""

import json
import os
import secrets
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from podium.sandbox import toolchain
from podium.sandbox.port import Command, SandboxFailed

EXPECTED = 42
_LISTED = "listed the home directory"
_LISTENED = "listened to the network"
_PROGRAM = f"""
import _socket, json, os, sys
bait = json.loads(sys.argv[1])
def connect(*kind):
    with_timeout(*kind).connect(tuple(bait["stream"]))
def send(*kind, flags=0, to="datagram"):
    with_timeout(*kind).sendto(b"x", flags, tuple(bait[to]))
def with_timeout(*kind):
    made = _socket.socket(*kind)
    made.settimeout(1)
    return made
def list_home():
    os.listdir(bait["home"])
    print({_LISTED!r})
def listen(*kind):
    _socket.socket(*kind).listen()
    print({_LISTENED!r})
STREAM, DATAGRAM = (_socket.AF_INET, _socket.SOCK_STREAM), (_socket.AF_INET, _socket.SOCK_DGRAM)
MPTCP, FASTOPEN = (*STREAM, 262), 0x20000000
for attempt in (
    lambda: open(bait["mark"], "w").close(),
    lambda: print(open(bait["secret"]).read()),
    list_home,
    lambda: connect(*STREAM),
    lambda: connect(*MPTCP),
    lambda: send(*STREAM, flags=FASTOPEN, to="stream"),
    lambda: send(*DATAGRAM),
    lambda: listen(*STREAM),
    lambda: listen(*MPTCP),
):
    try:
        attempt()
    except OSError:
        pass
sys.exit({EXPECTED})
"""


class Trial:
    """What is laid out around a command of a sandbox.

    Args:
        private: A directory of ours; the command is given only ``tmp`` in it.

    Raises:
        SandboxFailed: There is no loopback to listen at, so the network cannot be tried.
    """

    def __init__(self, private: Path) -> None:
        self.inside = private / "tmp"
        self._mark, self._secret = private / "mark", private / "secret"
        self._token = secrets.token_hex()
        self._secret.write_text(self._token, encoding="ascii")
        with ExitStack() as opened:
            self._datagram = opened.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            try:
                self._stream = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
                self._datagram.bind(("127.0.0.1", 0))
            except OSError as error:
                message = f"nothing can listen here, so the network cannot be tried: {error}"
                raise SandboxFailed(message) from error
            self._opened = opened.pop_all()
        for it in (self._stream, self._datagram):
            it.settimeout(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def command(self, memory_mb: int) -> Command:
        """Return the command that tries; it exits with `EXPECTED` when it has finished."""
        surroundings = toolchain.surroundings(self.inside)
        bait = {
            "mark": str(self._mark),
            "secret": str(self._secret),
            "home": str(Path.home()),
            "stream": self._stream.getsockname(),
            "datagram": self._datagram.getsockname(),
        }
        python = os.path.realpath(sys.executable)
        return Command(
            argv=(python, "-I", "-S", "-c", _PROGRAM, json.dumps(bait)),
            cwd=self.inside,
            readable=(*surroundings.readable, Path(sys.base_prefix)),
            memory_mb=memory_mb,
            env=surroundings.env,
        )

    def reached(self, said: str) -> str | None:
        """Return what was not refused; ``said`` is the output of the command."""
        if self._mark.exists():
            return "a write outside its directories was not refused"
        if self._token in said:
            return "a read outside its directories was not refused"
        if _LISTED in said:
            return "the home directory could be read"
        with suppress(BlockingIOError):
            self._stream.accept()[0].close()
            return "a connection was not refused"
        with suppress(BlockingIOError):
            self._datagram.recv(1)
            return "a datagram was not refused"
        return "a socket could listen to the network" if _LISTENED in said else None
