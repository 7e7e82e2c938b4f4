"""What an editor shows, before it is LSP: the answers of `podium_server.analysis`.

Lines and columns count from 0, columns in code points (`podium.document.spans.Span`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from podium.document.spans import Edit, Span


class ShownSeverity(StrEnum):
    """How a diagnostic looks."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a diagnostic; the path is relative to the workspace."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class EditorCommand:
    """A command of ours with its one argument object."""

    name: str
    title: str
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One squiggle."""

    span: Span
    severity: ShownSeverity
    code: str
    message: str
    related: tuple[Related, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above a line of the document, which does something when it is clicked."""

    span: Span
    title: str
    command: EditorCommand


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of the editor's menu of fixes: a command, or edits of this document."""

    title: str
    span: Span
    command: EditorCommand | None = None
    edits: tuple[Edit, ...] = ()
    fixes: Diagnostic | None = None
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """A few words after the end of a line."""

    line: int
    column: int
    label: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about a range."""

    span: Span
    markdown: str


@dataclass(frozen=True, slots=True)
class Target:
    """Somewhere to go: a range of this document, or a line of a file of the workspace."""

    span: Span
    path: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A range that leads to a file."""

    span: Span
    path: str
    line: int = 0
    tooltip: str = ""


class SymbolKind(StrEnum):
    """What a symbol stands for."""

    SECTION = "section"
    REQUIREMENT = "requirement"
    QUESTION = "question"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of the document's outline."""

    name: str
    kind: SymbolKind
    span: Span
    selection: Span
    detail: str = ""
    children: tuple["Symbol", ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One proposal: ``label`` replaces ``span``."""

    span: Span
    label: str
    detail: str = ""
