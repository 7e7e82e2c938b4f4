"""One language server on one tree, kept running between questions.

What it says counts only for the content that is there now.  Pulled diagnostics are
asked for after the server was told of that content; published ones must carry its
version.  A server that publishes without versions is believed only while it has seen
one content of each file, and started anew when there is a second.

`workspace/diagnostic` is not used, though some servers offer it: its answer leaves out
files that it did not look at as well as clean ones, and `ty` 0.0.104 holds it back for
as long as nothing is wrong (tried).  Each file is asked for by itself instead.
"""

import asyncio
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pydantic import ValidationError

from podium.domain.base import Frozen
from podium.errors import UserError
from podium.languages.capabilities import initialize_params
from podium.languages.connection import Connection
from podium.languages.conversation import ServerConversation
from podium.languages.diagnosis import Diagnosis
from podium.languages.documents import OpenDocuments
from podium.languages.failures import ServerDied, ServerFailed, ServerRefused
from podium.languages.incoming import FullReport, Initialized, ReportedDiagnostic, of_file
from podium.languages.launch import Launch
from podium.workspace.roots import Roots

AT_ONCE = 16
"""Pull requests in flight."""


class Patience(Frozen):
    """How long to wait for a server, in seconds."""

    start_s: float = 30
    answer_s: float = 60
    quiet_s: float = 0.5
    """How long a server that publishes must be quiet before its diagnostics are final."""
    total_s: float = 600


class _Running(NamedTuple):
    connection: Connection
    conversation: ServerConversation
    documents: OpenDocuments


class ServerSession:
    """A server command on a tree; its process is started when it is needed."""

    def __init__(
        self,
        command: Sequence[str],
        tree: Path,
        language_of: Callable[[str], str],
        launch: Launch,
        patience: Patience,
    ) -> None:
        self._command = tuple(command)
        self._tree = tree
        self._language_of = language_of
        self._launch = launch
        self._patience = patience
        self._roots = Roots(tree)
        self._running: _Running | None = None
        self._turn = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether a request is in flight."""
        return self._turn.locked()

    async def diagnose(self, paths: Sequence[str]) -> Diagnosis:
        """Return the server's diagnostics of ``paths`` as they are now; one call at a time."""
        async with self._turn:
            try:
                return await self._diagnose(paths)
            except ServerDied:
                await self._end()
            try:
                return await self._diagnose(paths)
            except ServerDied as error:
                return self._unknown(f"it ended twice: {error}")

    async def close(self) -> None:
        """Stop the server, after its in-flight request."""
        async with self._turn:
            running, self._running = self._running, None
            if running is not None:
                await running.connection.close()

    async def _diagnose(self, paths: Sequence[str]) -> Diagnosis:
        """Ask once; whatever goes wrong, no half-told server stays behind."""
        try:
            async with asyncio.timeout(self._patience.total_s):
                return await self._ask(paths)
        except ServerDied:
            await self._end()
            raise
        except TimeoutError:
            await self._end()
            return self._unknown(f"it was not done within {self._patience.total_s:g} s")
        except UserError as error:
            await self._end()
            return self._unknown(str(error))
        except BaseException:
            await self._end()
            raise

    async def _ask(self, paths: Sequence[str]) -> Diagnosis:
        running = await self._caught_up(paths)
        unreadable = running.documents.unreadable
        readable = [path for path in dict.fromkeys(paths) if path not in unreadable]
        said = Diagnosis(unknown=tuple(unreadable.values()))
        if not running.conversation.pulls:
            await self._wait_for_publication(running, readable)
        if running.conversation.pulls:
            return Diagnosis.joined((said, *await self._pull(running, readable)))
        return Diagnosis.joined((said, *(self._published(running, path) for path in readable)))

    async def _caught_up(self, paths: Sequence[str]) -> _Running:
        """Return the server after it was told of everything as it is now."""
        running = self._running or await self._start()
        renew = not running.conversation.pulls
        told = await asyncio.to_thread(running.documents.catch_up, paths, renew=renew)
        if running.conversation.is_versionless and running.documents.has_changed:
            await self._end()
            running = await self._start()
            told = await asyncio.to_thread(running.documents.catch_up, paths, renew=False)
        for method, params in told:
            running.connection.notify(method, params)
            await running.connection.flush()
        return running

    async def _start(self) -> _Running:
        process = await self._launch(self._command, self._tree)
        self._roots = Roots(self._tree, process.private)
        documents = OpenDocuments(self._tree, self._language_of)
        conversation = ServerConversation(self._tree, documents.path)
        connection = Connection(process, conversation.handlers())
        connection.when_ended(conversation.news.set)
        self._running = _Running(connection, conversation, documents)
        answer = await connection.request(
            types.INITIALIZE, initialize_params(self._tree), timeout_s=self._patience.start_s
        )
        try:
            conversation.offer(Initialized.model_validate(answer).capabilities)
        except ValidationError:
            message = "its answer to initialize is not valid LSP"
            raise ServerFailed(message) from None
        connection.notify(types.INITIALIZED, types.InitializedParams())
        return self._running

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running.connection.kill()

    async def _pull(self, running: _Running, paths: Sequence[str]) -> list[Diagnosis]:
        said: list[Diagnosis] = []
        questions = [(path, pull) for path in paths for pull in running.conversation.pulls]
        for first in range(0, len(questions), AT_ONCE):
            answers = await asyncio.gather(
                *(self._pull_one(running, *it) for it in questions[first : first + AT_ONCE]),
                return_exceptions=True,
            )
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
                said.append(answer)
        return said

    async def _pull_one(self, running: _Running, path: str, identifier: str | None) -> Diagnosis:
        document = types.TextDocumentIdentifier(uri=running.documents.uri(path))
        params = types.DocumentDiagnosticParams(text_document=document, identifier=identifier)
        try:
            answer = await running.connection.request(
                types.TEXT_DOCUMENT_DIAGNOSTIC, params, timeout_s=self._patience.answer_s
            )
            return self._read(path, FullReport.model_validate(answer).items)
        except ServerRefused as error:
            return self._unknown(f"{path}: {error}")
        except ValidationError:
            return self._unknown(f"{path}: it did not answer with diagnostics")

    async def _wait_for_publication(self, running: _Running, paths: Sequence[str]) -> None:
        """Wait until all is published and the server is quiet, or offers pull diagnostics."""
        news = running.conversation.news
        while True:
            news.clear()
            await running.connection.flush()
            if running.conversation.pulls:
                return
            is_complete = all(self._is_current(running, path) for path in paths)
            limit = self._patience.quiet_s if is_complete else self._patience.answer_s
            try:
                await asyncio.wait_for(news.wait(), limit)
            except TimeoutError:
                return

    def _is_current(self, running: _Running, path: str) -> bool:
        """Whether what was published for ``path`` is about its current content."""
        published = running.conversation.published.get(path)
        if published is None:
            return False
        if published.version is None:
            return not running.documents.has_changed
        return published.version == running.documents.version(path)

    def _published(self, running: _Running, path: str) -> Diagnosis:
        if not self._is_current(running, path):
            waited = f"within {self._patience.answer_s:g} s"
            return self._unknown(f"{path}: it said nothing about the current content {waited}")
        return self._read(path, running.conversation.published[path].diagnostics)

    def _read(self, path: str, reported: Sequence[ReportedDiagnostic]) -> Diagnosis:
        try:
            return Diagnosis(diagnostics=of_file(path, reported, self._command[0], self._roots))
        except ServerRefused as error:
            return self._unknown(f"{path}: {error}")

    def _unknown(self, reason: str) -> Diagnosis:
        reason = self._roots.relative(reason)
        return Diagnosis(unknown=(f"{shlex.join(self._command)}: {reason}",))
