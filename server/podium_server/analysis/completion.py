"""Completion in plans: ids, categories, files, field names and section headings."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from podium.document.document import TaskNode
from podium.document.entries import QUESTION_FIELDS, TASK_FIELDS
from podium.document.sections import SectionKey
from podium.document.spans import Span
from podium.text.plain import one_line
from podium_server.shown import Completion
from podium_server.snapshot import PlanSnapshot, Snapshot

_FIELD = re.compile(r"[ \t]+-[ \t]+(?P<name>[A-Za-z ]*?)(?P<colon>:[ \t]*)?$")
_VALUE = re.compile(r"[ \t]+-[ \t]+(?P<name>[A-Za-z ]+?):[ \t]*(?P<value>.*)$")
_WORD = re.compile(r"[^\s,`|]*$")


class Workspace(Protocol):
    """What a plan can name besides its own ids: `podium_server.files.Files`."""

    @property
    def categories(self) -> Collection[str]:
        """The categories that configuration maps to models."""
        ...

    def listing(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, folders with a slash at the end."""
        ...


def completion(
    snapshot: Snapshot, line: int, column: int, workspace: Workspace
) -> tuple[Completion, ...]:
    """Return what could be written at a position."""
    if not isinstance(snapshot, PlanSnapshot) or line >= len(snapshot.document.lines):
        return ()
    before = snapshot.document.lines[line][:column]
    if before.startswith("#"):
        return tuple(_headings(snapshot, before, line))
    found = _VALUE.match(before)
    if found:
        word = _word(found.group("value"))
        span = Span.on_line(line, column - len(word), column)
        return tuple(_values(snapshot, found.group("name").casefold(), word, span, workspace))
    found = _FIELD.match(before)
    if found and not found.group("colon"):
        span = Span.on_line(line, found.start("name"), column)
        return tuple(_fields(snapshot, line, span))
    return ()


def _word(value: str) -> str:
    found = _WORD.search(value)
    return found.group() if found else ""


def _headings(snapshot: PlanSnapshot, before: str, line: int) -> Iterator[Completion]:
    present = {it.key for it in snapshot.document.spans.sections}
    span = Span.on_line(line, 0, len(before))
    for key in SectionKey:
        if key not in present or snapshot.document.lines[line].endswith(key.value):
            yield Completion(span, f"{'#' * key.level} {key.value}")


def _fields(snapshot: PlanSnapshot, line: int, span: Span) -> Iterator[Completion]:
    question = any(
        it.whole.first_line < line <= it.whole.last_line + 1
        for it in snapshot.document.spans.questions
    )
    for name in sorted(QUESTION_FIELDS if question else TASK_FIELDS):
        yield Completion(span, f"{name}: ")


def _values(
    snapshot: PlanSnapshot, name: str, word: str, span: Span, workspace: Workspace
) -> Iterable[Completion]:
    spans = snapshot.document.spans
    match name:
        case "after":
            own = _task_at(snapshot, span.first_line)
            return [
                Completion(span, it.task.id, one_line(it.task.title, 80))
                for it in spans.tasks
                if own is None or it.task.id != own.task.id
            ]
        case "covers":
            return [
                Completion(span, it.requirement.id, one_line(it.requirement.text, 80))
                for it in spans.requirements
            ]
        case "category":
            return [Completion(span, it) for it in sorted(workspace.categories)]
        case "files" | "references":
            folder = word.rpartition("/")[0]
            lead = f"{folder}/" if folder else ""
            return [Completion(span, f"{lead}{it}") for it in workspace.listing(folder)]
        case _:
            return []


def _task_at(snapshot: PlanSnapshot, line: int) -> TaskNode | None:
    found = [it for it in snapshot.document.spans.tasks if it.whole.first_line <= line]
    return found[-1] if found else None
