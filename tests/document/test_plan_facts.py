import os
from pathlib import Path

import pytest

from podium.document import WorkspaceFacts
from podium.document.facts import MAX_FILE_BYTES, count_lines
from podium.workspace.removal import remove_tree
from workspace.deep import nest


@pytest.fixture
def facts(tmp_path: Path) -> WorkspaceFacts:
    root = tmp_path / "a root"
    (root / "src").mkdir(parents=True)
    (root / "src/app.py").write_text("one\ntwo\n")
    (root / "src/Text.py").write_text("one")
    (root / "node_modules").mkdir()
    (root / "node_modules/app.py").write_text("")
    (tmp_path / "secret").write_text("one\n")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "up").symlink_to(tmp_path)
    os.mkfifo(root / "pipe")
    return WorkspaceFacts(root, ["quick"])


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        pytest.param("src/app.py", 2, id="file"),
        pytest.param("./src//Text.py", 1, id="no last line end"),
        pytest.param("src", 0, id="directory"),
        pytest.param("src/none.py", None, id="missing"),
        pytest.param("src/app.py/x", None, id="below a file"),
        pytest.param("link", None, id="symbolic link"),
        pytest.param("up/secret", None, id="through a symbolic link"),
        pytest.param("../secret", None, id="outside"),
        pytest.param("src/../../secret", None, id="outside from inside"),
        pytest.param("/etc/passwd", None, id="absolute"),
        pytest.param("pipe", None, id="pipe"),
        pytest.param("a\0b", None, id="NUL"),
        pytest.param("\udc80", None, id="not UTF-8"),
        pytest.param("x" * 5_000, None, id="long name"),
    ],
)
def test_line_count(facts: WorkspaceFacts, path: str, lines: int | None) -> None:
    assert facts.line_counts([path]) == {path: lines}
    assert facts.line_counts([path]) == {path: lines}


def test_a_very_long_file_holds_any_line(tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    count = WorkspaceFacts(tmp_path, []).line_counts(["big"])["big"]
    assert count is not None
    assert count >= 999_999_999


def test_a_change_is_seen_when_what_is_known_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    facts = WorkspaceFacts(tmp_path, [])
    assert facts.line_counts(["a"]) == {"a": None}
    (tmp_path / "a").write_text("1\n2\n")
    assert facts.line_counts(["a"]) == {"a": None}
    now = 2.0
    assert facts.line_counts(["a"]) == {"a": 2}
    (tmp_path / "a").unlink()
    now = 4.0
    assert facts.line_counts(["a"]) == {"a": None}


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        pytest.param("lib/app.py", "src/app.py", id="same name elsewhere"),
        pytest.param("src/text.py", "src/Text.py", id="capitals"),
        pytest.param("src/apps.py", "src/app.py", id="a slip"),
        pytest.param("zzz", None, id="nothing like it"),
    ],
)
def test_nearest(facts: WorkspaceFacts, path: str, nearest: str | None) -> None:
    assert facts.nearest(path) == nearest


@pytest.mark.parametrize("n_levels", [1_500, 5_000])
def test_folders_nested_too_deep_for_a_stack_are_passed_by(tmp_path: Path, n_levels: int) -> None:
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src/app.py").write_text("")
    nest(root, n_levels)
    assert WorkspaceFacts(root, []).nearest("src/apps.py") == "src/app.py"
    remove_tree(root)  # Which pytest could not.


def test_has_command(facts: WorkspaceFacts) -> None:
    assert facts.has_command("sh")
    assert not facts.has_command("no-such-command-here")
    assert not facts.has_command("a\0b")


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\r\nb\rc\n", 3), (b"\n\n", 2)],
)
def test_count_lines(content: bytes, lines: int) -> None:
    assert count_lines(content) == lines
