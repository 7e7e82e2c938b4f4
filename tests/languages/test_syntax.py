"""Syntax errors where no server is configured."""

from pathlib import Path

import pytest

from podium.configuration.languages import LANGUAGES
from podium.languages.grammars import extension
from podium.languages.syntax import diagnose_syntax, syntax_errors


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", "def f(x):\n    return x\n", []),
        ("a.py", "x = 1\ndef f(:\n    pass\n", [(2, "')' is missing")]),
        ("a.py", "x = (1,\n", [(1, "syntax error at 'x = (1,'")]),
        ("a.py", "print('ä', )\nprint(]\n", [(2, "syntax error at 'print(]'")]),
        ("a.unknown", "((((", []),
        ("", "", []),
    ],
)
def test_errors_have_lines(path: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert [(it.line, it.message) for it in syntax_errors(path, text)] == expected


def test_thousands_of_errors_are_bounded() -> None:
    assert len(syntax_errors("a.py", "x = = )\n" * 10_000)) <= 50


def test_deep_nesting_is_survived() -> None:
    assert syntax_errors("a.py", "(" * 100_000)


def test_an_unreadable_file_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("/etc/passwd")
    diagnosis = diagnose_syntax(tmp_path, ["a.py", "b.txt"])
    assert diagnosis.diagnostics == ()
    assert len(diagnosis.unknown) == 1


def test_an_ending_belongs_to_one_language() -> None:
    endings = [end for it in LANGUAGES.values() for end in it.extensions]
    assert len(endings) == len(set(endings))
    assert all(extension(f"a{end.upper()}") == end for end in endings)
