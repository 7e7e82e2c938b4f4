import os
from pathlib import Path

import pytest

from podium.tools import search
from podium.tools.glob import GLOB
from podium.tools.list_files import LIST_FILES
from podium.tools.read_file import READ_FILE
from podium.tools.search import SEARCH
from tools.desk import Desk


async def test_a_file_comes_with_line_numbers(desk: Desk) -> None:
    desk.write("src/a.py", "def f():\r\n    return 1\n")
    assert await desk.use(READ_FILE, path="src/a.py") == "1\tdef f():\n2\t    return 1"


@pytest.mark.parametrize(
    ("first_line", "n_lines", "shown"),
    [
        pytest.param(1, 2, "1\tone\n2\ttwo\n[lines 1-2 of 4; go on with first_line=3]", id="head"),
        pytest.param(3, 9, "3\tthree\n4\tfour\n[lines 3-4 of 4]", id="tail"),
        pytest.param(5, 1, "a.txt has only 4 lines", id="beyond"),
    ],
)
async def test_a_part_of_a_file_says_how_to_get_the_rest(
    desk: Desk, first_line: int, n_lines: int, shown: str
) -> None:
    desk.write("a.txt", "one\ntwo\nthree\nfour\n")
    assert await desk.use(READ_FILE, path="a.txt", first_line=first_line, n_lines=n_lines) == shown


async def test_an_empty_file_is_said_to_be_empty(desk: Desk) -> None:
    desk.write("a.txt", "")
    assert await desk.use(READ_FILE, path="a.txt") == "a.txt is empty"


async def test_long_lines_and_long_files_are_bounded(desk: Desk) -> None:
    desk.write("min.js", "x" * 5_000_00)
    answer = await desk.use(READ_FILE, path="min.js")
    assert answer.endswith("x [… 499,000 characters more]")
    desk.write("long.txt", ("y" * 99 + "\n") * 2_000)
    answer = await desk.use(READ_FILE, path="long.txt", n_lines=2_000)
    assert len(answer) < 25_000
    assert answer.endswith("[lines 1-232 of 2000; go on with first_line=233]")


async def test_only_newlines_end_a_line(desk: Desk) -> None:
    desk.write("a.txt", "form\x0cfeed\u2028still\nnext\n")
    assert (await desk.use(READ_FILE, path="a.txt")).endswith("2\tnext")


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "link", "~/x", "a\0b", "", "src", "fifo"]
)
@pytest.mark.parametrize("tool", [READ_FILE, LIST_FILES])
async def test_no_path_leads_out(desk: Desk, tool: object, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    (desk.root / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(desk.root / "fifo")
    if tool is LIST_FILES and path in {"", "src"}:
        return
    answer = await desk.use(tool, path=path)  # pyright: ignore[reportArgumentType]  # Either tool.
    assert answer.startswith("refused: ")
    assert "the secret" not in answer


async def test_a_directory_is_listed(desk: Desk) -> None:
    desk.write("src/a.py", "")
    desk.write("b.txt", "")
    assert await desk.use(LIST_FILES) == "b.txt\nsrc/"
    (desk.root / "empty").mkdir()
    assert await desk.use(LIST_FILES, path="empty") == "empty is empty"


async def test_a_long_listing_is_cut_and_says_so(desk: Desk) -> None:
    for number in range(320):
        desk.write(f"n{number:03}", "")
    answer = await desk.use(LIST_FILES)
    assert answer.splitlines()[-2:] == ["n299", "[20 more; use `glob`]"]


async def test_files_are_found_by_name(desk: Desk) -> None:
    for path in ("a.py", "src/b.py", "src/deep/c.py", "src/d.txt", ".git/e.py"):
        desk.write(path, "")
    assert await desk.use(GLOB, pattern="**/*.py") == "a.py\nsrc/b.py\nsrc/deep/c.py"
    assert await desk.use(GLOB, pattern="src/*.rs") == "no file matches"


async def test_a_search_is_literal_unless_asked_otherwise(desk: Desk) -> None:
    desk.write("a.py", "x = f(1)\ny = fn\n")
    assert await desk.use(SEARCH, text="f(1)") == "a.py:1: x = f(1)"
    assert await desk.use(SEARCH, text="F(1)", ignore_case=True) == "a.py:1: x = f(1)"
    assert await desk.use(SEARCH, text=r"f\w", regex=True) == "a.py:2: y = fn"
    assert await desk.use(SEARCH, text="^Y", regex=True, ignore_case=True) == "a.py:2: y = fn"
    assert await desk.use(SEARCH, text="f.1") == "no line matches"


async def test_a_search_can_be_kept_to_some_files(desk: Desk) -> None:
    desk.write("a.py", "word\n")
    desk.write("doc/a.md", "word\n")
    (desk.root / "binary").write_bytes(b"word\x00\xff")
    assert await desk.use(SEARCH, text="word", glob="doc/**") == "doc/a.md:1: word"
    assert await desk.use(SEARCH, text="word") == "a.py:1: word\ndoc/a.md:1: word"


@pytest.mark.parametrize("regex", [False, True])
async def test_too_many_matches_are_cut_and_say_so(desk: Desk, *, regex: bool) -> None:
    desk.write("a.txt", "word\n" * 500)
    lines = (await desk.use(SEARCH, text="word", regex=regex)).splitlines()
    assert lines[99:] == [
        "a.txt:100: word",
        "[more than 100 lines match; use a longer text or `glob`]",
    ]


async def test_a_pattern_that_never_ends_is_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PATTERN_TIMEOUT_S", 0.5)
    desk.write("a.txt", "a" * 60 + "!\n")
    answer = await desk.use(SEARCH, text="(a+)+$", regex=True)
    assert answer == "refused: this pattern takes too long; use a simpler one, or a literal text"


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing ), unterminated subpattern at position 0"),
        ("(?:(?:(?:a{1,999}){1,999}){1,999}){1,99999999999}", "the repetition number is too large"),
    ],
)
async def test_a_bad_pattern_is_explained(desk: Desk, pattern: str, reason: str) -> None:
    desk.write("a.txt", "a\n")
    answer = await desk.use(SEARCH, text=pattern, regex=True)
    assert answer.startswith(f"refused: this pattern cannot be used: {reason}")


async def test_a_pattern_runs_without_podiums_environment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(desk.root))
    desk.write("json.py", "raise SystemExit('hijacked')\n")
    assert await desk.use(SEARCH, text="hi.ack", regex=True) == (
        "json.py:1: raise SystemExit('hijacked')"
    )


async def test_long_names_do_not_make_a_long_answer(desk: Desk) -> None:
    for number in range(200):
        desk.write(f"{number:0250}", "")
    answer = await desk.use(LIST_FILES)
    assert len(answer) < 31_000
    assert "characters left out; ask for less at a time" in answer
