"""What an agent's worktree may not bring into a commit.

Each of these does something on the machine where the commit is checked out: a
nested repository runs its configuration the next time git is used inside it, a
link out of the tree makes a later write land elsewhere.
"""

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from podium.errors import ToolRetry
from podium.text.plain import hides_something, shown_path
from podium.workspace.descent import folders

MAX_PATH_BYTES = 1_000
"""From the root of a tree; macOS takes 1,024, Linux 4,096 and both with what comes before it."""
LINK = "120000"
SUBMODULE = "160000"
_N_SHOWN = 100
_OF_THE_TREE = re.compile(
    r"(?:error|fatal): "
    r"(invalid path .*|BOM is .*|failed to encode .*|open\(.*\): Permission denied)$",
    re.MULTILINE,
)
"""What git says of a worktree that it cannot take: the worker's fault, not the machine's."""


class UncommittableError(ToolRetry):
    """The worktree holds something that is not taken into a commit."""


def refuse_places(worktree: Path) -> None:
    """Refuse a tree with anything called ``.git`` in it, or with a path that git skips.

    Worktrees are made without a ``.git``.  Beyond the system's limit of a path git looks at
    nothing and says no more than a warning, so work would be lost.

    Raises:
        UncommittableError: It names the first one.
    """
    for folder in folders(worktree):
        for entry in folder.entries:
            path = folder.path_of(entry)
            # File systems that ignore case, and git on them, take `.GIT` for the same.
            if entry.name.casefold() == ".git":
                message = f"{path!r} is a nested git repository, which is not committed; remove it"
                raise UncommittableError(message)
            if len(os.fsencode(path)) > MAX_PATH_BYTES:
                message = (
                    f"the path that begins with {path[:_N_SHOWN]!r} has more than "
                    f"{MAX_PATH_BYTES:,} bytes, which is not committed; remove or shorten it"
                )
                raise UncommittableError(message)


def refuse_name(path: str) -> None:
    """Refuse a name that is not UTF-8, which no plan, diff or editor could show.

    Raises:
        UncommittableError: It names it.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        message = f"the name {shown_path(path)!r} is not UTF-8; rename the file"
        raise UncommittableError(message) from None


def refuse_control_characters(path: str) -> None:
    """Refuse a new name with characters that a terminal obeys, or that nobody sees.

    Raises:
        UncommittableError: It names it.
    """
    if hides_something(path):
        message = f"the name {path!r} holds control or invisible characters; rename the file"
        raise UncommittableError(message)


def refuse_what_git_refused(complaint: str) -> None:
    """Refuse a worktree that git does not take; any other complaint is about the machine.

    Raises:
        UncommittableError: It says what git said.
    """
    found = _OF_THE_TREE.search(complaint)
    if found is not None:
        message = f"git does not take what is in the tree: {found[1]}; fix or remove it"
        raise UncommittableError(message) from None


def refuse_link(path: str, target: str) -> None:
    """Refuse a symbolic link at ``path`` that leads out of the tree, wherever it is checked out.

    Raises:
        UncommittableError: It names the link and its target.
    """
    reached = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if target.startswith("/") or reached == ".." or reached.startswith("../"):
        message = f"{path!r} is a symbolic link out of the tree, to {target!r}; remove it"
        raise UncommittableError(message)


def refuse_embedded(added: Iterable[str]) -> None:
    """Refuse a bare repository among new files: git takes any such directory for one.

    Raises:
        UncommittableError: It names the directory.
    """
    paths = frozenset(added)
    inside = {part for path in paths for part in _parents(path)}
    for path in sorted(paths):
        directory, _, name = path.rpartition("/")
        needed = {posixpath.join(directory, it) for it in ("objects", "refs")}
        if name.casefold() == "head" and needed <= inside:
            where = directory or "the tree itself"
            message = f"{where!r} is a bare git repository, which is not committed; remove it"
            raise UncommittableError(message)


def _parents(path: str) -> Iterable[str]:
    while path := posixpath.dirname(path):
        yield path
