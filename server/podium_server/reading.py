"""Makes snapshots of documents: what is open wins over the disk, and nothing is read twice."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from podium.document import Document, Problem, checks, parse, split_lines
from podium.document.facts import TreeFacts
from podium.domain.request import Request
from podium_server.analysis.code_diagnostics import live_runs
from podium_server.board import BoardMirror
from podium_server.documents import TextDocument
from podium_server.files import Files
from podium_server.paths import is_plan, plan_of
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot

_MAX_KEPT = 64
_FRESH_S = 1.0
"""How long what the checks found on disk is believed."""


@dataclass(slots=True)
class _Read:
    text: str
    document: Document
    problems: tuple[Problem, ...] = ()
    checked_s: float = float("-inf")


class Open(NamedTuple):
    """An open document and its path relative to the workspace."""

    document: TextDocument
    path: str


class Reader:
    """Makes the snapshots of one workspace."""

    def __init__(self, files: Files, board: BoardMirror) -> None:
        self._files, self._board = files, board
        self._read: dict[str, _Read] = {}
        self._facts: TreeFacts | None = None
        self.open: dict[str, Open] = {}
        """By path."""

    def snapshot(self, path: str, uri: str) -> Snapshot | None:
        """Return what is known of a file; ``None`` if it is neither open nor to be read."""
        text = self.text(path)
        if text is None:
            return None
        if not is_plan(path):
            requests = tuple(it for it, _ in live_runs(self._board.requests))
            if not requests:
                return CodeSnapshot(path, ())  # What almost always is asked about.
            lines = self._lines(path, text)
            return CodeSnapshot(path, lines, requests, self._task_lines(requests))
        read = self._plan(path, text)
        request = self._board.request(plan_of(path))
        missing = self._missing(request) if request else frozenset[str]()
        problems = self._checked(read)
        return PlanSnapshot(uri, path, read.document, problems, request, missing)

    def text(self, path: str) -> str | None:
        """Return a file's text: an editor's, or else the disk's."""
        found = self.open.get(path)
        return found.document.text if found else self._files.text(path)

    def check_configuration(self) -> None:
        """Look at plans again if they are to be checked against something else now."""
        facts = self._files.facts
        if facts is not self._facts:
            self._facts = facts
            self.forget()

    def forget(self) -> None:
        """Look at the disk again: a file was saved, made or removed."""
        for it in self._read.values():
            it.checked_s = float("-inf")

    def _lines(self, path: str, text: str) -> tuple[str, ...]:
        found = self.open.get(path)
        return tuple(found.document.lines if found else split_lines(text))

    def _plan(self, path: str, text: str) -> _Read:
        read = self._read.get(path)
        if read is None or read.text != text:
            if len(self._read) >= _MAX_KEPT:
                self._read.clear()
            read = _Read(text, parse(plan_of(path), text))
            self._read[path] = read
        return read

    def _checked(self, read: _Read) -> tuple[Problem, ...]:
        now = time.monotonic()
        if now - read.checked_s >= _FRESH_S:
            read.problems, read.checked_s = checks(read.document, self._files.facts), now
        return read.problems

    def _missing(self, request: Request) -> frozenset[str]:
        findings = request.run.open_findings if request.run else ()
        paths = {it.place.path for it in findings}
        return frozenset(it for it in paths if self.text(it) is None)

    def _task_lines(self, requests: tuple[Request, ...]) -> Mapping[tuple[str, str], int]:
        lines: dict[tuple[str, str], int] = {}
        for request in requests:
            text = self.text(request.path)
            for node in self._plan(request.path, text).document.spans.tasks if text else ():
                lines.setdefault((request.id, node.task.id), node.id_span.first_line)
        return lines
