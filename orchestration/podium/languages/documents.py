"""What a server has been told about a tree, and how to bring it up to date.

A document that is open is the server's truth about its file, so each one is read
again before every question: a diagnostic must not belong to content that is gone.
Files that are not open the server reads itself; it is told which ones changed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from podium.errors import ToolRetry
from podium.workspace.tree import Tree

Notification = tuple[str, object]
"""A method and its parameters."""
FileStamp = tuple[int, int, int]
"""Modification time in ns, size in bytes, inode: what changes when a file does."""


class OpenDocument(NamedTuple):
    """A document as the server was last told of it."""

    text: str
    version: int


class OpenDocuments:
    """The open documents of one server in one tree."""

    def __init__(self, tree: Path, language_of: Callable[[str], str]) -> None:
        self._tree = Tree(tree)
        self._language_of = language_of
        self._open: dict[str, OpenDocument] = {}
        self._versions = count(1)
        self._stamps: dict[str, FileStamp] | None = None
        self.unreadable: dict[str, str] = {}
        """Why requested files cannot be shown to a server, by path."""
        self.has_changed = False
        """Whether the server was ever told of a change to a file."""

    def uri(self, path: str) -> str:
        """Return the URI of a file of the tree."""
        return (self._tree.root / path).as_uri()

    def path(self, uri: str) -> str | None:
        """Return the path that ``uri`` names, however it escapes it, or `None` if not ours."""
        named = Path(unquote(urlsplit(uri).path, errors="surrogateescape"))
        if not named.is_relative_to(self._tree.root):
            return None
        return named.relative_to(self._tree.root).as_posix()

    def version(self, path: str) -> int | None:
        """Return the version of the current content, or `None` if it is not open."""
        document = self._open.get(path)
        return None if document is None else document.version

    def catch_up(self, paths: Sequence[str], *, renew: bool) -> list[Notification]:
        """Return what to tell the server so that it knows the tree as it is now.

        Reads files; afterwards each of ``paths`` is open or in ``unreadable``.

        Args:
            paths: The files that diagnostics are wanted of.
            renew: Give them a new version even if their text is the same, so that a server
                that pushes diagnostics says what it thinks of them now: another file that
                they import may have changed.
        """
        events = self._file_events()
        told = list(self._documents(paths, renew=renew))
        if events:
            told.append(
                (
                    types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                    types.DidChangeWatchedFilesParams(changes=events),
                )
            )
        return told

    def _documents(self, paths: Sequence[str], *, renew: bool) -> Iterator[Notification]:
        self.unreadable.clear()
        wanted = frozenset(paths)
        for path in dict.fromkeys((*paths, *self._open)):
            try:
                text = self._tree.read_text(path)
            except ToolRetry as error:
                if path in wanted:
                    self.unreadable[path] = str(error)
                if self._open.pop(path, None) is not None:
                    yield self._closed(path)
                continue
            before = self._open.get(path)
            if before is None or before.text != text or (renew and path in wanted):
                self._open[path] = document = OpenDocument(text, next(self._versions))
                yield (
                    self._opened(path, document)
                    if before is None
                    else self._changed(path, document)
                )

    def _opened(self, path: str, document: OpenDocument) -> Notification:
        item = types.TextDocumentItem(
            uri=self.uri(path),
            language_id=self._language_of(path),
            version=document.version,
            text=document.text,
        )
        return types.TEXT_DOCUMENT_DID_OPEN, types.DidOpenTextDocumentParams(text_document=item)

    def _changed(self, path: str, document: OpenDocument) -> Notification:
        self.has_changed = True
        return types.TEXT_DOCUMENT_DID_CHANGE, types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(
                version=document.version, uri=self.uri(path)
            ),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=document.text)],
        )

    def _closed(self, path: str) -> Notification:
        self.has_changed = True
        identifier = types.TextDocumentIdentifier(uri=self.uri(path))
        return types.TEXT_DOCUMENT_DID_CLOSE, types.DidCloseTextDocumentParams(
            text_document=identifier
        )

    def _file_events(self) -> list[types.FileEvent]:
        before, now = self._stamps, self._read_stamps()
        self._stamps = now
        if before is None:
            return []  # The server has just started and has read nothing older.
        changes = dict.fromkeys(before.keys() - now.keys(), types.FileChangeType.Deleted)
        for path, stamp in now.items():
            if before.get(path) != stamp:
                is_new = path not in before
                changes[path] = (
                    types.FileChangeType.Created if is_new else types.FileChangeType.Changed
                )
        return [types.FileEvent(self.uri(path), kind) for path, kind in sorted(changes.items())]

    def _read_stamps(self) -> dict[str, FileStamp]:
        stamps: dict[str, FileStamp] = {}
        for path in self._tree.walk().paths:
            try:
                status = (self._tree.root / path).lstat()
            except OSError:
                continue  # It was removed meanwhile.
            stamps[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return stamps
