import os
import stat
from pathlib import Path

import pytest

from podium.domain.base import PlanId
from podium.engine.plan_files import MAX_BYTES, PlanFileError, PlanFiles, plan_of

PLAN = PlanId("slugify")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / ".podium" / "plans"
    path.mkdir(parents=True)
    return path


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


@pytest.mark.parametrize("path", [".podium/plans/slugify.md", "./.podium/plans/slugify.md"])
def test_a_path_names_its_plan(path: str) -> None:
    assert plan_of(path) == PLAN


@pytest.mark.parametrize(
    "path",
    [
        "",
        "slugify.md",
        "/.podium/plans/slugify.md",
        ".podium/plans/slugify",
        ".podium/plans/.md",
        ".podium/plans/.hidden.md",
        ".podium/plans/-x.md",
        ".podium/plans/a b.md",
        ".podium/plans/a\n.md",
        ".podium/plans/a.lock.md",
        ".podium/plans/naïve.md",
        ".podium/plans/sub/a.md",
        ".podium/plans/../plans/a.md",
        f".podium/plans/{'a' * 65}.md",
        ".podium/plans/a\0.md",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(PlanFileError, match="cannot be a plan document: call it"):
        plan_of(path)


def test_text_is_read_and_written_as_it_is(tmp_path: Path) -> None:
    files = PlanFiles(tmp_path, 0o022)
    assert files.read(PLAN) is None
    text = "\ufeffa\r\nb\rc\u2028d\n"
    assert files.write(PLAN, text, before=None)
    assert files.read(PLAN) == text
    path = tmp_path / ".podium/plans/slugify.md"
    assert path.read_bytes() == text.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert names(path.parent) == ["slugify.md"]


def test_a_file_keeps_its_mode(tmp_path: Path, folder: Path) -> None:
    path = folder / "slugify.md"
    path.write_text("old")
    path.chmod(0o664)
    PlanFiles(tmp_path).write(PLAN, "new", before="old")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o664)


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path, folder: Path) -> None:
    (folder / "slugify.md").write_text("theirs")
    assert not PlanFiles(tmp_path).write(PLAN, "ours", before="old")
    assert (folder / "slugify.md").read_text() == "theirs"
    assert names(folder) == ["slugify.md"]


def test_unreadable_documents_are_named(tmp_path: Path, folder: Path) -> None:
    files = PlanFiles(tmp_path)
    path = folder / "slugify.md"
    path.write_bytes(b"fine\n\xff\xfe\n")
    with pytest.raises(PlanFileError, match=r"'.podium/plans/slugify.md' is not UTF-8 in line 2"):
        files.read(PLAN)
    path.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(PlanFileError, match="is larger than"):
        files.read(PLAN)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(PlanFileError, match="is not a regular file"):
        files.read(PLAN)
    with pytest.raises(PlanFileError, match="is not a regular file"):
        files.write(PLAN, "x", before=None)
    path.unlink()
    path.mkdir()
    with pytest.raises(PlanFileError, match="is not a regular file"):
        files.read(PLAN)


def test_links_are_not_followed(tmp_path: Path, folder: Path) -> None:
    files = PlanFiles(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (folder / "slugify.md").symlink_to(secret)
    with pytest.raises(PlanFileError, match="symbolic link"):
        files.read(PLAN)
    with pytest.raises(PlanFileError, match="not a regular file"):
        files.write(PLAN, "x", before="secret")
    assert secret.read_text() == "secret"


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "plans").mkdir(parents=True)
    (outside / "plans" / "slugify.md").write_text("theirs")
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / ".podium").symlink_to(outside)
    files = PlanFiles(workspace)
    assert files.scan() == ({}, ())
    with pytest.raises(PlanFileError, match="symbolic link"):
        files.read(PLAN)
    with pytest.raises(PlanFileError, match="symbolic link"):
        files.write(PLAN, "x", before=None)
    assert (outside / "plans" / "slugify.md").read_text() == "theirs"


def test_half_a_character_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(PlanFileError, match="half a character"):
        PlanFiles(tmp_path).write(PLAN, "\ud800", before=None)
    assert names(folder) == []


def test_a_scan_finds_plans_and_names_what_cannot_be_one(tmp_path: Path, folder: Path) -> None:
    files = PlanFiles(tmp_path)
    for name in ("a.md", "b c.md", ".a.md.swp", "notes.txt", "x\n.md"):
        (folder / name).write_text("x")
    before = files.scan()
    assert (set(before.stamps), before.unusable) == ({"a"}, ("b c.md", "x\n.md"))
    (folder / "a.md").write_text("changed")
    assert files.scan().stamps != before.stamps
