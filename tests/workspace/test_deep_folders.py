"""An agent's command can nest folders deeper than a recursion and a path can follow."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.domain.base import JobId
from podium.workspace.descent import folders
from podium.workspace.git import Repository
from podium.workspace.hostile import MAX_PATH_BYTES, UncommittableError
from podium.workspace.removal import remove_tree
from podium.workspace.usage import bytes_of
from repositories import write
from workspace.deep import nest

DEPTHS = (1_500, 5_000)


@pytest.fixture(autouse=True)
def swept(tmp_path: Path) -> Iterator[None]:
    """Leave nothing that pytest cannot remove."""
    yield
    remove_tree(tmp_path)


@pytest.mark.parametrize("n_levels", DEPTHS)
def test_a_deep_tree_is_removed(tmp_path: Path, n_levels: int) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    nest(tree, n_levels, file="here")
    nest(tree, n_levels, name="w" * 200)
    write(tmp_path, {"kept/it.txt": "kept"})
    (tree / "d/link").symlink_to(tmp_path / "kept")
    remove_tree(tree)
    remove_tree(tree)
    assert [it.name for it in tmp_path.iterdir() if it.name != "home"] == ["kept"]
    assert (tmp_path / "kept/it.txt").read_text() == "kept"


def test_a_link_or_a_file_in_a_trees_place_is_removed(tmp_path: Path) -> None:
    write(tmp_path, {"kept/it.txt": "kept", "file": ""})
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    for name in ("link", "file", "missing", "missing/too"):
        remove_tree(tmp_path / name)
        assert not os.path.lexists(tmp_path / name)
    assert (tmp_path / "kept/it.txt").read_text() == "kept"


@pytest.mark.skipif(os.getuid() != 0, reason="another user is needed, whom rights hold for")
@pytest.mark.parametrize("mode", [0o000, 0o100, 0o400, 0o500, 0o600])
def test_folders_without_rights_are_removed(tmp_path: Path, mode: int) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    code = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from podium.workspace.removal import remove_tree
os.chdir({str(place)!r})
os.chown(".", 65534, 65534)
os.setuid(65534)
tree = Path("tree")
(tree / "a/b/c").mkdir(parents=True)
(tree / "a/b/it").write_text("x")
for name in ("a/b/c", "a/b", "a", "."):
    (tree / name).chmod({mode})
remove_tree(tree)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("n_levels", DEPTHS)
def test_a_deep_tree_is_walked_with_few_descriptors(tmp_path: Path, n_levels: int) -> None:
    nest(tmp_path, n_levels, file="x" * 100_000)
    deepest = max(folders(tmp_path), key=lambda it: len(it.path))
    assert deepest.path.count("d") == n_levels
    assert [deepest.path_of(it) for it in deepest.entries] == [f"{deepest.path}/end.txt"]
    with os.scandir("/proc/self/fd") as left:
        assert len(list(left)) < 100
    assert bytes_of(tmp_path)["d"] > 0


@pytest.mark.parametrize("n_levels", DEPTHS)
@pytest.mark.parametrize("file", ["", "work\n"])
async def test_a_deep_tree_is_not_committed_and_its_place_is_free_again(
    repository: Repository, n_levels: int, file: str
) -> None:
    base = await repository.fetch_base()
    tree = await repository.worktree("T1", base)
    write(tree, {"a.txt": "changed\n"})
    nest(tree, n_levels, file=file)
    refused = (
        r"the path that begins with '(d/){50}' has more than 1,000 bytes, "
        "which is not committed; remove or shorten it"
    )
    with pytest.raises(UncommittableError, match=refused):
        await repository.commit_all(tree, parent=base, message="Do it", job=JobId("work"))
    await repository.remove("T1")
    assert await repository.worktree("T1", base) == tree
    nest(await repository.clean_checkout("T1.judged", base), n_levels)
    await repository.clean_checkout("T1.judged", base)
    await repository.remove("T1.judged")
    assert not repository.checkout_of("T1.judged").exists()


async def test_the_longest_path_is_committed(repository: Repository) -> None:
    base = await repository.fetch_base()
    tree = await repository.worktree("T1", base)
    path = "/".join(["d" * 99] * 9 + ["e" * 100])
    assert len(path) == MAX_PATH_BYTES
    write(tree, {path: "work\n"})
    done = await repository.commit_all(tree, parent=base, message="Do it", job=JobId("work"))
    assert [it.path for it in await repository.changed_files(base, done)] == [path]
