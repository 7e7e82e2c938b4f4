"""Which paths a task's `files` stand for: one rule for plan checks, tools, gate and scheduler.

A path stands for the file of that name or, where that is a directory, for all that is beneath
it; a slash at its end changes nothing.  What a shell would expand stands for nothing: only of
names can be told, without a tree, what a human approves and whether two tasks get in each
other's way.  `[` and `{` are letters like others: frameworks name files `[id].tsx`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from podium.text.plain import hides_something

_ROOTED = re.compile(r"[/\\~]|[A-Za-z]:[/\\]")
_EXPANDED = re.compile(r"[*?]")


def path_trouble(path: str) -> str:
    """Return what keeps ``path`` from naming anything in the workspace; empty if nothing does."""
    if not path:
        return "is empty; write it relative to the workspace root"
    if hides_something(path):
        return "holds a control or an invisible character; write the path without it"
    if _ROOTED.match(path):
        return "is absolute; write it relative to the workspace root"
    if ".." in path.replace("\\", "/").split("/"):
        return "has '..'; write it relative to the workspace root, without"
    return ""


def expands(path: str) -> bool:
    """Return whether ``path`` is a pattern, which a shell would expand."""
    return _EXPANDED.search(path) is not None


def directory_of(pattern: str) -> str:
    """Return the directory in which a pattern's matches are, with a slash; empty for the root."""
    head = _EXPANDED.split(pattern)[0]
    return head[: head.rfind("/") + 1]


@lru_cache(maxsize=8192)
def plain_path(path: str) -> str:
    """Return ``path`` without ``.`` and needless slashes, so that one file has one name."""
    return ("/" if path.startswith("/") else "") + "/".join(_names(path)) or "."


def covers(declared: str, path: str) -> bool:
    """Return whether a task that declares ``declared`` may change the file ``path``."""
    if path_trouble(declared) or expands(declared) or path_trouble(path):
        return False
    names = _names(declared)
    return _names(path)[: len(names)] == names


class Held:
    """Paths that are held, each by somebody, to ask whether one of them overlaps another.

    They do if one stands for what the other stands for.  Letters are compared without their
    case: on some disks `README` and `readme` are one file.
    """

    def __init__(self) -> None:
        self._root = _Held()

    def hold(self, paths: Iterable[str], holder: str) -> None:
        """Have ``holder`` hold the paths, too."""
        for path in paths:
            at = self._root
            at.last = holder
            for name in _names(path.casefold()):
                at = at.beneath.setdefault(name, _Held())
                at.last = holder
            at.holder = holder

    def holder(self, path: str) -> str:
        """Return who holds a path that overlaps this one; empty if nobody does."""
        at: _Held | None = self._root
        for name in _names(path.casefold()):
            if at.holder:
                return at.holder
            at = at.beneath.get(name)
            if at is None:
                return ""
        return at.last


@dataclass(slots=True)
class _Held:
    """One name on the way to paths that are held."""

    beneath: "dict[str, _Held]" = field(default_factory=dict)
    holder: str = ""
    last: str = ""
    """Who came last to hold this or something beneath it."""


@lru_cache(maxsize=8192)
def _names(path: str) -> tuple[str, ...]:
    return tuple(it for it in path.split("/") if it not in {"", "."})
