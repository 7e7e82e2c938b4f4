import pytest

from podium.tools.context import Mode
from podium.tools.edit_file import EDIT_FILE
from podium.tools.write_file import WRITE_FILE
from tools.desk import Desk


async def test_an_edit_shows_the_lines_as_they_are_now(desk: Desk) -> None:
    desk.write("a.py", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n")
    answer = await desk.use(EDIT_FILE, path="./a.py", old="five", new="5\n5b")
    assert answer == "a.py now reads:\n2\ttwo\n3\tthree\n4\tfour\n5\t5\n6\t5b\n7\tsix\n8\tseven"
    assert desk.read("a.py") == "one\ntwo\nthree\nfour\n5\n5b\nsix\nseven\n"
    assert desk.edited == ["a.py"]


async def test_an_edit_says_at_once_what_it_broke(desk: Desk) -> None:
    desk.write("a.py", "f()\n")
    answer = await desk.use(EDIT_FILE, path="a.py", old="f()", new="f(")
    assert answer == "a.py now reads:\n1\tf(\n\nline 1: invalid syntax"


@pytest.mark.parametrize(
    ("old", "refusal"),
    [
        pytest.param(
            "nowhere",
            "`old` is not in a.py; nothing was changed; look at the file as it is now",
            id="absent",
        ),
        pytest.param(
            "if x:\n  return 1",
            "`old` is in a.py near line 2, but with other white space; "
            "copy it exactly from `read_file`",
            id="other white space",
        ),
        pytest.param(
            "x",
            "`old` occurs 2 times in a.py, at lines 1, 2; "
            "take more of the lines around it, or set `all`",
            id="twice",
        ),
    ],
)
async def test_an_edit_that_cannot_be_made_changes_nothing(
    desk: Desk, old: str, refusal: str
) -> None:
    text = "def f(x):\n    if x:\n        return 1\n"
    desk.write("a.py", text)
    assert await desk.use(EDIT_FILE, path="a.py", old=old, new="y") == f"refused: {refusal}"
    assert desk.read("a.py") == text
    assert desk.edited == []


async def test_all_occurrences_can_be_replaced(desk: Desk) -> None:
    desk.write("a.py", "x = x\n")
    await desk.use(EDIT_FILE, path="a.py", old="x", new="y", all=True)
    assert desk.read("a.py") == "y = y\n"


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        pytest.param("a\r\nb\r\n", "a\nb", "c\nd", "c\r\nd\r\n", id="crlf"),
        pytest.param("a\r\nb\nc\n", "b\nc", "d\ne", "a\r\nd\ne\n", id="mixed"),
        pytest.param("\ufeffa\n", "a", "b", "\ufeffb\n", id="byte order mark"),
    ],
)
async def test_line_ends_stay_as_the_file_has_them(
    desk: Desk, before: str, old: str, new: str, after: str
) -> None:
    desk.write("a.txt", before)
    await desk.use(EDIT_FILE, path="a.txt", old=old, new=new)
    assert desk.read("a.txt") == after


@pytest.mark.parametrize(
    ("now", "old", "new", "after"),
    [
        pytest.param("b\n", "a", "b", "b\n", id="applied"),
        pytest.param("a b\n", "a", "a b", "a b\n", id="applied, old is in new"),
        pytest.param("\n", "a", "", "\n", id="applied, deleted"),
        pytest.param("a\n", "a", "b", "b\n", id="not applied"),
        pytest.param("a\n", "a", "a b", "a b\n", id="not applied, old is in new"),
        pytest.param("a b\n", "a", "b", "b b\n", id="not applied, new is there as well"),
    ],
)
async def test_after_a_crash_an_edit_is_made_once(
    desk: Desk, now: str, old: str, new: str, after: str
) -> None:
    desk.write("a.txt", now)
    desk.ctx.state.mode = Mode.RESUMING
    answer = await desk.use(EDIT_FILE, path="a.txt", old=old, new=new)
    assert answer.startswith("a.txt now reads:")
    assert desk.read("a.txt") == after


async def test_a_file_is_written_with_its_directories(desk: Desk) -> None:
    answer = await desk.use(WRITE_FILE, path="src/new/a.py", text="x = 1\ny = 2\n")
    assert answer == "src/new/a.py written, 2 lines"
    assert desk.read("src/new/a.py") == "x = 1\ny = 2\n"


@pytest.mark.parametrize("tool", [EDIT_FILE, WRITE_FILE])
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".git/config", "is protected"),
        ("src/.GIT/hooks/x", "is protected"),
        (".podium/plans/p.md", "is protected"),
        (".github/workflows/ci.yml", "is protected"),
        ("./.env", "is protected"),
        ("src/b.py", "is not one of the task's files (src/a.py, tests/)"),
        ("src/a.py/../b.py", "has '..'"),
        ("tests/../src/b.py", "has '..'"),
        ("tests/../.git/config", "is protected"),
        ("/etc/passwd", "is absolute"),
    ],
)
async def test_only_the_tasks_files_are_written(
    desk: Desk, tool: object, path: str, reason: str
) -> None:
    desk.write("src/b.py", "old\n")
    desk.context("src/a.py", "tests/")
    arguments = {"old": "old", "new": "new"} if tool is EDIT_FILE else {"text": "new"}
    answer = await desk.use(tool, path=path, **arguments)  # pyright: ignore[reportArgumentType]  # Either tool.
    assert answer.startswith("refused: ")
    assert reason in answer
    assert [str(it.relative_to(desk.root)) for it in desk.root.rglob("*") if it.is_file()] == [
        "src/b.py"
    ]
    assert desk.read("src/b.py") == "old\n"


async def test_a_declared_directory_allows_what_is_beneath_it(desk: Desk) -> None:
    desk.context("src/a.py", "tests/")
    assert await desk.use(WRITE_FILE, path="tests/test_a.py", text="") == (
        "tests/test_a.py written, 0 lines"
    )
    assert await desk.use(WRITE_FILE, path="./src//a.py", text="") == "src/a.py written, 0 lines"
