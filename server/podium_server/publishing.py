"""Tells the client what is new: diagnostics for files, and that lenses and hints are stale.

Diagnostics are pushed.  A client that pulls and can be told to pull again pulls those of its open
documents instead, so that nothing is shown twice; files that it has not open are pushed always.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from podium_server.session import EditorSession

log = logging.getLogger(__name__)


class Publisher:
    """Coalesces: whatever changes in one turn of the event loop is told once."""

    def __init__(self, session: "EditorSession") -> None:
        self._session = session
        self._stale: set[str] = set()
        self._told: dict[str, list[types.Diagnostic]] = {}
        self._is_scheduled = False
        self._refreshing: asyncio.Task[None] | None = None
        self._refresh_again = False

    def touch(self, uris: Iterable[str]) -> None:
        """Note that the diagnostics of these documents may be different now."""
        self._stale.update(uris)
        if self._stale and not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def touch_all(self) -> None:
        """Note that the board has changed: everything may look different."""
        self.touch({*self._session.documents, *self._told, *self._session.uris_of_interest()})
        self._refresh_again = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh(), name="refresh")

    def _flush(self) -> None:
        self._is_scheduled = False
        stale, self._stale = self._stale, set()
        for uri in sorted(stale):
            is_pulled = self._session.client.pulls_diagnostics and uri in self._session.documents
            found = [] if is_pulled else self._session.diagnostics(uri)
            if found != self._told.get(uri, []):
                self._push(uri, found)

    def _push(self, uri: str, found: list[types.Diagnostic]) -> None:
        document = self._session.documents.get(uri)
        version = document.version if document else None
        if found:
            self._told[uri] = found
        else:
            self._told.pop(uri, None)
        self._session.ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    async def _refresh(self) -> None:
        """Ask the client to ask again, one round at a time, however fast the board changes."""
        while self._refresh_again:
            self._refresh_again = False
            client = self._session.client
            wanted = {
                types.WORKSPACE_CODE_LENS_REFRESH: client.refreshes_lenses,
                types.WORKSPACE_INLAY_HINT_REFRESH: client.refreshes_hints,
                types.WORKSPACE_DIAGNOSTIC_REFRESH: client.pulls_diagnostics,
            }
            answers: list[Any] = [
                self._session.ls.protocol.send_request_async(method)
                for method, is_wanted in wanted.items()
                if is_wanted
            ]
            for answer in await asyncio.gather(*answers, return_exceptions=True):
                if isinstance(answer, JsonRpcException):
                    log.warning("refresh.refused error=%s", answer)
