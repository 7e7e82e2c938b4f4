"""The language servers of a workspace: which judges which file, and how long it runs."""

import asyncio
import logging
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from podium.configuration import LanguageSettings
from podium.languages.diagnosis import Diagnosis
from podium.languages.grammars import extension, grammar_of
from podium.languages.launch import Launch
from podium.languages.session import Patience, ServerSession
from podium.languages.syntax import diagnose_syntax

IDLE_S = 120.0
"""Seconds after which an idle server is stopped."""
MAX_SESSIONS = 8
"""Servers that run at the same time, apart from those with a request in flight."""

_Command = tuple[str, ...]
_Key = tuple[Path, _Command]


class LanguageServers:
    """Diagnostics of trees; a server keeps running, so that the next answer is quick."""

    def __init__(
        self,
        languages: Mapping[str, LanguageSettings],
        launch: Launch,
        *,
        patience: Patience | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        # pygls logs every message that it cannot read: a server could fill the disk with them.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
        self._languages = languages
        self._launch = launch
        self._patience = patience or Patience()
        self._idle_s = idle_s
        self._sessions: dict[_Key, ServerSession] = {}
        self._closing: dict[_Key, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def judges(self, path: str) -> bool:
        """Whether a server or a grammar can judge ``path``."""
        return any(True for _ in self._servers(path)) or grammar_of(path) is not None

    def judges_of(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return the commands of the servers that judge ``paths``, as a shell would read them."""
        by_server, others = self._shared_out(paths)
        parsed = ("tree-sitter",) if any(grammar_of(it) is not None for it in others) else ()
        return (*map(shlex.join, by_server), *parsed)

    async def diagnose(self, tree: Path, paths: Sequence[str]) -> Diagnosis:
        """Return the diagnostics of files as they are on disk now.

        Args:
            tree: The root of a worktree.
            paths: Files relative to it; those of which nothing can be said are passed over.

        Returns:
            The diagnostics of every server for each file's extension, or a grammar's
            syntax errors where no server is configured.  Never raises for what a server
            does: ``unknown`` says which answers are missing.
        """
        by_server, others = self._shared_out(paths)
        parts = await asyncio.gather(
            *(self._ask(tree, *it) for it in by_server.items()),
            asyncio.to_thread(diagnose_syntax, tree, others),
        )
        return Diagnosis.joined(parts)

    async def diagnose_afresh(self, tree: Path, paths: Sequence[str]) -> Diagnosis:
        """Return the same from servers that are started for this question and ended after it."""
        await self.close(tree)
        try:
            return await self.diagnose(tree, paths)
        finally:
            await self.close(tree)

    async def close(self, tree: Path) -> None:
        """Stop the servers of a tree, after their in-flight requests."""
        await self._close([key for key in self._sessions if key[0] == tree])

    async def aclose(self) -> None:
        """End all servers."""
        await self._close(list(self._sessions))
        await asyncio.gather(*self._tasks)

    def _shared_out(self, paths: Sequence[str]) -> tuple[dict[_Command, list[str]], list[str]]:
        """Return the files of each language's servers, and those that have none."""
        by_server: dict[_Command, list[str]] = {}
        others: list[str] = []
        for path in dict.fromkeys(paths):
            servers = list(self._servers(path))
            for it in servers:
                by_server.setdefault(it, []).append(path)
            if not servers:
                others.append(path)
        return by_server, others

    def _servers(self, path: str) -> Iterator[_Command]:
        """Yield the command of each server that judges ``path``."""
        for settings in self._languages.values():
            if extension(path) in settings.extensions:
                yield from settings.servers

    def _language(self, path: str) -> str:
        """Return what `textDocument/didOpen` calls the language of ``path``."""
        named = (name for name, it in self._languages.items() if extension(path) in it.extensions)
        return next(named, "plaintext")

    async def _ask(self, tree: Path, command: _Command, paths: Sequence[str]) -> Diagnosis:
        key = (tree, command)
        self._stay(key)
        session = self._sessions.pop(key, None) or ServerSession(
            command, tree, self._language, self._launch, self._patience
        )
        self._sessions[key] = session  # Last, because it was used last.
        self._make_room()
        try:
            return await session.diagnose(paths)
        finally:
            self._leave_later(key)

    def _stay(self, key: _Key) -> None:
        if timer := self._closing.pop(key, None):
            timer.cancel()

    def _leave_later(self, key: _Key) -> None:
        self._stay(key)
        loop = asyncio.get_running_loop()
        self._closing[key] = loop.call_later(self._idle_s, self._close_soon, key)

    def _make_room(self) -> None:
        idle = [key for key, session in self._sessions.items() if not session.is_busy]
        for key in idle[: max(0, len(self._sessions) - MAX_SESSIONS)]:
            self._close_soon(key)

    def _close_soon(self, key: _Key) -> None:
        task = asyncio.get_running_loop().create_task(self._close([key]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self, keys: Sequence[_Key]) -> None:
        sessions: list[ServerSession] = []
        for key in keys:
            self._stay(key)
            if session := self._sessions.pop(key, None):
                sessions.append(session)
        await asyncio.gather(*(session.close() for session in sessions))
