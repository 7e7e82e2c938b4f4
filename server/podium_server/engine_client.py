"""The connection to the workspace's engine: made in the background, made again when it breaks.

Nothing an editor asks waits for it but the commands.  When the engine dies it is started again and
goes on with what was under way.  When it cannot be started the user is told once, and only a
command tries again: a language server must not start a broken daemon every second.  One that
somebody stopped is left alone, too; but when somebody else starts one, as `podium resume` in a
shell, this editor shows what it does.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from podium.errors import PodiumError, UserError

if TYPE_CHECKING:
    from podium.protocol.client import EngineClient

log = logging.getLogger(__name__)
_FIRST_PAUSE_S = 0.05
_LAST_PAUSE_S = 5.0
_MAX_SHORT_LIVES = 8
_LOOK_S = 1.0
_STEADY_S = 20.0
"""An engine that lived this long did not die of being started."""


class Listener(Protocol):
    """Who wants to know what the engine says."""

    async def engine_connected(self, engine: "EngineClient") -> None:
        """The connection stands; nothing was said on it yet."""

    def engine_ready(self) -> None:
        """From now on `Engine.tell` reaches it."""

    def engine_said(
        self, method: str, params: Mapping[str, Any]
    ) -> Awaitable[Mapping[str, Any]] | None:
        """Take what the engine says; what this yields is the answer, if it asked."""

    def engine_gone(self, reason: str) -> None:
        """There is no engine, and nobody starts one before `Engine.ready`.

        Args:
            reason: What to tell the user; empty if they know.
        """


class EngineLink:
    """The engine of one workspace, whether it lives just now or not."""

    def __init__(self, workspace: Path, listener: Listener) -> None:
        self._workspace, self._listener = workspace, listener
        self._client: EngineClient | None = None
        self._changed = asyncio.Condition()
        self._keeper: asyncio.Task[None] | None = None
        self._failure = ""
        self._is_wanted = asyncio.Event()
        """Whether one is to be started if there is none."""
        self._is_dismissed = False
        self._n_waiting = 0

    def dismiss(self) -> None:
        """Do not start it again when it ends: somebody stops it on purpose."""
        self._is_dismissed = True

    def start(self) -> None:
        """Connect in the background, unless that is already under way."""
        if not self._is_wanted.is_set():
            self._failure = ""
            self._is_wanted.set()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="engine")

    def start_once(self) -> None:
        """Connect in the background, unless that has been tried before."""
        if self._keeper is None:
            self.start()

    @property
    def is_connected(self) -> bool:
        """Whether an engine listens just now."""
        return self._client is not None

    async def call(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401  # JSON.
        """Ask the engine, which is started if need be.

        Raises:
            UserError: It cannot be started, died meanwhile, or refuses; the message says why.
        """
        return await (await self.ready()).call(method, **params)

    async def tell(self, method: str, params: Mapping[str, Any]) -> None:
        """Tell a connected engine; one that connects later is told everything then."""
        if self._client is None:
            return
        try:
            await self._client.call(method, **params)
        except PodiumError as error:
            log.warning("engine.not_told method=%s error=%s", method, error)

    async def close(self) -> None:
        """Leave the engine alone; what runs goes on without us."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def ready(self) -> "EngineClient":
        """Wait until an engine is connected; start it if need be.

        Raises:
            UserError: It cannot be started.
        """
        self.start()
        self._n_waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: self._client is not None or self._failure)
        finally:
            self._n_waiting -= 1
        if self._client is None:
            raise UserError(self._failure)
        return self._client

    async def _keep(self) -> None:
        pause_s, n_short_lives = 0.0, 0
        while True:
            await asyncio.sleep(pause_s)
            pause_s, started = 0.0, time.monotonic()
            is_over = await self._live_once(start=self._is_wanted.is_set())
            if is_over:
                n_short_lives = 0
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._is_wanted.wait(), _LOOK_S)
                continue
            n_short_lives = n_short_lives + 1 if time.monotonic() - started < _STEADY_S else 0
            if n_short_lives == _MAX_SHORT_LIVES:
                await self._fail(
                    "the engine ends right after its start, again and again; see its log"
                )
                continue
            pause_s = min(_FIRST_PAUSE_S * 2**n_short_lives, _LAST_PAUSE_S)
            log.warning("engine.lost again_in_s=%.2f", pause_s)

    async def _live_once(self, *, start: bool) -> bool:
        """Be connected as long as an engine lives; return whether to wait until one is wanted."""
        try:
            await self._live(start=start)
        except PodiumError as error:
            if start:
                await self._fail(str(error))
            return True
        except Exception:
            log.exception("engine.unconnected")
            await self._fail("the connection to the engine failed; the editor's log says where")
            return True
        if self._is_dismissed:
            self._is_dismissed = False
            self._is_wanted.clear()
            self._listener.engine_gone("")
            return True
        return False

    async def _fail(self, reason: str) -> None:
        # Who waits for the engine tells the user; with nobody waiting it is ours to tell.
        is_told = self._n_waiting > 0
        self._is_wanted.clear()
        await self._become(None, failure=reason)
        self._listener.engine_gone("" if is_told else reason)

    async def _live(self, *, start: bool) -> None:
        """Connect, tell it what is open, and return when the connection has ended."""
        from podium.protocol.client import EngineClient  # noqa: PLC0415  # Loaded when needed.
        from podium.protocol.wire import Disconnected  # noqa: PLC0415  # As above.

        client = await EngineClient.connect(
            self._workspace,
            start=start,
            on_notification=self._listener.engine_said,
            name="podium lsp",
            is_editor=True,
        )
        self._is_wanted.set()
        try:
            await self._listener.engine_connected(client)
            await self._become(client)
            self._listener.engine_ready()
            await client.closed.wait()
        except Disconnected:
            pass  # It died while it was told what is open: as good as lost.
        finally:
            await self._become(None)
            await client.aclose()

    async def _become(self, client: "EngineClient | None", failure: str = "") -> None:
        async with self._changed:
            self._client, self._failure = client, failure
            self._changed.notify_all()
