"""Tells the client what is new: diagnostics for files, and that lenses and hints are stale.

Diagnostics are pushed.  A client that pulls and can be told to pull again pulls those of its open
documents instead, so that nothing is shown twice; files that it has not open are pushed always.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from podium_server.client import Client
from podium_server.documents import TextDocument

log = logging.getLogger(__name__)


class DiagnosticSource(Protocol):
    """Who knows what there is to tell."""

    @property
    def documents(self) -> Mapping[str, TextDocument]:
        """The open documents by URI."""
        ...

    def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """Return the diagnostics of a document, open or not."""
        ...

    def uris_of_interest(self) -> Iterable[str]:
        """Return the documents that the board has something to say about."""
        ...


class Publisher:
    """Coalesces: whatever changes in one turn of the event loop is told once."""

    def __init__(self, ls: LanguageServer, client: Client, source: DiagnosticSource) -> None:
        self._ls, self._client, self._source = ls, client, source
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
        self.touch({*self._source.documents, *self._told, *self._source.uris_of_interest()})
        self._refresh_again = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh(), name="refresh")

    def _flush(self) -> None:
        self._is_scheduled = False
        stale, self._stale = self._stale, set()
        for uri in sorted(stale):
            is_pulled = self._client.pulls_diagnostics and uri in self._source.documents
            found = [] if is_pulled else self._source.diagnostics(uri)
            if found != self._told.get(uri, []):
                self._push(uri, found)

    def _push(self, uri: str, found: list[types.Diagnostic]) -> None:
        document = self._source.documents.get(uri)
        version = document.version if document else None
        if found:
            self._told[uri] = found
        else:
            self._told.pop(uri, None)
        self._ls.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    async def _refresh(self) -> None:
        """Ask the client to ask again, one round at a time, however fast the board changes."""
        while self._refresh_again:
            self._refresh_again = False
            wanted = {
                types.WORKSPACE_CODE_LENS_REFRESH: self._client.refreshes_lenses,
                types.WORKSPACE_INLAY_HINT_REFRESH: self._client.refreshes_hints,
                types.WORKSPACE_DIAGNOSTIC_REFRESH: self._client.pulls_diagnostics,
            }
            answers: list[Any] = [
                self._ls.protocol.send_request_async(method)
                for method, is_wanted in wanted.items()
                if is_wanted
            ]
            for answer in await asyncio.gather(*answers, return_exceptions=True):
                if isinstance(answer, JsonRpcException):
                    log.warning("refresh.refused error=%s", answer)
