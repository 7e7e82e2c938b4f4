"""A merge goes where the run started, if that is checked out and still holds its commit."""

from collections.abc import Callable
from pathlib import Path

import pytest

from podium.domain.run import Candidate
from podium.workspace.git import Repository
from podium.workspace.merging import CannotMerge, merge_into
from repositories import git_in, write
from workspace.merges import MAIN, asked, merge, no_editors, snapshot, work


def switch(workspace: Path) -> None:
    git_in(workspace)("switch", "-q", "-c", "other")


def detach(workspace: Path) -> None:
    git_in(workspace)("switch", "-q", "--detach")


def reset(workspace: Path) -> None:
    git_in(workspace)("reset", "-q", "--hard", "HEAD^")


def amend(workspace: Path) -> None:
    git_in(workspace)("commit", "-q", "--amend", "-m", "otherwise")


def rename(workspace: Path) -> None:
    git_in(workspace)("branch", "-q", "-m", "main", "trunk")


def stay(_workspace: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("branch", "prepare", "said"),
    [
        (
            MAIN,
            switch,
            "'main' (at {base}), but 'other' (at {now}) is checked out; `git switch main`",
        ),
        (MAIN, detach, "'main' (at {base}), but no branch (at {now}) is checked out; `git switch"),
        (
            MAIN,
            reset,
            "'main' (at {base}), but 'main' (at {now}) no longer contains that commit",
        ),
        (MAIN, amend, "`git merge {base}` if you want it, then merge; or discard the run"),
        (
            "",
            stay,
            "no branch (at {base}), but 'main' (at {now}) is checked out; `git switch --det",
        ),
        (MAIN, rename, "'trunk' (at {now}) is checked out; `git switch -c main {base}`, then"),
    ],
    ids=lambda it: it.__name__ if callable(it) else "",
)
async def test_a_merge_that_would_go_elsewhere_is_refused(
    repository: Repository, branch: str, prepare: Callable[[Path], None], said: str
) -> None:
    workspace, git = repository.workspace, git_in(repository.workspace)
    write(workspace, {"secret.txt": "regretted\n"})
    git("add", "-A")
    git("commit", "-q", "-m", "second")
    base = git("rev-parse", "HEAD")
    head = await work(repository, {"a.txt": "new\n"})
    prepare(workspace)
    before = snapshot(workspace)
    with pytest.raises(CannotMerge) as refused:
        await merge(repository, head, branch=branch)
    places = {"base": base[:12], "now": git("rev-parse", "HEAD")[:12]}
    assert said.format(**places) in str(refused.value)
    assert snapshot(workspace) == before


@pytest.mark.parametrize(
    ("branch", "there"), [(MAIN, stay), ("", detach)], ids=["a branch", "a detached head"]
)
async def test_a_merge_goes_onto_newer_commits(
    repository: Repository, branch: str, there: Callable[[Path], None]
) -> None:
    git = git_in(repository.workspace)
    there(repository.workspace)
    head = await work(repository, {"a.txt": "new\n"})
    git("commit", "-q", "--allow-empty", "-m", "newer")
    newer = git("rev-parse", "HEAD")
    merged = await merge(repository, head, branch=branch)
    assert git("rev-parse", "HEAD", "HEAD^1", "HEAD^2") == f"{merged}\n{newer}\n{head}"


async def test_a_branch_that_is_given_up_for_another_after_the_merge_holds_it_still(
    repository: Repository,
) -> None:
    head = await work(repository, {"a.txt": "new\n"})
    merged = await merge(repository, head)  # And the engine dies before it can say so.
    git_in(repository.workspace)("switch", "-q", "-c", "next", "HEAD^")
    before = snapshot(repository.workspace)
    assert await merge(repository, head) == merged
    assert snapshot(repository.workspace) == before


async def test_a_merge_with_a_tree_that_nobody_has_judged_is_handed_back(
    repository: Repository,
) -> None:
    workspace, git = repository.workspace, git_in(repository.workspace)
    head = await work(repository, {"a.txt": "new\n"})
    write(workspace, {"src/b.txt": "newer\n"})
    git("commit", "-q", "-a", "-m", "newer")
    onto, before = git("rev-parse", "HEAD"), snapshot(workspace)
    spec = await asked(repository, head)
    made = await merge_into(workspace, repository, spec, no_editors)
    assert isinstance(made, Candidate)
    assert snapshot(workspace) == before
    assert made.onto == onto
    assert await repository.parents(made.commit) == (onto, head)
    assert made.tree == await repository.tree_of(made.commit)

    judged = spec.evolve(job="merge:again", candidate=made.commit, tree=made.tree)
    write(workspace, {"src/b.txt": "newest\n"})
    git("commit", "-q", "-a", "-m", "newest")
    before = snapshot(workspace)
    again = await merge_into(
        workspace, repository, judged, no_editors
    )  # The branch has moved once more.
    assert isinstance(again, Candidate)
    assert snapshot(workspace) == before

    judged = spec.evolve(job="merge:third", candidate=again.commit, tree=again.tree)
    assert await merge_into(workspace, repository, judged, no_editors) == again.commit
    assert git("rev-parse", "HEAD") == again.commit


async def test_another_merge_under_the_jobs_id_is_no_evidence_of_this_one(
    repository: Repository,
) -> None:
    """So it is where a backup of the journal was put back, and its jobs are numbered again."""
    await merge(repository, await work(repository, {"a.txt": "of a run that is forgotten\n"}))
    await merge(repository, await work(repository, {"b.txt": "of this run\n"}, job="work-2"))
    assert (repository.workspace / "b.txt").read_text() == "of this run\n"
