"""Old errors are excused wherever an edit has put them; new ones are not.

An error is a line that ends in `!` and the words of its message, in both texts.
"""

import pytest

from podium.gates.comparison import lines_of, new_errors
from podium.languages import CodeDiagnostic, DiagnosticSeverity


def diagnosed(files: dict[str, str]) -> list[CodeDiagnostic]:
    return [
        CodeDiagnostic(
            path=path,
            line=number,
            severity=DiagnosticSeverity.ERROR,
            code="E1",
            message=line.partition("!")[2],
            source="test",
        )
        for path, text in files.items()
        for number, line in enumerate(lines_of(text), start=1)
        if "!" in line
    ]


def compare(before: dict[str, str], after: dict[str, str]) -> list[str]:
    old = {path: lines_of(text) for path, text in before.items()}
    new = {path: lines_of(text) for path, text in after.items()}
    found = new_errors(diagnosed(before), diagnosed(after), old, new)
    return [f"{it.path}:{it.line}" for it in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb !x", "a\nb !x", []),
        ("a\nb !x", "0\n1\n2\na\nb !x", []),
        ("a\nb", "a\nb !x", ["f:2"]),
        ("b !x\na\nc", "a\nc\n    b !x", []),
        ("a\nb = 1 !x\nc", "a\nb = 2 !x\nc", []),
        ("a\nb !x\nc", "a\nb !y\nc", ["f:2"]),
        ("a\nb !x\nc", "a\nb !x\nb !x\nc", ["f:3"]),
        ("b !x\na\nc\nd", "b ok\na\nc\nd\ne !x", ["f:5"]),
        ("a\nb !seen at line 7\nc", "0\na\nb !seen at line 8\nc", []),
        ("b !in lines 7-9, Column 3", "0\nb !in lines 8 to 10, Column 3", []),
        ("b !see a/b.go:7:3.", "0\nb !see a/b.go:8:3.", []),
        ("b !see a.go:7", "0\nb !see b.go:7", ["f:2"]),
        ("b !as in b.ts(7,3)", "0\nb !as in b.ts(8,3)", []),
        ("b !b.h#L7-L9", "0\nb !b.h#L8-L10", []),
        ("b !takes 2 lines, not 3", "0\nb !takes 2 lines, not 4", ["f:2"]),
        ("a !x\r\nb\rc", "0\r\na !x\r\nb\rc !x", ["f:4"]),
    ],
    ids=[
        "untouched",
        "shifted",
        "new",
        "moved",
        "its line edited",
        "another error on its line",
        "doubled",
        "one removed does not pay for one added elsewhere",
        "a line number in the message",
        "lines and columns",
        "a place in a file",
        "a place in a file that lies elsewhere",
        "a place as compilers for C# and TypeScript write it",
        "a place in a link",
        "another number",
        "all line ends",
    ],
)
def test_in_one_file(before: str, after: str, expected: list[str]) -> None:
    assert compare({"f": before}, {"f": after}) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"old": "a !x"}, {"new": "a !x"}, []),
        ({"old": "a !x"}, {"new": "a !x\na !x"}, ["new:2"]),
        ({"old": "a !x"}, {"new": "b !x"}, ["new:1"]),
        ({"kept": "a !x"}, {"kept": "a ok", "new": "a !x"}, ["new:1"]),
        ({"a": "", "b": "f()"}, {"a": "changed", "b": "f() !x"}, ["b:1"]),
        ({}, {"new": "a !x"}, ["new:1"]),
    ],
    ids=["renamed", "renamed and more", "rewritten", "copied", "an unchanged caller", "first"],
)
def test_across_files(before: dict[str, str], after: dict[str, str], expected: list[str]) -> None:
    assert compare(before, after) == expected


def test_warnings_do_not_count() -> None:
    warning = diagnosed({"f": "a !x"})[0].evolve(severity=DiagnosticSeverity.WARNING)
    assert new_errors([], [warning], {}, {"f": ("a !x",)}) == ()


def test_a_diagnostic_beyond_the_end_of_its_file_is_survived() -> None:
    error = diagnosed({"f": "a !x"})[0].evolve(line=2_000_000_000)
    assert new_errors([], [error], {"f": ()}, {"f": ()}) == (error,)
