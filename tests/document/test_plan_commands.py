import pytest

from podium.document.rules.shell import command_name, command_trouble


@pytest.mark.parametrize(
    "text",
    [
        "make",
        "make test",
        "python -m unittest tests.test_a",
        "pytest -q && ruff check .",
        "cd web && npm test",
        "PYTHONPATH=src python -c 'import app'",
        "./run tests",
        "! grep -r TODO src",
        "test -f README.md",
        "echo done # don't worry",
        "cargo test",
        "npm run build all",
    ],
)
def test_commands(text: str) -> None:
    assert command_trouble(text) == ""


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("All tests pass", "it reads as a sentence"),
        ("make sure that all tests pass", "it reads as a sentence"),
        ("the function is fast", "it reads as a sentence"),
        ("Tests pass.", "it ends as a sentence does"),
        ("Run pytest.", "it ends as a sentence does"),
        ("echo 'open", "a quotation is not closed"),
        ("echo \\", "it ends in a backslash"),
        ("— 3 tests", "'—' cannot be a program's name"),
    ],
)
def test_what_is_no_command(text: str, trouble: str) -> None:
    assert command_trouble(text) == trouble


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pytest -q", "pytest"),
        ("A=1 B=2 make", "make"),
        ("cd web && npm test", ""),
        ("./run", ""),
        ("$PYTHON x", ""),
        ("A=1", ""),
    ],
)
def test_command_name(text: str, name: str) -> None:
    assert command_name(text) == name
