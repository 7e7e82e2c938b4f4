"""What a merge puts into the user's repository has the modes that the user's own git gives."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.domain.base import JobId
from podium.workspace.git import Repository
from repositories import git_in, write
from workspace.merges import merge


@pytest.fixture
def as_in_an_engine() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("umask", "shared", "expected"),
    [
        (0o022, "umask", {"file": 0o644, "script": 0o755, "folder": 0o755, "object": 0o444}),
        (0o002, "umask", {"file": 0o664, "script": 0o775, "folder": 0o775, "object": 0o444}),
        (0o077, "umask", {"file": 0o600, "script": 0o700, "folder": 0o700, "object": 0o400}),
        # Git itself widens its own files then, and those of nobody else.
        (0o077, "group", {"file": 0o600, "script": 0o700, "folder": 0o700, "object": 0o440}),
    ],
)
@pytest.mark.usefixtures("as_in_an_engine")
async def test_a_merge_leaves_the_modes_that_the_users_git_would(
    workspace: Path, state: Path, umask: int, shared: str, expected: dict[str, int]
) -> None:
    git_in(workspace)("config", "core.sharedRepository", shared)
    repository = await Repository.open(workspace, state, umask=umask)
    base = await repository.fetch_base()
    tree = await repository.worktree("work", base)
    write(tree, {"a.txt": "changed\n", "bin/run": "#!/bin/sh\n", "bin/on/it.txt": "new\n"})
    (tree / "bin/run").chmod(0o700)
    job = JobId("work")
    head = await repository.commit_all(tree, parent=base, message="Work", job=job)
    known = objects(workspace)

    await merge(repository, head)

    modes = {
        "file": {mode(workspace / it) for it in ("a.txt", "bin/on/it.txt")},
        "script": {mode(workspace / "bin/run")},
        "folder": {mode(workspace / it) for it in ("bin", "bin/on")},
        "object": {mode(it) for it in objects(workspace) - known},
    }
    assert modes == {what: {it} for what, it in expected.items()}
    assert open_to_others(state) == set()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(state: Path) -> set[Path]:
    return {it for it in state.rglob("*") if mode(it) & 0o077}


def objects(workspace: Path) -> set[Path]:
    return {it for it in (workspace / ".git/objects").rglob("*") if it.is_file()}
