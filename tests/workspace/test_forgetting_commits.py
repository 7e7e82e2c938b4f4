import os
import time
from pathlib import Path

from podium.domain.base import JobId, RunId
from podium.workspace import pruning
from podium.workspace.git import Repository, branch_of, job_ref

DAYS_AGO = time.time() - 3 * 86_400


def age(repository: Repository) -> None:
    """Make every object older than what is young enough to stay."""
    for it in (repository.directory / "objects").rglob("*"):
        os.utime(it, (DAYS_AGO, DAYS_AGO))


async def committed(repository: Repository, name: str) -> tuple[Path, JobId]:
    base = await repository.fetch_base()
    tree = await repository.worktree(name, base)
    (tree / "new.txt").write_text(f"{name}\n")
    job = JobId(f"{name}/T1/work-1")
    commit = await repository.commit_all(tree, parent=base, message="New", job=job)
    await repository.move_branch(RunId(name), commit, None)
    return tree, job


async def test_a_forgotten_commit_is_gone_and_others_stay(repository: Repository) -> None:
    _, old = await committed(repository, "old-1")
    _, new = await committed(repository, "new-1")
    gone = await repository.branch_head(RunId("old-1"))
    assert gone is not None
    await repository.remove("old-1")
    age(repository)
    await pruning.forget(repository, [branch_of(RunId("old-1")), job_ref(old)])
    assert await repository.resolve(gone) is None
    assert await repository.commit_of(new) == await repository.branch_head(RunId("new-1"))
    await repository.git("fsck", "--strict")


async def test_what_a_worktree_has_not_committed_yet_stays(repository: Repository) -> None:
    """An engine may die between ``git add`` and the commit, and be away for days."""
    _, old = await committed(repository, "old-1")
    tree = await repository.worktree("live-1", await repository.fetch_base())
    (tree / "new.txt").write_text("unfinished\n")
    os.utime(tree / "new.txt", (DAYS_AGO, DAYS_AGO))  # Git looks again at what is quite new.
    [index] = [it for it in repository.indexes() if "live-1" in it.name]
    beside = {"GIT_INDEX_FILE": str(index)}
    await repository.git(f"--work-tree={tree}", "add", "--all", cwd=tree, environment=beside)
    age(repository)
    await pruning.forget(repository, [branch_of(RunId("old-1")), job_ref(old)])
    base = await repository.fetch_base()
    job = JobId("live-1/T1/work-1")
    commit = await repository.commit_all(tree, parent=base, message="New", job=job)
    assert await repository.show(commit, "new.txt") == b"unfinished\n"


async def test_a_job_that_a_message_claims_is_not_believed(repository: Repository) -> None:
    base = await repository.fetch_base()
    tree = await repository.worktree("a-1", base)
    (tree / "new.txt").write_text("new\n")
    job = JobId("a-1/T1/work-1")
    message = "Title\n\nReviewed-by: me\n Podium-Job: b-1/T1/work-1"
    await repository.commit_all(tree, parent=base, message=message, job=job)
    assert [it.owner for it in await pruning.references(repository)] == [job]
