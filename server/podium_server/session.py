"""One editor's session: its open documents, the latest board, and what follows from both."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from podium.document import split_lines
from podium.errors import UserError
from podium.text.plain import paragraph
from podium_server.analysis.code_diagnostics import code_diagnostics, paths_of_interest
from podium_server.analysis.plan_diagnostics import plan_diagnostics
from podium_server.analysis.runs import is_going_on
from podium_server.board import BoardMirror
from podium_server.client import Client
from podium_server.documents import TextDocument
from podium_server.engine_client import EngineLink
from podium_server.files import Files
from podium_server.forwarding import Forwarding
from podium_server.news import News
from podium_server.paths import PLANS, is_plan, path_of, relative_to, workspace_of
from podium_server.progress import RunProgress
from podium_server.publishing import Publisher
from podium_server.reading import Open, Reader
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot
from podium_server.to_lsp import LspConverter, uri_of

if TYPE_CHECKING:
    from podium.domain.base import PlanId
    from podium.protocol.client import EngineClient

log = logging.getLogger(__name__)


class EditorSession:
    """Holds what handlers and commands ask; the engine's `Listener`."""

    def __init__(self, ls: LanguageServer, client: Client) -> None:
        self.ls, self.client = ls, client
        self.documents: dict[str, TextDocument] = {}
        self.board = BoardMirror()
        self.publisher = Publisher(ls, client, self)
        self.progress = RunProgress(ls, client, self.board)
        self.forwarding = Forwarding(ls, self)
        self.news = News(self)
        self.root: Path | None = None
        self.files: Files | None = None
        self.reader: Reader | None = None
        self.engine: EngineLink | None = None
        self._background: set[asyncio.Task[Any]] = set()
        self._unserved: set[Path] = set()
        folders = sorted(self.client.folders, key=lambda it: not (it / ".podium").is_dir())
        if folders:
            self._settle(folders[0])

    def begin(self) -> None:
        """Connect to the engine if this workspace uses Podium at all."""
        if self.engine is not None and self.root is not None and (self.root / ".podium").is_dir():
            self.engine.start()
        for folder in self.client.folders:
            if (folder / PLANS).is_dir():
                self._check_served(folder)

    async def ready(self) -> EngineLink:
        """Return the engine when it is connected and the board is known.

        Raises:
            UserError: It cannot be started, or there is no workspace to have one.
        """
        if self.engine is None:
            message = "Podium works in a folder with a Git repository; open one"
            raise UserError(message)
        await self.engine.ready()
        return self.engine

    async def close(self) -> None:
        """Leave; the engine and what runs in it go on."""
        for task in self._background:
            task.cancel()
        if self.engine is not None:
            await self.engine.close()

    def open(self, document: TextDocument) -> None:
        """Take a document's first or next version."""
        path = document.path
        if path is not None and (root := workspace_of(path)) is not None:
            self._check_served(root)
        self.documents[document.uri] = document
        relative = self.relative(document.uri)
        if self.reader is not None and relative is not None:
            self.reader.open[relative] = Open(document, relative)
            if is_plan(relative) and self.engine is not None:
                self.engine.start_once()
                self.forwarding.changed()
        self.publisher.touch([document.uri])

    def shut(self, uri: str) -> None:
        """Forget a document that the editor has closed."""
        self.documents.pop(uri, None)
        relative = self.relative(uri)
        if self.reader is not None and relative is not None:
            self.reader.open.pop(relative, None)
            self.forwarding.closed(relative)
        self.publisher.touch([uri])

    def relative(self, uri: str) -> str | None:
        """Return a document's path relative to the workspace; ``None`` outside of it."""
        path = path_of(uri)
        return relative_to(self.root, path) if self.root and path else None

    def snapshot(self, uri: str) -> Snapshot | None:
        """Return what is known of a document of the workspace."""
        relative = self.relative(uri)
        return self.reader.snapshot(relative, uri) if self.reader and relative else None

    def wire(self, uri: str) -> LspConverter:
        """Return what converts for a document, open or not."""
        document = self.documents.get(uri)
        if document is not None:
            return self.wire_of(document)
        relative = self.relative(uri)
        text = self.reader.text(relative) if self.reader and relative else None
        return LspConverter(self.client, self.root or Path("/"), uri, None, split_lines(text or ""))

    def wire_of(self, document: TextDocument) -> LspConverter:
        """Return what converts for this version of a document."""
        root = self.root or Path("/")
        return LspConverter(self.client, root, document.uri, document.version, document.lines)

    def diagnostics(self, uri: str) -> list[types.Diagnostic]:
        """Return the diagnostics of a document, open or not."""
        match self.snapshot(uri):
            case PlanSnapshot() as snapshot:
                # Mistakes in a plan that nobody looks at are nobody's concern.
                is_shown = uri in self.documents or is_going_on(snapshot.request)
                found = plan_diagnostics(snapshot) if is_shown else ()
            case CodeSnapshot() as snapshot:
                found = code_diagnostics(snapshot)
            case _:
                found = ()
        wire = self.wire(uri) if found else None
        return [wire.diagnostic(it) for it in found] if wire else []

    def uris_of_interest(self) -> Iterable[str]:
        """Return the documents that the board has something to say about."""
        requests = self.board.requests
        plans = (it.path for it in requests if is_going_on(it))
        paths = {*paths_of_interest(requests), *plans}
        return [uri for path in paths if (uri := self.uri_of(path)) is not None]

    def uri_of(self, path: str) -> str | None:
        """Return the URI of a file of the workspace, spelled as the editor spells it."""
        found = self.reader.open.get(path) if self.reader else None
        if found is not None:
            return found.document.uri
        return uri_of(self.root, path) if self.root else None

    def say(self, kind: types.MessageType, message: str) -> None:
        """Show a message; the editor says that it is Podium's."""
        self.ls.window_show_message(types.ShowMessageParams(kind, paragraph(message)))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let ``work`` go on in the background for as long as the session lasts."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._finished)

    async def engine_connected(self, engine: "EngineClient") -> None:
        """Tell it what is open, and hear what there is."""
        await self.forwarding.connected(engine)
        self.news.check_version(str(engine.hello.get("version", "")))
        told = await engine.call("board/subscribe")
        self._take(self.board.replace(told["requests"]), told["notices"])

    def engine_ready(self) -> None:
        """Tell it what has changed since it was connected."""
        self.forwarding.changed()

    def engine_said(
        self, method: str, params: Mapping[str, Any]
    ) -> Awaitable[Mapping[str, Any]] | None:
        """Take a change of the board, write into a document, or say what is unsaved."""
        if method == "editor/unsaved":
            return self._unsaved()
        if method == "document/edit":
            return self.forwarding.write(params)
        if method == "engine/stopping" and self.engine is not None:
            self.engine.dismiss()
        if method == "board/changed":
            self._take(self.board.update(params["requests"]), params["notices"])
        return None

    def engine_gone(self, reason: str) -> None:
        """Say so once, and show nothing that may be out of date."""
        if reason:
            self.say(types.MessageType.Error, reason)
        self.board.replace(())
        self.progress.end_all()
        self.publisher.touch_all()

    async def _unsaved(self) -> Mapping[str, Any]:
        """Return the open files whose text is not what is on disk."""
        if self.reader is None or self.files is None:
            return {"paths": []}
        opened = self.reader.open.items()
        return {"paths": [path for path, it in opened if it.document.text != self.files.text(path)]}

    def _take(self, plans: "Iterable[PlanId]", notices: Iterable[str]) -> None:
        if self.reader is not None:
            self.reader.check_configuration()  # The engine tells of its changes, too.
        self.publisher.touch_all()
        self.news.warn(notices)
        for plan in plans:
            request = self.board.request(plan)
            if request is not None:
                self.progress.show(request)
                self.news.tell(request)

    def _check_served(self, root: Path) -> None:
        """Serve a workspace with plans; of several only the first, and say so of the others."""
        if self.root is None:
            self._settle(root)
        elif root not in {self.root, *self._unserved} and root.resolve() != self.root.resolve():
            self._unserved.add(root)
            message = (
                f"Podium looks after {self.root.name!r} here, and not after the plans of "
                f"{root.name!r}: open that folder in a window of its own"
            )
            self.say(types.MessageType.Info, message)

    def _settle(self, root: Path) -> None:
        self.root = root
        self.files = Files(root)
        self.reader = Reader(self.files, self.board)
        self.engine = EngineLink(root, self)

    def _finished(self, task: "asyncio.Task[Any]") -> None:
        self._background.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background.failed", exc_info=task.exception())
