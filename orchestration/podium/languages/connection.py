"""One conversation with one language server's process."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any, NamedTuple, cast

from lsprotocol import types
from pygls.client import JsonRPCClient
from pygls.exceptions import JsonRpcException
from pygls.io_ import run_async

from podium.languages.failures import ServerDied, ServerFailed, ServerRefused
from podium.languages.protocol import BoundedOutput, ClientProtocol, FrameTooLarge, Handler
from podium.sandbox.port import Spawned

ASK_AGAIN = frozenset(
    {int(types.LSPErrorCodes.ServerCancelled), int(types.LSPErrorCodes.ContentModified)}
)
"""Error codes of LSP that mean: the request is valid, send it again."""
MAX_TIMES = 5
END_S = 2.0
"""Seconds that a server is given to exit by itself."""
KILL_S = 15.0
"""Seconds to wait for a killed server to exit."""


class _End(NamedTuple):
    """Why reading has stopped, and whether the process or its output is to blame."""

    reason: str
    is_death: bool = True


class Connection(JsonRPCClient):
    """Requests to a server that may die, hang or lie.

    ``handlers`` answers what the server asks or tells; a method that is not in it is refused.
    """

    protocol: ClientProtocol

    def __init__(self, process: Spawned, handlers: Mapping[str, Handler]) -> None:
        super().__init__(protocol_cls=ClientProtocol)
        self._process = process
        self.protocol.answer_with(handlers)
        self.protocol.set_writer(cast("Any", process.stdin))
        self._reading = asyncio.create_task(self._read())

    async def request(self, method: str, params: object, *, timeout_s: float) -> object:
        """Return the server's answer.

        Raises:
            ServerDied: The process ended or closed its output.
            ServerRefused: It will not answer this question.
            ServerFailed: It said nothing for ``timeout_s``.
        """
        for _ in range(MAX_TIMES):
            try:
                return await self._request_once(method, params, timeout_s)
            except JsonRpcException as error:
                if error.code not in ASK_AGAIN:
                    message = f"it refused {method}: {error.message[:300]}"
                    raise ServerRefused(message) from None
        message = f"it postponed {method} {MAX_TIMES} times"
        raise ServerRefused(message)

    async def _request_once(self, method: str, params: object, timeout_s: float) -> object:
        msg_id = str(uuid.uuid4())
        answer = self.protocol.send_request_async(method, params, msg_id)
        try:
            await self.flush()
            await asyncio.wait(
                {answer, self._reading}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
            if answer.done():
                return cast("object", await answer)
        finally:
            answer.cancel()
            self.protocol.forget(msg_id)
        await self.flush()
        message = f"it did not answer {method} within {timeout_s:g} s"
        raise ServerFailed(message)

    def notify(self, method: str, params: object) -> None:
        """Send the server a notification."""
        self.protocol.notify(method, params)

    async def flush(self) -> None:
        """Wait until the server has received what it was sent.

        Raises:
            ServerFailed: It no longer can.
        """
        try:
            await self._process.stdin.drain()
        except OSError:
            raise await self._failure(_End("its output ended")) from None
        if self._reading.done():
            raise await self._failure(self._reading.result())

    def when_ended(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called when the server says nothing more."""
        self._reading.add_done_callback(lambda _: tell())

    async def close(self) -> None:
        """End the server, asking it first."""
        if not self._reading.done():
            try:
                await self._request_once(types.SHUTDOWN, None, END_S)
                self.notify(types.EXIT, None)
                await asyncio.wait_for(self._process.wait(), END_S)
            except (ServerFailed, JsonRpcException, OSError, TimeoutError):
                pass  # It is killed below.
        await self.kill()

    async def kill(self) -> None:
        """End the server at once."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._process.kill()
        # A full pipe that is not read keeps asyncio from noticing the end.
        ending = asyncio.gather(self._process.wait(), self._drain(), return_exceptions=True)
        await asyncio.wait({ending}, timeout=KILL_S)
        ending.cancel()
        self._process.stdin.close()

    async def _drain(self) -> None:
        while await self._process.stdout.read(65_536):
            pass

    async def _read(self) -> _End:
        """Handle the server's messages until they end, and return why they did."""
        try:
            await run_async(
                stop_event=Event(),  # It is cancelled instead.
                reader=cast("Any", BoundedOutput(self._process.stdout)),
                protocol=self.protocol,
            )
        except FrameTooLarge as error:
            return _End(str(error), is_death=False)
        except (asyncio.IncompleteReadError, OSError):
            pass  # It ended in the middle of a message.
        except ValueError:
            return _End("its output is not LSP", is_death=False)
        return _End("its output ended")

    async def _failure(self, end: _End) -> ServerFailed:
        """Return the error that says ``end``, with the exit status of a dead process."""
        if not end.is_death:
            return ServerFailed(end.reason)
        try:
            status = await asyncio.wait_for(self._process.wait(), END_S)
        except TimeoutError:
            return ServerDied(end.reason)
        last = self._process.complaints().strip().rpartition("\n")[2].strip()
        words = f": {last[:300]}" if last else ""
        return ServerDied(f"{end.reason}; exit status {status}{words}")
