"""Forget commits of the private repository that are no longer needed.

Runs' branches and jobs' references are all that keeps agents' commits.  Git's own collection is
switched off there: it does not know the worktrees' index files, and would take objects away
that an agent's unfinished commit needs.
"""

from collections.abc import Collection
from typing import Final, NamedTuple
from urllib.parse import unquote

from podium.domain.base import JobId, RunId
from podium.workspace.git import BRANCHES, JOBS, TRAILER, Repository, job_ref

GRACE: Final = "1.day.ago"
"""Younger objects stay, in case that somebody is about to refer to them."""
_TRAILER: Final = f"%(contents:trailers:key={TRAILER},valueonly,separator=%0A)"


class Reference(NamedTuple):
    """A branch of a run, or what keeps a job's commit."""

    name: str
    owner: RunId | JobId


async def references(repository: Repository) -> tuple[Reference, ...]:
    """Return every reference that Podium made for a run or a job."""
    ran = await repository.git(
        "for-each-ref", f"--format=%(refname)%00{_TRAILER}%00", BRANCHES, JOBS
    )
    found: list[Reference] = []
    for name, trailer in zip(ran.fields[::2], ran.fields[1::2], strict=True):
        name = name.removeprefix("\n")  # noqa: PLW2901  # Git ends each line with one.
        if name.startswith(BRANCHES):
            found.append(Reference(name, RunId(unquote(name.removeprefix(BRANCHES)))))
        elif name == job_ref(JobId(trailer)):
            found.append(Reference(name, JobId(trailer)))
    return tuple(found)


async def forget(repository: Repository, names: Collection[str]) -> None:
    """Remove references, and the objects that nothing else refers to.

    Raises:
        GitError: Not all of it could be removed.
    """
    commands = "".join(f"delete {name}\n" for name in names)
    await repository.git("update-ref", "--stdin", text=commands.encode())
    in_use = [await repository.tree_of_index(it) for it in repository.indexes()]
    await repository.git("prune", f"--expire={GRACE}", *in_use)
