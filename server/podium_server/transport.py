"""LSP's frames on standard input and output, bounded, without a thread and without blocking.

pygls reads in a thread and believes any ``Content-Length``: ``10**18`` ended it with `MemoryError`,
a malformed one left it waiting for ever.  Here a frame that cannot be read ends the connection with
an answer that says why, and a client that reads nothing is given up instead of waited for.

The descriptors 0 and 1 are taken away for good: whatever prints by mistake prints to stderr, and
no child process can read what the editor sends.
"""

import asyncio
import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable

MAX_BODY = 64 * 1024 * 1024
"""Bytes; far beyond any document that an editor opens."""
MAX_UNREAD = 256 * 1024 * 1024
"""Bytes that the client may leave unread."""
MAX_HEADERS = 16 * 1024
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]{1,12})[ \t]*\r?$")


class FrameError(Exception):
    """The input is not LSP; nothing after it can be understood."""


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """Return the body of the next message, or ``None`` at the end of the input.

    Raises:
        FrameError: The headers are not LSP's, or the body is larger than `MAX_BODY`.
    """
    try:
        headers = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        message = f"no end of headers within {MAX_HEADERS} bytes"
        raise FrameError(message) from error
    found = _LENGTH.search(headers)
    if found is None:
        message = "a message without a Content-Length"
        raise FrameError(message)
    length = int(found.group(1))
    if length > MAX_BODY:
        message = f"a message of {length} bytes; the limit is {MAX_BODY}"
        raise FrameError(message)
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


class ClientOutput(asyncio.Protocol):
    """Where messages go: never blocks, and keeps what the client has not read yet."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._lost = asyncio.Event()
        self.on_lost: Callable[[], None] = _nothing

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  # connect_write_pipe's.
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature.
        """The client is gone, or everything is flushed."""
        self._lost.set()
        self.on_lost()

    def write(self, data: bytes) -> None:
        """Send ``data`` when the client reads; a client that does not read is given up."""
        if self._transport is None or self._lost.is_set():
            return
        if self._transport.get_write_buffer_size() > MAX_UNREAD:
            self._transport.abort()
            return
        self._transport.write(data)

    def close(self) -> None:
        """Write no more after what was written."""
        if self._transport is not None:
            self._transport.close()

    async def flush(self, timeout_s: float) -> None:
        """Close, and wait at most ``timeout_s`` seconds for the client to read what is left."""
        self.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._lost.wait(), timeout_s)


def _nothing() -> None:
    """Stand in until somebody wants to know."""


async def open_stdio() -> tuple[asyncio.StreamReader, ClientOutput]:
    """Return the editor's end of standard input and output.

    Raises:
        FrameError: They are not pipes, sockets or a terminal.
    """
    for number in (0, 1):
        mode = os.fstat(number).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(number)):
            message = "standard input and output must be pipes: an editor starts this command"
            raise FrameError(message)
    wire_in, wire_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(sys.stderr.fileno(), 1)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MAX_HEADERS)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(wire_in, "rb", buffering=0)
    )
    _, output = await loop.connect_write_pipe(ClientOutput, os.fdopen(wire_out, "wb", buffering=0))
    return reader, output
