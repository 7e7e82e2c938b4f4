"""What Podium reads of the user's own repository."""

import os
import shlex
from contextlib import suppress
from pathlib import Path

from podium.domain.base import Commit, Frozen
from podium.text.plain import shown_path
from podium.workspace.git_command import GitError, run_git


class UsersRepository(Frozen):
    """Facts about it."""

    git_directory: Path
    head: Commit
    object_format: str
    author: dict[str, str]
    excluded: str
    has_submodules: bool


class CheckedOut(Frozen):
    """Where the user is: ``branch`` is its full name, empty for a detached HEAD."""

    branch: str
    commit: Commit


async def describe(workspace: Path) -> UsersRepository:
    """Return the facts about the repository whose root is ``workspace``.

    Raises:
        GitError: There is none, it is bare, it has no commit, or its root is elsewhere.
    """
    bare = await run_git("rev-parse", "--is-bare-repository", cwd=workspace, accept=(0, 128))
    # Git refuses to look at a bare repository that it came upon, as `QUIET` asks.
    if bare.line == "true" or "bare repository" in bare.complaint:
        message = f"{str(workspace)!r} is a bare repository; open a clone of it that has files"
        raise GitError(message)
    if bare.status != 0:
        raise GitError(_not_a_repository(workspace, bare.complaint))
    _check_root((await run_git("rev-parse", "--show-toplevel", cwd=workspace)).line, workspace)
    git_directory = (await run_git("rev-parse", "--absolute-git-dir", cwd=workspace)).line
    object_format = (await run_git("rev-parse", "--show-object-format", cwd=workspace)).line
    modules = await run_git("cat-file", "-e", "HEAD:.gitmodules", cwd=workspace, accept=(0, 1, 128))
    return UsersRepository(
        git_directory=Path(git_directory),
        head=await head_of(workspace),
        object_format=object_format,
        author=await _author(workspace),
        excluded=await _excluded(workspace),
        has_submodules=modules.status == 0,
    )


async def head_of(workspace: Path) -> Commit:
    """Return the commit that the user has checked out, on a branch or not.

    Raises:
        GitError: There is no commit yet.
    """
    ran = await run_git(
        "rev-parse", "--verify", "-q", "HEAD^{commit}", cwd=workspace, accept=(0, 1, 128)
    )
    if ran.status != 0:
        message = (
            f"{str(workspace)!r} has no commit yet; make the first one (`git commit`) and try again"
        )
        raise GitError(message)
    return Commit(ran.line)


async def checked_out(workspace: Path) -> CheckedOut:
    """Return the branch that the user has checked out, and its commit.

    Raises:
        GitError: There is no commit yet.
    """
    ran = await run_git("symbolic-ref", "-q", "HEAD", cwd=workspace, accept=(0, 1))
    return CheckedOut(branch=shown_path(ran.line), commit=await head_of(workspace))


async def holds(workspace: Path, tip: str, commit: Commit) -> bool:
    """Return whether ``tip``, a reference or a commit of the user's, is ``commit`` or after it."""
    ran = await run_git(
        *("merge-base", "--is-ancestor", commit, tip), cwd=workspace, accept=(0, 1, 128)
    )
    return ran.status == 0


def _check_root(top: str, workspace: Path) -> None:
    if Path(top).resolve() != workspace.resolve():
        message = f"{str(workspace)!r} is inside the repository {top!r}; open that directory"
        raise GitError(message)


def _not_a_repository(workspace: Path, complaint: str) -> str:
    if "dubious ownership" in complaint:
        return (
            f"{str(workspace)!r} belongs to another user, so git refuses it; "
            f"allow it with: git config --global --add safe.directory {shlex.quote(str(workspace))}"
        )
    if "not a git repository" in complaint:
        return f"{str(workspace)!r} is not a git repository; run `git init` there and commit"
    return f"git cannot use {str(workspace)!r}: {complaint.strip()}"


async def _author(workspace: Path) -> dict[str, str]:
    """Return the user as git's author, Podium where they have not said who they are."""
    name = (await _configured(workspace, "user.name")) or "Podium"
    email = (await _configured(workspace, "user.email")) or "podium@localhost"
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}


async def _configured(workspace: Path, key: str, *how: str) -> str:
    return (await run_git("config", *how, "--get", key, cwd=workspace, accept=(0, 1))).line


async def _excluded(workspace: Path) -> str:
    """Return what the user has git ignore beyond the repository's own ``.gitignore``."""
    info = (await run_git("rev-parse", "--git-path", "info/exclude", cwd=workspace)).line
    everywhere = await _configured(workspace, "core.excludesFile", "--type=path")
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    texts: list[str] = []
    for path in (workspace / info, Path(everywhere or Path(config) / "git" / "ignore")):
        with suppress(OSError):
            texts.append(path.read_text(errors="surrogateescape"))
    return "\n".join(texts).encode(errors="surrogateescape").decode(errors="ignore")
