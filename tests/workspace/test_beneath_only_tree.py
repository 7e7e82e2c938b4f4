import os
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.errors import ToolRetry
from podium.workspace import beneath, tree
from podium.workspace.tree import Listing, Tree

SECRET = "a secret"  # noqa: S105 - It is what the tests try to read.


@pytest.fixture(params=["openat2", "walk"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory, with both ways of opening: the kernel's and the portable one."""
    if request.param == "walk":
        monkeypatch.setattr(beneath.sys, "platform", "other")
    elif sys.platform != "linux":
        pytest.skip("openat2 is Linux's")
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "outside").mkdir()
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src/a.py").write_text("a = 1\r\n")
    (root / "src/run.sh").write_text("#!/bin/sh\n")
    (root / "src/run.sh").chmod(0o755)
    return root


def absolute_link(root: Path) -> str:
    (root / "link").symlink_to(root.parent / "secret")
    return "link"


def relative_link(root: Path) -> str:
    (root / "link").symlink_to("../secret")
    return "link"


def link_to_inside(root: Path) -> str:
    (root / "link").symlink_to("src/a.py")
    return "link"


def link_on_the_way(root: Path) -> str:
    (root / "out").symlink_to("..")
    return "out/secret"


def hard_link(root: Path) -> str:
    os.link(root.parent / "secret", root / "hard")
    return "hard"


def fifo(root: Path) -> str:
    os.mkfifo(root / "fifo")
    return "fifo"


def unix_socket(root: Path) -> str:
    with socket.socket(socket.AF_UNIX) as it:
        directory = os.open(root, os.O_RDONLY)
        it.bind(
            f"/proc/self/fd/{directory}/sock" if sys.platform == "linux" else str(root / "sock")
        )
        os.close(directory)
    return "sock"


def magic_link(root: Path) -> str:
    (root / "proc").symlink_to("/proc/self/root")
    return f"proc{root.parent}/secret"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../secret", "leaves the worktree"),
        ("src/../../secret", "leaves the worktree"),
        ("/etc/passwd", "is not relative to the worktree"),
        ("~/x", "is not relative to the worktree"),
        ("src\0", "is not a path"),
        ("\ud800", "is not a path"),
        ("missing", "does not exist"),
        ("src", "is a directory"),
        (".", "is a directory"),
        ("", "is a directory"),
        ("src/a.py/b", "goes through something that is not a directory"),
        ("x" * 5000, "is too long a name"),
        (absolute_link, "symbolic link"),
        (relative_link, "symbolic link"),
        (link_to_inside, "symbolic link"),
        (link_on_the_way, ""),
        (magic_link, ""),
        (hard_link, "more than one hard link"),
        (fifo, "is not a regular file"),
        (unix_socket, "is not a regular file"),
    ],
    ids=lambda it: str(getattr(it, "__name__", it))[:40],
)
def test_what_is_not_read(root: Path, path: str | Callable[[Path], str], said: str) -> None:
    name = path if isinstance(path, str) else path(root)
    with pytest.raises(ToolRetry) as refused:
        Tree(root).read_text(name)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "path",
    ["../new", "out/new", "link", "hard", "fifo", "src", ".", "/tmp/new", "src/a.py/x"],  # noqa: S108 - It is refused.
)
def test_what_is_not_written(root: Path, path: str) -> None:
    for make in (absolute_link, link_on_the_way, hard_link, fifo):
        make(root)
    (root / "out").unlink()
    (root / "out").symlink_to("../outside")
    with pytest.raises(ToolRetry):
        Tree(root).write_text(path, "overwritten")
    assert (root.parent / "secret").read_text() == SECRET
    assert list((root.parent / "outside").iterdir()) == []
    assert not (root.parent / "new").exists()
    assert list(root.parent.rglob(".*new")) == []


def test_text_comes_back_as_it_was_written(root: Path) -> None:
    it = Tree(root)
    assert it.read_text("src/a.py") == "a = 1\r\n"
    it.write_text("./src//new/deep/b.py", "b = 'ü'\r\n")
    assert (root / "src/new/deep/b.py").read_bytes() == "b = 'ü'\r\n".encode()
    assert it.read_text("src/new/deep/b.py") == "b = 'ü'\r\n"


def test_a_file_keeps_its_mode(root: Path) -> None:
    Tree(root).write_text("src/run.sh", "#!/bin/sh\ntrue\n")
    assert stat.S_IMODE((root / "src/run.sh").stat().st_mode) == 0o755
    (root / "src/run.sh").chmod(0o6755)  # A command may do that; nobody runs it as its owner.
    Tree(root).write_text("src/run.sh", "#!/bin/sh\nfalse\n")
    assert stat.S_IMODE((root / "src/run.sh").stat().st_mode) == 0o755
    Tree(root).write_text("new", "")
    assert stat.S_IMODE((root / "new").stat().st_mode) == 0o600


def test_what_is_not_text(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    it = Tree(root)
    for content in (b"\xff\xfe", b"a\0b"):
        (root / "binary").write_bytes(content)
        with pytest.raises(ToolRetry, match="'binary' is not a text file in UTF-8"):
            it.read_text("binary")
        assert it.read_bytes("binary") == content
    with pytest.raises(ToolRetry, match="characters that UTF-8 cannot"):
        it.write_text("binary", "\ud800")
    monkeypatch.setattr(tree, "MAX_FILE_BYTES", 3)
    with pytest.raises(ToolRetry, match="is larger than 3 bytes"):
        it.read_bytes("src/a.py")
    with pytest.raises(ToolRetry, match="4 bytes are too many"):
        it.write_text("x", "1234")


def test_what_exists(root: Path) -> None:
    link_to_inside(root)
    (root / "dangling").symlink_to("nowhere")
    it = Tree(root)
    paths = ("src", "src/a.py", ".", "nothing", "link", "dangling", "../secret", "/etc")
    assert [path for path in paths if it.exists(path)] == ["src", "src/a.py", "."]
    assert [path for path in paths if it.is_directory(path)] == ["src", "."]


def test_listing_walking_and_globbing(root: Path) -> None:
    absolute_link(root)
    link_on_the_way(root)
    fifo(root)
    for name in (".git/config", "node_modules/x.py", "src/deep/er/c.py", "b.py", "d/[x].py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    (root / os.fsdecode(b"caf\xe9.txt")).write_text("")
    it = Tree(root)
    shown = (
        ".git/",
        "b.py",
        "caf\\xe9.txt",
        "d/",
        "fifo",
        "link@",
        "node_modules/",
        "out@",
        "src/",
    )
    assert it.list() == Listing(paths=shown)
    files = ("b.py", "caf\\xe9.txt", "d/[x].py", "src/a.py", "src/deep/er/c.py", "src/run.sh")
    assert it.walk() == Listing(paths=files)
    assert it.walk("src/deep").paths == ("src/deep/er/c.py",)
    for pattern, found in (
        ("*.py", ["b.py"]),
        ("**/*.py", ["b.py", "d/[x].py", "src/a.py", "src/deep/er/c.py"]),
        ("src/**", ["src/a.py", "src/deep/er/c.py", "src/run.sh"]),
        ("src/**/c.py", ["src/deep/er/c.py"]),
        ("**/deep/**/*", ["src/deep/er/c.py"]),
        ("?.p[xy]", ["b.py"]),
        ("d/[[]x].py", ["d/[x].py"]),
        ("src", []),
        ("/".join(["**"] * 60) + "/nothing", []),
    ):
        assert list(it.glob(pattern).paths) == found, pattern
    for wrong in ("nothing", "b.py", "link", "out", "../"):
        with pytest.raises(ToolRetry):
            it.list(wrong)
        with pytest.raises(ToolRetry):
            it.walk(wrong)


def test_a_listing_says_that_it_was_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (root / f"f{number}").touch()
    monkeypatch.setattr(tree, "MAX_ENTRIES", 3)
    assert len(Tree(root).list().paths) == 3
    assert Tree(root).list().cut
    assert Tree(root).walk().cut
    assert Tree(root).glob("*").cut


def test_directories_are_searched_to_a_bound(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_DEPTH", 3)
    for deep in ("1/2/3", "1/2/3/4"):
        (root / deep).mkdir(parents=True)
        (root / deep / "it.txt").touch()
    assert Tree(root).glob("**/it.txt").paths == ("1/2/3/it.txt",)
    with pytest.raises(ToolRetry, match="more than 3 parts"):
        Tree(root).glob("*/*/*/*")
