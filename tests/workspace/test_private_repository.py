import asyncio
import os
import shutil
from pathlib import Path

import pytest

from podium.domain.base import Commit, JobId, RunId
from podium.workspace.git import BranchMovedError, ChangedFile, Conflict, Repository
from podium.workspace.git_command import GitError
from podium.workspace.hostile import UncommittableError
from repositories import git_in, write

JOB = JobId("work:plan:T1:1")


async def commit(repository: Repository, worktree: Path, parent: Commit, job: str = JOB) -> Commit:
    return await repository.commit_all(worktree, parent=parent, message="Do it", job=JobId(job))


async def test_a_worktree_has_the_files_of_its_commit_and_no_git(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    files = sorted(str(it.relative_to(worktree)) for it in worktree.rglob("*") if it.is_file())
    assert files == [".gitignore", "a.txt", "src/b.txt"]


async def test_a_worktree_keeps_its_uncommitted_work(repository: Repository) -> None:
    base = await repository.fetch_base()
    write(await repository.worktree("T1", base), {"a.txt": "changed\n"})
    assert (await repository.worktree("T1", base) / "a.txt").read_text() == "changed\n"


async def test_a_removed_worktree_is_made_anew(repository: Repository) -> None:
    base = await repository.fetch_base()
    write(await repository.worktree("T1", base), {"a.txt": "changed\n"})
    await repository.remove("T1")
    await repository.remove("T1")
    assert (await repository.worktree("T1", base) / "a.txt").read_text() == "a\n"


async def test_a_clean_checkout_is_exactly_the_commit(repository: Repository) -> None:
    base = await repository.fetch_base()
    left = await repository.clean_checkout("T1", base)
    write(left, {"a.txt": "tampered\n", "new": "x", "x.log": "ignored"})
    (left / "src").chmod(0)
    assert await repository.clean_checkout("T1", base) == left
    assert sorted(it.name for it in left.iterdir()) == [".gitignore", "a.txt", "src"]
    assert (left / "a.txt").read_text() == "a\n"


async def test_commit_all_takes_everything_but_ignored_files(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"new.txt": "n\n", "a.txt": "aa\n", "x.log": "no"})
    (worktree / "src/b.txt").unlink()
    done = await commit(repository, worktree, base)
    assert await repository.parents(done) == (base,)
    assert await repository.changed_files(base, done) == (
        ChangedFile(path="a.txt", status="modified"),
        ChangedFile(path="new.txt", status="added"),
        ChangedFile(path="src/b.txt", status="deleted"),
    )


async def test_a_job_commits_once(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "1\n"})
    first = await commit(repository, worktree, base)
    assert await commit(repository, worktree, base) == first
    write(worktree, {"a.txt": "2\n"})
    assert await commit(repository, worktree, first, job="another") != first


async def test_a_commit_under_the_jobs_id_is_no_evidence_of_other_content(
    repository: Repository,
) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "made before a backup of the journal was put back\n"})
    left = await commit(repository, worktree, base)
    write(worktree, {"a.txt": "made now\n"})
    made = await commit(repository, worktree, base)
    assert made != left
    assert await repository.show(made, "a.txt") == b"made now\n"


async def test_no_change_is_no_commit(repository: Repository) -> None:
    base = await repository.fetch_base()
    assert await commit(repository, await repository.worktree("T1", base), base) == base


async def test_who_made_a_commit_and_for_which_job(
    repository: Repository, workspace: Path, state: Path
) -> None:
    git_in(workspace)("config", "user.name", "Grace")
    git_in(workspace)("config", "user.email", "grace@example.org")
    repository = await Repository.open(workspace, state, umask=0o022)
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "1\n"})
    message = "Do\x1b[2J it\n\nPodium-Job: forged\npodium-job: forged"
    done = await repository.commit_all(worktree, parent=base, message=message, job=JOB)
    said = await repository.git("log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%B", done)
    assert said.line.rstrip() == (
        "Grace <grace@example.org>\nPodium <podium@localhost>\nDo�[2J it\n\nPodium-Job: " + JOB
    )


async def test_a_merge_has_both_parents_and_is_made_once(repository: Repository) -> None:
    base = await repository.fetch_base()
    heads: list[Commit] = []
    for name in ("one", "two"):
        worktree = await repository.worktree(name, base)
        write(worktree, {f"{name}.txt": name})
        heads.append(await commit(repository, worktree, base, job=name))
    merged = await repository.merge(heads[0], heads[1], message="Merge", job=JobId("merge"))
    assert not isinstance(merged, Conflict)
    assert await repository.parents(merged) == tuple(heads)
    assert [it.path for it in await repository.changed_files(base, merged)] == [
        "one.txt",
        "two.txt",
    ]
    again = await repository.merge(heads[0], heads[1], message="Other words", job=JobId("merge"))
    assert again == merged
    assert await repository.merge(merged, heads[1], message="M", job=JobId("m2")) == merged


async def test_a_conflict_names_its_paths(repository: Repository) -> None:
    base = await repository.fetch_base()
    heads: list[Commit] = []
    for name in ("one", "two"):
        worktree = await repository.worktree(name, base)
        write(worktree, {"a.txt": name, "src/b.txt": name})
        heads.append(await commit(repository, worktree, base, job=name))
    merged = await repository.merge(heads[0], heads[1], message="Merge", job=JobId("merge"))
    assert merged == Conflict(paths=("a.txt", "src/b.txt"))


async def test_a_branch_moves_only_from_where_it_is_expected(repository: Repository) -> None:
    run = RunId("add slugify.lock/1")
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "1\n"})
    done = await commit(repository, worktree, base)
    assert await repository.branch_head(run) is None
    await repository.move_branch(run, base, None)
    await repository.move_branch(run, base, None)
    with pytest.raises(BranchMovedError, match="no longer at None"):
        await repository.move_branch(run, done, None)
    await repository.move_branch(run, done, base)
    assert await repository.branch_head(run) == done


async def test_show_and_diff(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "new\n", "d/*": "star\n"})
    done = await commit(repository, worktree, base)
    assert await repository.show(done, "a.txt") == b"new\n"
    assert await repository.show(done, "d/*") == b"star\n"
    assert await repository.show(base, "d/*") is None
    assert await repository.show(done, "src") is None
    diff = await repository.diff(base, done)
    assert "-a\n+new\n" in diff
    assert "+++ b/d/*" in diff


async def test_two_jobs_fetch_at_once(repository: Repository, workspace: Path) -> None:
    head = git_in(workspace)("rev-parse", "HEAD")
    assert await asyncio.gather(*(repository.fetch_base() for _ in range(4))) == [head] * 4


def times(directory: Path) -> dict[str, int]:
    return {str(it): it.stat().st_mtime_ns for it in directory.rglob("*")}


async def test_nothing_in_the_users_repository_changes(
    repository: Repository, workspace: Path
) -> None:
    before = times(workspace)
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "1\n"})
    await commit(repository, worktree, base)
    assert times(workspace) == before


PLANTED = "touch {mark}; cat"


def plant(worktree: Path, mark: Path) -> None:
    """Plant what makes git run a program, wherever git would look for it."""
    program = PLANTED.format(mark=mark)
    write(worktree, {".gitattributes": "* filter=evil diff=evil merge=evil\n", "a.txt": "evil\n"})
    configuration = (
        f'[core]\n\tfsmonitor = "{program}"\n\thooksPath = hooks\n\tpager = "{program}"\n'
        f'[filter "evil"]\n\tclean = "{program}"\n\tsmudge = "{program}"\n\tprocess = "{program}"\n'
        f'[diff "evil"]\n\tcommand = "{program}"\n\ttextconv = "{program}"\n'
        f'[merge "evil"]\n\tdriver = "{program}"\n'
    )
    write(worktree, {".git/config": configuration, ".git/HEAD": "ref: refs/heads/main\n"})
    for name in ("objects", "refs"):
        (worktree / ".git" / name).mkdir()
    for hook in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction"):
        write(worktree, {f".git/hooks/{hook}": f"#!/bin/sh\ntouch {mark}\n"})
        (worktree / f".git/hooks/{hook}").chmod(0o755)


async def test_planted_git_is_refused_and_nothing_of_it_runs(
    repository: Repository, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    plant(worktree, mark)
    # The plant is a live one: git that looks at the tree by itself runs it.
    assert await asyncio.to_thread(git_in(worktree), "status", "--porcelain")
    assert mark.exists()
    mark.unlink()
    with pytest.raises(UncommittableError, match=r"'\.git' is a nested git repository"):
        await commit(repository, worktree, base)
    assert not mark.exists()


async def test_planted_attributes_choose_no_program(
    repository: Repository, tmp_path: Path, workspace: Path, home: Path
) -> None:
    mark = tmp_path / "mark"
    program = PLANTED.format(mark=mark)
    for name in ("clean", "smudge"):
        git_in(workspace)("config", "--global", f"filter.evil.{name}", program)
    git_in(workspace)("config", "--global", "diff.evil.textconv", program)
    assert (home / ".gitconfig").exists()
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {".gitattributes": "* filter=evil diff=evil merge=evil\n", "a.txt": "x\n"})
    done = await commit(repository, worktree, base)
    await repository.diff(base, done)
    await repository.clean_checkout("T1", done)
    assert not mark.exists()


@pytest.mark.parametrize("name", [".git", "sub/.git", "sub/.GIT"])
async def test_a_nested_repository_is_refused(repository: Repository, name: str) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {f"{name}/config": "[core]\n"})
    with pytest.raises(UncommittableError, match=f"'{name}' is a nested git repository"):
        await commit(repository, worktree, base)


async def test_a_bare_repository_among_new_files_is_refused(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(
        worktree,
        {"x/HEAD": "ref: refs/heads/m\n", "x/objects/k": "", "x/refs/k": "", "x/config": ""},
    )
    with pytest.raises(UncommittableError, match="'x' is a bare git repository"):
        await commit(repository, worktree, base)


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "..", "src/../../outside"])
async def test_a_link_out_of_the_tree_is_refused(repository: Repository, target: str) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    (worktree / "link").symlink_to(target)
    with pytest.raises(UncommittableError, match="'link' is a symbolic link out of the tree"):
        await commit(repository, worktree, base)


async def test_a_link_inside_the_tree_is_committed(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    (worktree / "src/link").symlink_to("../a.txt")
    done = await commit(repository, worktree, base)
    assert await repository.show(done, "src/link") == b"../a.txt"


async def test_a_name_that_is_not_utf8_is_refused(repository: Repository) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    (worktree / os.fsdecode(b"caf\xe9")).write_text("x")
    with pytest.raises(UncommittableError, match=r"the name 'caf\\\\xe9' is not UTF-8"):
        await commit(repository, worktree, base)


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2Jhidden", "src/\x9bm", "a\u202egnp.py", "a\u200b"])
async def test_a_new_name_with_control_characters_is_refused(
    repository: Repository, name: str
) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {name: "x"})
    with pytest.raises(UncommittableError, match=r"^the name '.*\\.*' holds control or invisible"):
        await commit(repository, worktree, base)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"git~1/config": ""}, "invalid path 'git~1/config'"),
        ({".g\u200cit/config": ""}, "invalid path '.g\u200cit/config'"),
        ({".gitattributes": "*.txt working-tree-encoding=UTF-16\n"}, "BOM is required in 'a.txt'"),
        (
            {".gitattributes": "*.txt working-tree-encoding=NONE\n"},
            "failed to encode 'a.txt' from NONE to UTF-8",
        ),
    ],
)
async def test_what_git_does_not_take_is_the_agents_fault(
    repository: Repository, files: dict[str, str], said: str
) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, files | {"a.txt": "new\n"})
    with pytest.raises(UncommittableError, match=f"does not take what is in the tree: {said}"):
        await commit(repository, worktree, base)


async def test_a_failure_that_is_not_the_agents_is_gits(
    repository: Repository, state: Path
) -> None:
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "new\n"})
    (state / "indexes/worktrees-T1.lock").touch()
    with pytest.raises(GitError, match=r"git add failed in [\s\S]*worktrees-T1.lock': File exists"):
        await commit(repository, worktree, base)


async def test_the_environment_of_who_started_podium_is_not_gits(
    workspace: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An editor that `git commit` started has these, and all that it starts.
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(state / "elsewhere"))
    repository = await Repository.open(workspace, state, umask=0o022)
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "new\n"})
    assert await repository.show(await commit(repository, worktree, base), "a.txt") == b"new\n"
    assert not (state / "elsewhere").exists()


async def test_what_cannot_be_opened(tmp_path: Path, state: Path, workspace: Path) -> None:
    empty, bare, plain, planted = (tmp_path / it for it in ("empty", "bare", "plain", "planted"))
    for path in (empty, bare, plain):
        path.mkdir()
    git_in(empty)("init", "-q")
    git_in(bare)("init", "-q", "--bare")
    # Files of a clone that git would take for the repository itself, with its configuration.
    shutil.copytree(workspace / ".git", planted)
    git_in(planted)("--git-dir=.", "config", "core.worktree", str(planted))
    for path, wrong in (
        (empty, "has no commit yet"),
        (bare, "is a bare repository"),
        (planted, "is a bare repository"),
        (plain, "is not a git repository"),
        (tmp_path / "missing", "is not a directory"),
        (workspace / "src", "is inside the repository"),
    ):
        with pytest.raises(GitError, match=wrong):
            await Repository.open(path, state, umask=0o022)


async def test_a_detached_head_and_a_linked_worktree_are_fine(
    workspace: Path, state: Path, tmp_path: Path
) -> None:
    linked = tmp_path / "linked"
    git_in(workspace)("worktree", "add", "-q", "--detach", str(linked))
    write(linked, {"c.txt": "c"})
    git_in(linked)("add", "-A")
    git_in(linked)("commit", "-q", "-m", "second")
    repository = await Repository.open(linked, state, umask=0o022)
    assert await repository.fetch_base() == git_in(linked)("rev-parse", "HEAD")


async def test_a_shallow_clone_with_submodules_is_fine_and_said(
    workspace: Path, state: Path, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    write(workspace, {".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ../x\n'})
    head = git_in(workspace)("rev-parse", "HEAD")
    git_in(workspace)("update-index", "--add", "--cacheinfo", f"160000,{head},x")
    git_in(workspace)("add", ".gitmodules")
    git_in(workspace)("commit", "-q", "-m", "submodule")
    git_in(tmp_path)(
        "clone", "-q", "--depth=1", workspace.as_uri().replace("%0A", "\n"), str(shallow)
    )
    repository = await Repository.open(shallow, state, umask=0o022)
    base = await repository.fetch_base()
    assert repository.notices == (
        "submodules are left alone: agents see them as empty directories",
    )
    worktree = await repository.worktree("T1", base)
    write(worktree, {"a.txt": "1\n"})
    done = await commit(repository, worktree, base)
    assert [it.path for it in await repository.changed_files(base, done)] == ["a.txt"]


async def test_what_the_user_has_git_ignore_is_not_committed(
    workspace: Path, state: Path, home: Path
) -> None:
    write(workspace, {".git/info/exclude": "*.mine\n"})
    write(home, {".config/git/ignore": "*.everywhere\n"})
    repository = await Repository.open(workspace, state, umask=0o022)
    base = await repository.fetch_base()
    worktree = await repository.worktree("T1", base)
    write(worktree, {"x.mine": "", "x.everywhere": "", "__pycache__/x.pyc": ""})
    assert await commit(repository, worktree, base) == base


async def test_a_failure_names_gits_command(repository: Repository) -> None:
    with pytest.raises(GitError, match=r"git cat-file failed in .*: .*no-such-object"):
        await repository.git("cat-file", "blob", "no-such-object")
