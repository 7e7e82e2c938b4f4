"""The engine's view of open plan documents, and its way to change them.

The engine is told of every version that stood for a moment, and of the latest one before any
command.  What it wants written arrives as a whole text together with the text it was made from: if
somebody typed meanwhile it is told what they typed and makes its text again, so nothing is lost.
An editor may take as long as it likes to answer, but a document that it closes it changes no more.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from podium.errors import PodiumError, UserError
from podium_server.documents import TextDocument
from podium_server.edits import edits_between
from podium_server.engine_client import EngineLink
from podium_server.paths import is_plan
from podium_server.reading import Open, Reader
from podium_server.to_lsp import LspConverter

if TYPE_CHECKING:
    from podium.protocol.client import EngineClient

log = logging.getLogger(__name__)
_STANDS_S = 0.15
_TOLD_WITHIN_S = 2.0
_POLL_S = 0.005
_NOT_APPLIED = {"applied": False}


class OpenWorkspace(Protocol):
    """What the editor has open; without a workspace there is neither reader nor engine."""

    @property
    def reader(self) -> Reader | None:
        """What knows the open documents by their paths."""
        ...

    @property
    def engine(self) -> EngineLink | None:
        """Whom to tell of them."""
        ...

    def wire_of(self, document: TextDocument) -> LspConverter:
        """Return what converts for this version of a document."""
        ...

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let ``work`` go on in the background."""
        ...


class Forwarding:
    """Keeps the engine's texts and the editor's in step."""

    def __init__(self, ls: LanguageServer, workspace: OpenWorkspace) -> None:
        self._ls, self._workspace = ls, workspace
        self._sent: dict[str, str] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: dict[str, asyncio.Lock] = {}
        """By path: one edit of a document at a time."""
        self._closed: dict[str, asyncio.Event] = {}
        """By path, for as long as an edit of the document is under way."""

    def changed(self) -> None:
        """Tell the engine soon: a plan document was opened, changed or closed."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_STANDS_S, lambda: self._workspace.spawn(self.flush()))

    def closed(self, path: str) -> None:
        """Tell the engine soon that a document was closed, and wait for no edit of it any more."""
        if path in self._closed:
            self._closed[path].set()
        self.changed()

    async def connected(self, client: "EngineClient") -> None:
        """Tell an engine that knows nothing yet."""
        self._sent.clear()
        for it in self._plans():
            self._sent[it.path] = it.document.text
            try:
                await client.call("document/open", path=it.path, text=it.document.text)
            except PodiumError as error:
                log.warning("document.refused path=%s error=%s", it.path, error)

    async def flush(self) -> None:
        """Tell the engine now whatever it has not been told."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        engine = self._workspace.engine
        if engine is None or not engine.is_connected:
            return
        plans = self._plans()
        for it in plans:
            method = "document/change" if it.path in self._sent else "document/open"
            if self._sent.get(it.path) != it.document.text:
                self._sent[it.path] = it.document.text
                await engine.tell(method, {"path": it.path, "text": it.document.text})
        for path in self._sent.keys() - {it.path for it in plans}:
            del self._sent[path]
            await engine.tell("document/close", {"path": path})

    async def write(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put the engine's text into an open document; say whether it stands there now.

        Raises:
            UserError: The editor refuses.
        """
        path = str(params["path"])
        async with self._writing.setdefault(path, asyncio.Lock()):
            found = self._found(path)
            if found is None or found.document.text != params["before"]:
                await self.flush()
                return _NOT_APPLIED
            edits = edits_between(found.document.text, str(params["text"]))
            label = str(params.get("label") or "Podium")
            edit = self._workspace.wire_of(found.document).workspace_edit(edits, label)
            try:
                result = await self._asked(path, types.ApplyWorkspaceEditParams(edit, label))
            except JsonRpcException as error:
                result = types.ApplyWorkspaceEditResult(applied=False, failure_reason=str(error))
            if result is None:
                await self.flush()
                return _NOT_APPLIED
            # The editor tells of its new text before or after it answers.
            is_told = await self._is_told_of_more(found, within_s=_TOLD_WITHIN_S)
            if result.applied:
                return {"applied": True}
            if is_told:  # Somebody typed while the edit was on its way.
                await self.flush()
                return _NOT_APPLIED
        reason = result.failure_reason or "it gives no reason"
        message = f"the editor does not let Podium change {path!r}: {reason}"
        raise UserError(message)

    async def _asked(
        self, path: str, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult | None:
        """Return the editor's answer; ``None`` if it closes the document before it gives one."""
        is_closed = self._closed[path] = asyncio.Event()
        answer = asyncio.ensure_future(self._ls.workspace_apply_edit_async(params))
        closing = asyncio.create_task(is_closed.wait())
        try:
            await asyncio.wait({answer, closing}, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else None
        finally:
            del self._closed[path]
            closing.cancel()
            answer.cancel()

    async def _is_told_of_more(self, found: Open, *, within_s: float) -> bool:
        """Whether the editor tells of another version than the one in ``found``."""
        for _ in range(int(within_s / _POLL_S)):
            now = self._found(found.path)
            if now is None or now.document is not found.document:
                return True
            await asyncio.sleep(_POLL_S)
        return False

    def _found(self, path: str) -> Open | None:
        return self._workspace.reader.open.get(path) if self._workspace.reader else None

    def _plans(self) -> list[Open]:
        reader = self._workspace.reader
        return [it for it in reader.open.values() if is_plan(it.path)] if reader else []
