"""Merges for tests: a worker's commit, a human's command, and what it must not change.

Run as a program it merges as an engine does, to be killed on the way.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from podium.domain.base import Commit, JobId, PlanId, RunId
from podium.domain.effect import MergeRun
from podium.domain.run import Candidate
from podium.workspace.git import Repository
from podium.workspace.merging import merge_into
from repositories import git_in, write

RUN = RunId("slugify-1")
MAIN = "refs/heads/main"


async def work(repository: Repository, files: dict[str, str], job: str = "work") -> Commit:
    base = await repository.fetch_base()
    worktree = await repository.worktree(job, base)
    write(worktree, files)
    return await repository.commit_all(worktree, parent=base, message="Work", job=JobId(job))


async def asked(repository: Repository, head: Commit, *, branch: str = MAIN) -> MergeRun:
    return MergeRun(
        job=JobId("merge:slugify-1"),
        plan=PlanId("slugify"),
        run=RUN,
        branch=branch,
        base=(await repository.parents(head))[0],
        head=head,
        tree=await repository.tree_of(head),
        title="Merge run slugify-1",
    )


async def no_editors() -> Sequence[str]:
    return ()


async def merge(
    repository: Repository, head: Commit, *, branch: str = MAIN, unsaved: Sequence[str] = ()
) -> Commit:
    """Merge, where the gates pass whatever the merge gives."""

    async def editors() -> Sequence[str]:
        return unsaved

    spec = await asked(repository, head, branch=branch)
    made = await merge_into(repository.workspace, repository, spec, editors)
    if isinstance(made, Candidate):
        judged = spec.evolve(job="merge:again", candidate=made.commit, tree=made.tree)
        made = await merge_into(repository.workspace, repository, judged, editors)
    assert not isinstance(made, Candidate)
    return made


def snapshot(workspace: Path) -> tuple[str, str, dict[str, bytes]]:
    git = git_in(workspace)
    files = {
        str(it.relative_to(workspace)): it.read_bytes()
        for it in workspace.rglob("*")
        if it.is_file() and ".git" not in it.relative_to(workspace).parts
    }
    return git("rev-parse", "HEAD"), git("status", "--porcelain"), files


async def _merge_to_be_killed(workspace: str, state: str, head: str) -> None:
    repository = await Repository.open(Path(workspace), Path(state), umask=0o022)
    await merge(repository, Commit(head))


if __name__ == "__main__":
    asyncio.run(_merge_to_be_killed(*sys.argv[1:]))
