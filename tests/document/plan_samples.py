"""Facts without a disk, and the `check` that shows problems inside the text."""

from collections.abc import Collection, Iterable, Mapping
from textwrap import dedent
from types import MappingProxyType

from podium.document import Problem, checks, parse
from podium.domain.base import PlanId

PLAN = PlanId("sample")
TREE: Mapping[str, int] = MappingProxyType(
    {"src": 0, "src/app.py": 20, "src/text.py": 8, "README.md": 3}
)


class FakeTree:
    """A tree of files with so many lines; what is not in it does not exist."""

    def __init__(
        self,
        files: Mapping[str, int] = TREE,
        categories: Collection[str] = ("quick", "writing"),
        commands: Collection[str] = ("python", "make", "pytest"),
    ) -> None:
        self.files = files
        self.categories: Collection[str] = categories
        self._commands = commands

    def line_counts(self, paths: Iterable[str]) -> Mapping[str, int | None]:
        return {it: self.files.get(it) for it in paths}

    def nearest(self, path: str) -> str | None:
        name = path.rpartition("/")[2]
        return next((it for it in self.files if it.endswith(name)), None)

    def has_command(self, name: str) -> bool:
        return name in self._commands


def check(text: str, *, quiet: Collection[str] = ()) -> None:
    """Compare the problems of a plan with the marks under its lines.

    A mark is a line of blanks and ``^`` below the text it is about, then what an editor shows:
    ``^^^ error[code] message`` and one ``fix: title`` for each fix.  A mark ``^`` alone stands for
    an empty range.  Codes in ``quiet`` are left out.
    """
    expected = dedent(text).strip("\n").split("\n")
    lines = [line for line in expected if not is_mark(line)]
    found = checks(parse(PLAN, "\n".join(lines)), FakeTree())
    shown = [it for it in found if it.code not in quiet]
    assert with_marks(lines, shown) == "\n".join(expected)


def is_mark(line: str) -> bool:
    return line.lstrip(" ").startswith("^")


def with_marks(lines: list[str], problems: Collection[Problem]) -> str:
    written: list[str] = []
    for number, line in enumerate(lines):
        written.append(line)
        written += [mark(it, line) for it in problems if it.span.first_line == number]
    return "\n".join(written)


def mark(it: Problem, line: str) -> str:
    last = it.span.last_column if it.span.last_line == it.span.first_line else len(line)
    carets = "^" * max(1, last - it.span.first_column)
    fixes = "".join(f"; fix: {fix.title}" for fix in it.fixes)
    return f"{' ' * it.span.first_column}{carets} {it.severity}[{it.code}] {it.message}{fixes}"
