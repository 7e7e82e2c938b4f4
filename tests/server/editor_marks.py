"""Text in, text out: what an editor shows stands under the line that it is shown on.

    - [ ] T1: do it
          ^^ error[some-code] the message

A mark is a run of ``^`` under the range (``|`` under an empty one, ``…`` after the run when the
range goes on below) and what is shown there; ``⏎`` stands for a line end.  `check` takes the marks
out, asks, writes what it was answered back as marks, and compares the two texts.  ``$0`` is the
cursor.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import dedent

from podium.document import Document, Span, apply_edits, checks, parse, split_lines
from podium.domain.base import PlanId
from podium.domain.request import Request
from podium_server.analysis.actions import actions
from podium_server.analysis.code_diagnostics import code_diagnostics
from podium_server.analysis.completion import completion
from podium_server.analysis.hints import hints
from podium_server.analysis.hover import hover
from podium_server.analysis.lenses import lenses
from podium_server.analysis.navigation import definition, links
from podium_server.analysis.plan_diagnostics import plan_diagnostics
from podium_server.analysis.symbols import symbols
from podium_server.shown import Action, Diagnostic, Symbol
from podium_server.snapshot import CodeSnapshot, PlanSnapshot, Snapshot

_MARK = re.compile(r" *(?:\^+…?|\|) \S.*")
PLAN = "slug"
ROOT_URI = "file:///project/"

Marks = Iterable[tuple[Span, str]]


class Facts:
    """A tree of made-up files, with the number of lines of each."""

    categories = frozenset({"quick", "thorough", "unspecified-low", "writing"})

    def __init__(self, files: Mapping[str, int]) -> None:
        self.files = files

    def line_counts(self, paths: Iterable[str]) -> Mapping[str, int | None]:
        return {it: self.files.get(it) for it in paths}

    def nearest(self, path: str) -> str | None:  # noqa: ARG002  # The protocol's.
        return None

    def has_command(self, name: str) -> bool:  # noqa: ARG002  # The protocol's.
        return True


FILES = Facts({"src/app.py": 40, "docs/guide.md": 10})


class Folders(Facts):
    """A tree of made-up files, by folder."""

    def __init__(self, folders: Mapping[str, Sequence[str]]) -> None:
        super().__init__({})
        self.folders = folders

    def listing(self, folder: str) -> Sequence[str]:
        return self.folders.get(folder, ())


def document(text: str) -> Document:
    return parse(PlanId(PLAN), dedent(text))


def plan_snapshot(
    text: str, request: Request | None = None, missing: Sequence[str] = ()
) -> PlanSnapshot:
    read = parse(PlanId(PLAN), text)
    return PlanSnapshot(
        uri=f"{ROOT_URI}.podium/plans/{PLAN}.md",
        path=f".podium/plans/{PLAN}.md",
        document=read,
        problems=checks(read, FILES),
        request=request,
        missing=frozenset(missing),
    )


def code_snapshot(text: str, request: Request) -> CodeSnapshot:
    lines = {(PLAN, "T1"): 7}
    return CodeSnapshot("src/app.py", tuple(split_lines(text)), (request,), lines)


def check(marked: str, show: Callable[[str], Marks]) -> None:
    """Compare the marks in a text with what ``show`` says of the text without them."""
    expected = dedent(marked).strip("\n")
    text = "\n".join(line for line in expected.split("\n") if not _MARK.fullmatch(line))
    assert _with_marks(text, show(f"{text}\n")) == expected


def check_plan(marked: str, request: Request | None = None, missing: Sequence[str] = ()) -> None:
    """Compare the diagnostics of a plan document."""
    check(marked, lambda text: diagnostics(plan_snapshot(text, request, missing)))


def check_code(marked: str, request: Request) -> None:
    """Compare the diagnostics of ``src/app.py``."""
    check(marked, lambda text: diagnostics(code_snapshot(text, request)))


def check_lenses(marked: str, snapshot: Callable[[str], Snapshot]) -> None:
    """Compare the code lenses of a document."""
    check(marked, lambda text: [(it.span, it.title) for it in lenses(snapshot(text))])


def check_hints(marked: str, request: Request) -> None:
    """Compare the inlay hints of a plan document."""

    def show(text: str) -> Marks:
        found = hints(plan_snapshot(text, request), 0, 1000)
        return [(Span.at(it.line, it.column), it.label) for it in found]

    check(marked, show)


def check_links(marked: str) -> None:
    """Compare the links of a plan document."""

    def show(text: str) -> Marks:
        found = links(plan_snapshot(text))
        return [(it.span, f"{it.path}:{it.line + 1}") for it in found]

    check(marked, show)


def diagnostics(snapshot: Snapshot) -> Marks:
    found = (
        plan_diagnostics(snapshot)
        if isinstance(snapshot, PlanSnapshot)
        else code_diagnostics(snapshot)
    )
    return [(it.span, described(it)) for it in found]


def described(it: Diagnostic) -> str:
    related = "".join(f" → {at.path}:{at.line + 1} {at.message}" for at in it.related)
    return f"{it.severity}[{it.code}] {it.message}{related}".replace("\n", "⏎")


def menu(marked: str, request: Request | None = None, *, code: bool = False) -> list[str]:
    """Return what the menu offers at the cursor."""
    return [_offer(it) for it in _actions_at(marked, request, code=code)]


def after_fix(marked: str, title: str) -> str:
    """Return the plan document after the quick fix of that title at the cursor."""
    text, _ = _cursor(marked)
    found = [it for it in _actions_at(marked, None, code=False) if it.title == title]
    assert len(found) == 1, [it.title for it in found]
    return apply_edits(text, found[0].edits)


def hovered(marked: str, request: Request, *, code: bool = False) -> str | None:
    """Return what hovering at the cursor tells; ``src/app.py`` has five lines, one to five."""
    text, at = _cursor(marked)
    snapshot = code_snapshot(text, request) if code else plan_snapshot(text, request)
    files = {"src/app.py": "one\ntwo\nthree\nfour\nfive\n"}
    found = hover(snapshot, *at, files.get)
    return found.markdown if found else None


def completed(marked: str, folders: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Return what is proposed at the cursor, as the line would read."""
    text, (line, column) = _cursor(marked)
    found = completion(plan_snapshot(text), line, column, Folders(folders or {}))
    before = split_lines(text)[line]
    return [before[: it.span.first_column] + it.label for it in found]


def defined(marked: str) -> str | None:
    """Return where the definition at the cursor leads: a file's line, or the text there."""
    text, (line, column) = _cursor(marked)
    found = definition(plan_snapshot(text), line, column)
    if found is None:
        return None
    at = found.span
    return f"{found.path}:{at.first_line + 1}" if found.path else split_lines(text)[at.first_line]


def outline(text: str, request: Request | None = None) -> str:
    """Return the outline of a plan document, indented."""
    lines: list[str] = []

    def add(found: Sequence[Symbol], depth: int) -> None:
        for it in found:
            lines.append(f"{'  ' * depth}{it.kind} {it.name} ({it.detail})")
            add(it.children, depth + 1)

    add(symbols(plan_snapshot(dedent(text), request)), 0)
    return "\n".join(lines)


def _actions_at(marked: str, request: Request | None, *, code: bool) -> Sequence[Action]:
    text, (line, column) = _cursor(marked)
    if code:
        assert request is not None
        return actions(code_snapshot(text, request), Span.at(line, column))
    return actions(plan_snapshot(text, request), Span.at(line, column))


def _offer(it: Action) -> str:
    fixes = f" [{it.fixes.code}]" if it.fixes else ""
    if it.command is None:
        return f"{it.title}{fixes}"
    given = " ".join(f"{key}={value[:8]}" for key, value in it.command.arguments.items())
    return f"{it.title}{fixes}: {it.command.name} {given}"


def _cursor(marked: str) -> tuple[str, tuple[int, int]]:
    text = dedent(marked).lstrip("\n")
    before, found, after = text.partition("$0")
    assert found, "no cursor"
    return before + after, (before.count("\n"), len(before.rpartition("\n")[2]))


def _with_marks(text: str, marks: Marks) -> str:
    by_line: dict[int, list[str]] = {}
    lines = text.split("\n")
    for span, said in marks:
        first = lines[span.first_line] if span.first_line < len(lines) else ""
        if span[:2] == span[2:]:
            run = "|"
        elif span.first_line == span.last_line:
            run = "^" * (span.last_column - span.first_column)
        else:
            run = "^" * max(len(first) - span.first_column, 1) + "…"
        mark = f"{' ' * span.first_column}{run} {said}"
        by_line.setdefault(span.first_line, []).append(mark)
    return "\n".join(
        it for number, line in enumerate(lines) for it in (line, *by_line.get(number, ()))
    )
