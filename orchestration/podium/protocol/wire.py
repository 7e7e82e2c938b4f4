"""JSON-RPC 2.0 over a stream, one message a line: both ends of the engine's socket.

Only the standard library is imported: clients pay for this module at their start.
What arrives is not trusted: a frame is bounded, and what is not a message of the
protocol is answered with an error and ends the connection, never the process.
"""

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn, TypeAlias, cast

from podium.errors import PodiumError, UserError

MAX_FRAME_BYTES: Final = 16_000_000
CLOSE_TIMEOUT_S: Final = 1.0
MAX_REQUESTS: Final = 64
"""How many requests of a peer are answered at once; further ones wait unread."""

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
REFUSED: Final = -32000
"""The user can do something about it; the message says what."""

Params: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[str, Params], Awaitable[Any]]
"""Answers a request, or takes a notification; gets its method and parameters."""

log = logging.getLogger(__name__)


class WireError(UserError):
    """An error that is answered as it is; ``code`` is JSON-RPC's."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        self.code = code
        super().__init__(message)


class Disconnected(WireError):
    """The other side went away before it answered."""


class RawJson(bytes):
    """A result that is JSON already, so that a large board is encoded once."""

    __slots__ = ()


class Peer:
    """One end of a connection.

    Args:
        reader: Its ``limit`` bounds a frame: open it with `MAX_FRAME_BYTES`.
        writer: The other direction.
        handler: Answers requests and takes notifications. Called in the order of arrival, each
            in a task of its own, so what it does before its first ``await`` happens in order.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
    ) -> None:
        self.closed = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MAX_REQUESTS)

    async def run(self) -> None:
        """Take messages until either side closes the connection."""
        try:
            while True:
                await self._receive(await self._reader.readuntil(b"\n"))
        except asyncio.IncompleteReadError:
            pass  # The other side hung up.
        except asyncio.LimitOverrunError:
            self._answer_error(None, PARSE_ERROR, f"a message exceeds {MAX_FRAME_BYTES:,} bytes")
        except _MalformedError as error:
            self._answer_error(None, error.code, str(error))
        except OSError:
            pass
        finally:
            await self.aclose()

    async def call(self, method: str, params: Params | None = None) -> Any:  # noqa: ANN401  # JSON.
        """Return the other side's answer.

        Raises:
            WireError: It answered with an error, or went away.
        """
        number = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            frame = {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}
            await self.send(encode(frame))
            return await answer
        finally:
            self._pending.pop(number, None)

    async def notify(self, method: str, params: Params | None = None) -> None:
        """Tell the other side something.

        Raises:
            Disconnected: It is gone.
        """
        await self.send(encode({"jsonrpc": "2.0", "method": method, "params": params or {}}))

    async def send(self, frame: bytes) -> None:
        """Send one encoded frame and wait while the other side is slow to read.

        Raises:
            Disconnected: It is gone.
        """
        if len(frame) > MAX_FRAME_BYTES:
            message = f"a message of {len(frame):,} bytes is too large for the engine's socket"
            raise WireError(message)
        if self.closed.is_set() or self._writer.is_closing():
            raise Disconnected(GONE)
        self._writer.write(frame)
        try:
            await self._writer.drain()
        except OSError:
            raise Disconnected(GONE) from None

    async def aclose(self) -> None:
        """Close the connection and stop answering."""
        if self.closed.is_set():
            return
        self.closed.set()
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(Disconnected(GONE))
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._writer.close()
        with contextlib.suppress(OSError):
            try:
                await asyncio.wait_for(self._writer.wait_closed(), CLOSE_TIMEOUT_S)
            except TimeoutError:
                self._writer.transport.abort()  # It does not read what is left.

    async def _receive(self, line: bytes) -> None:
        message = decode(line)
        if "method" not in message:
            self._take_answer(message)
            return
        method, params, number = message["method"], message.get("params", {}), message.get("id")
        if not isinstance(method, str) or not isinstance(params, dict):
            _malformed("a request needs a method and an object of parameters")
        if not isinstance(number, int | str | None):
            _malformed("a request's id is a number or a string")
        await self._room.acquire()
        work = self._answer(number, method, cast("Params", params), is_call="id" in message)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()

    def _take_answer(self, message: Params) -> None:
        number = message.get("id")
        answer = self._pending.get(number) if isinstance(number, int) else None
        if answer is None or answer.done():
            return  # Who asked did not wait for it.
        error: object = message.get("error")
        if error is None:
            answer.set_result(message.get("result"))
            return
        given = cast("Params", error) if isinstance(error, dict) else {}
        code = given.get("code")
        text = str(given.get("message", "the engine refused without a reason"))
        answer.set_exception(WireError(text, code if isinstance(code, int) else REFUSED))

    async def _answer(
        self, number: int | str | None, method: str, params: Params, *, is_call: bool
    ) -> None:
        try:
            result = await self._handler(method, params)
        except WireError as error:
            code, reason = error.code, str(error)
        except PodiumError as error:
            code, reason = REFUSED, str(error)
        except Exception:
            log.exception("answering %r failed", method)
            code, reason = INTERNAL_ERROR, f"Podium failed inside at {method!r}; its log says where"
        else:
            if is_call:
                # No await since the handler returned: what it subscribed to comes later.
                body = result if isinstance(result, RawJson) else json.dumps(result).encode()
                frame = b'{"jsonrpc":"2.0","id":%s,"result":%s}\n'
                await self._reply(frame % (json.dumps(number).encode(), body), number)
            return
        if is_call:
            self._answer_error(number, code, reason)
        else:
            log.warning("notification %r failed: %s", method, reason)

    async def _reply(self, frame: bytes, number: int | str | None) -> None:
        try:
            await self.send(frame)
        except Disconnected:
            pass
        except WireError as error:
            self._answer_error(number, error.code, str(error))

    def _answer_error(self, number: int | str | None, code: int, reason: str) -> None:
        if not self._writer.is_closing():
            error = {"code": code, "message": reason}
            self._writer.write(encode({"jsonrpc": "2.0", "id": number, "error": error}))


GONE = "the engine's connection was closed; try again"


class _MalformedError(WireError):
    """What came is no message; the connection ends."""


def _malformed(reason: str, code: int = INVALID_REQUEST) -> NoReturn:
    raise _MalformedError(reason, code)


def encode(message: Params) -> bytes:
    """Return a message as one line of ASCII."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Params:
    """Return the message in a line.

    Raises:
        WireError: It is not a JSON object.
    """
    try:
        message: object = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _malformed("a message is not JSON", PARSE_ERROR)
    if not isinstance(message, dict):
        _malformed("a message is not an object")
    return cast("Params", message)


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)
