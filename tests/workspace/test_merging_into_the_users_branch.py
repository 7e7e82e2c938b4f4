import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.domain.base import JobId
from podium.workspace.git import Repository
from podium.workspace.merging import CannotMerge
from repositories import git_in, write
from workspace.merges import merge, snapshot, work


async def test_a_merge_is_a_commit_with_two_parents(repository: Repository) -> None:
    git = git_in(repository.workspace)
    old = git("rev-parse", "HEAD")
    head = await work(repository, {"a.txt": "new\n", "c/d.txt": "d\n"})
    merged = await merge(repository, head)
    assert git("rev-parse", "HEAD", "main") == f"{merged}\n{merged}"
    assert git("rev-list", "--parents", "-1", "HEAD") == f"{merged} {old} {head}"
    assert git("status", "--porcelain") == ""
    assert (repository.workspace / "c/d.txt").read_text() == "d\n"
    assert git("log", "-1", "--format=%B") == "Merge run slugify-1\n\nPodium-Job: merge:slugify-1"


async def test_work_in_other_files_is_left_alone(repository: Repository) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    git = git_in(repository.workspace)
    git("config", "merge.autoStash", "true")  # Which would take the work away and bring it back.
    write(repository.workspace, {"src/b.txt": "mine\n", "untracked.txt": "mine\n", "c.txt": "c\n"})
    git("add", "c.txt")
    before = (repository.workspace / "src/b.txt").stat()
    await merge(repository, head, unsaved=["src/b.txt"])
    after = (repository.workspace / "src/b.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    left = "A  c.txt\n M src/b.txt\n?? untracked.txt"
    assert git("status", "--porcelain") == left
    assert (repository.workspace / "a.txt").read_text() == "new\n"


async def test_a_merge_given_twice_is_made_once(repository: Repository) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    merged = await merge(repository, head)
    write(repository.workspace, {"later.txt": "x"})
    git_in(repository.workspace)("add", "-A")
    git_in(repository.workspace)("commit", "-q", "-m", "later")
    before = snapshot(repository.workspace)
    assert await merge(repository, head) == merged
    assert snapshot(repository.workspace) == before


async def test_a_merge_goes_on_after_a_crash_between_its_steps(repository: Repository) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    base = await repository.fetch_base()
    job = JobId("merge:slugify-1")
    made = await repository.merge(base, head, message="Merge run slugify-1", job=job)
    assert await merge(repository, head) == made
    assert git_in(repository.workspace)("rev-parse", "HEAD") == made


async def test_newer_commits_of_the_user_are_merged_with(repository: Repository) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    write(repository.workspace, {"src/b.txt": "newer\n"})
    git_in(repository.workspace)("commit", "-q", "-a", "-m", "newer")
    await merge(repository, head)
    assert (repository.workspace / "a.txt").read_text() == "new\n"
    assert (repository.workspace / "src/b.txt").read_text() == "newer\n"


async def test_a_commit_that_is_made_meanwhile_is_merged_with(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    git, real = git_in(repository.workspace), shutil.which("git")
    write(repository.workspace, {"mine.txt": "mine\n"})
    git("add", "mine.txt")
    write(
        tmp_path,
        {
            "bin/git": f"""#!/bin/sh
                case "$*" in *" status "*) test -e {tmp_path}/once || {{
                    touch {tmp_path}/once
                    {real} -c user.name=Ada -c user.email=a@example.org commit -q -m mine
                }};; esac
                exec {real} "$@"
            """
        },
    )
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    merged = await merge(repository, head)
    assert (tmp_path / "once").exists()
    assert git("log", "--format=%s", "--first-parent") == "Merge run slugify-1\nmine\nfirst"
    assert git("rev-parse", "HEAD", "HEAD^2") == f"{merged}\n{head}"


async def test_a_detached_head_moves(repository: Repository) -> None:
    git = git_in(repository.workspace)
    git("checkout", "-q", "--detach")
    old = git("rev-parse", "main")
    head = await work(repository, {"a.txt": "new\n"})
    merged = await merge(repository, head, branch="")
    assert git("rev-parse", "HEAD", "main") == f"{merged}\n{old}"


async def test_files_and_folders_take_each_others_places(repository: Repository) -> None:
    workspace, git = repository.workspace, git_in(repository.workspace)
    write(workspace, {"file": "f\n", "folder/a": "a\n", "folder/in/b": "b\n"})
    (workspace / "link").symlink_to("src")
    git("add", "-A")
    git("commit", "-q", "-m", "second")
    worktree = await repository.worktree("work", await repository.fetch_base())
    for name in ("file", "link", "folder/a", "folder/in/b"):
        (worktree / name).unlink()
    (worktree / "folder/in").rmdir()
    (worktree / "folder").rmdir()
    brought = {"file/new": "1\n", "folder": "2\n", "link/b.txt": "3\n"}
    head = await work(repository, brought)

    write(workspace, {"folder/in/mine.log": "ignored\n"})
    with pytest.raises(CannotMerge, match="would be overwritten: folder; move them away"):
        await merge(repository, head)
    assert (workspace / "folder/in/mine.log").read_text() == "ignored\n"

    (workspace / "folder/in/mine.log").unlink()
    await merge(repository, head)
    assert {it: (workspace / it).read_text() for it in brought} == brought
    assert git("status", "--porcelain") == ""


def modify(workspace: Path) -> None:
    write(workspace, {"a.txt": "mine\n"})


def stage(workspace: Path) -> None:
    modify(workspace)
    git_in(workspace)("add", "a.txt")


def stage_and_undo_on_disk(workspace: Path) -> None:
    stage(workspace)
    write(workspace, {"a.txt": "a\n"})


def delete(workspace: Path) -> None:
    (workspace / "a.txt").unlink()


def add_untracked(workspace: Path) -> None:
    write(workspace, {"new.txt": "mine\n"})


def add_ignored(workspace: Path) -> None:
    write(workspace, {"new.log": "mine\n"})


def add_link(workspace: Path) -> None:
    (workspace / "new.txt").symlink_to("nowhere")


def add_file_where_a_directory_goes(workspace: Path) -> None:
    write(workspace, {"deep": "mine\n"})


def conflict(workspace: Path) -> None:
    modify(workspace)
    git_in(workspace)("commit", "-q", "-a", "-m", "mine")


def leave_a_merge(workspace: Path) -> None:
    (workspace / ".git/MERGE_HEAD").write_text(git_in(workspace)("rev-parse", "HEAD") + "\n")


def leave_a_rebase(workspace: Path) -> None:
    (workspace / ".git/rebase-merge").mkdir()


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (modify, "uncommitted changes in a.txt; commit or stash them"),
        (stage, "uncommitted changes in a.txt"),
        (stage_and_undo_on_disk, "uncommitted changes in a.txt"),
        (delete, "uncommitted changes in a.txt"),
        (add_untracked, "files that git does not track would be overwritten: new.txt; move"),
        (add_ignored, "files that git does not track would be overwritten: new.log"),
        (add_link, "files that git does not track would be overwritten: new.txt"),
        (add_file_where_a_directory_goes, "would be overwritten: deep/e.txt"),
        (conflict, "run 'slugify-1' conflicts with newer commits of yours in a.txt"),
        (leave_a_merge, "a merge is in progress in your repository"),
        (leave_a_rebase, "a rebase is in progress in your repository"),
    ],
    ids=lambda it: it.__name__ if callable(it) else "",
)
async def test_a_refused_merge_changes_nothing(
    repository: Repository, prepare: Callable[[Path], None], said: str
) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("work", base)
    write(
        worktree, {"a.txt": "theirs\n", "new.txt": "theirs\n", "deep/e.txt": "e", ".gitignore": ""}
    )
    write(worktree, {"new.log": "theirs\n"})
    job = JobId("work")
    head = await repository.commit_all(worktree, parent=base, message="Work", job=job)
    prepare(repository.workspace)
    before = snapshot(repository.workspace)
    with pytest.raises(CannotMerge) as refused:
        await merge(repository, head)
    assert said in str(refused.value)
    assert snapshot(repository.workspace) == before


async def test_unsaved_text_is_not_merged_over(repository: Repository) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    before = snapshot(repository.workspace)
    with pytest.raises(CannotMerge, match=r"unsaved text in a\.txt"):
        await merge(repository, head, unsaved=["a.txt"])
    assert snapshot(repository.workspace) == before


async def test_no_hook_runs_and_nothing_is_stashed(repository: Repository, tmp_path: Path) -> None:
    workspace, mark = repository.workspace, tmp_path / "mark"
    hook = f"#!/bin/sh\ntouch {mark}\n"
    write(workspace, {"watch.log": hook})
    (workspace / "watch.log").chmod(0o755)
    git_in(workspace)("config", "core.fsmonitor", "./watch.log")
    git_in(workspace)("config", "core.hooksPath", "hooks")
    git_in(workspace)("config", "merge.autoStash", "true")
    git_in(workspace)("config", "commit.gpgSign", "true")
    names = ("post-merge", "pre-merge-commit", "post-checkout", "reference-transaction")
    base = await repository.fetch_base()
    worktree = await repository.worktree("work", base)
    for name in names:
        for place in (worktree / "hooks", workspace / ".git/hooks"):
            place.mkdir(exist_ok=True)
            (place / name).write_text(hook)
            (place / name).chmod(0o755)
    job = JobId("work")
    head = await repository.commit_all(worktree, parent=base, message="Work", job=job)
    write(workspace, {"src/b.txt": "mine\n"})
    await merge(repository, head)
    assert os.access(workspace / "hooks/post-merge", os.X_OK)
    assert not mark.exists()
    assert git_in(workspace)("-c", "core.hooksPath=", "stash", "list") == ""


async def test_a_linked_worktree_is_merged_into_with_its_own_index(
    workspace: Path, tmp_path: Path
) -> None:
    linked, state = tmp_path / "linked", tmp_path / "state of linked"
    state.mkdir()
    git_in(workspace)("worktree", "add", "-q", "-b", "side", str(linked))
    before = snapshot(workspace)
    repository = await Repository.open(linked, state, umask=0o022)
    head = await work(repository, {"a.txt": "new\n", "deep/er/c.txt": "c\n"})
    merged = await merge(repository, head, branch="refs/heads/side")
    assert git_in(linked)("rev-parse", "side") == merged
    assert git_in(linked)("status", "--porcelain") == ""
    assert snapshot(workspace) == before
