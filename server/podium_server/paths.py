"""URIs and paths: which file a document is, and which plan."""

from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from podium.domain.base import PlanId

PLANS = Path(".podium", "plans")


def path_of(uri: str) -> Path | None:
    """Return the local file that ``uri`` names, or ``None`` when it names none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not path.startswith("/"):
        return None
    return None if "\0" in path else Path(path)


def relative_to(root: Path, path: Path) -> str | None:
    """Return ``path`` relative to ``root`` with slashes, or ``None`` when it lies outside.

    An editor may name a file through a symbolic link to the workspace.
    """
    for base, it in ((root, path), (root.resolve(), path.parent.resolve() / path.name)):
        if it.is_relative_to(base):
            return it.relative_to(base).as_posix()
    return None


def is_plan(relative: str) -> bool:
    """Whether a path relative to the workspace is a plan document's."""
    path = Path(relative)
    return path.parent == PLANS and path.suffix == ".md" and bool(path.stem)


def plan_of(relative: str) -> "PlanId":
    """Return the id of the plan whose document lies there."""
    return cast("PlanId", Path(relative).stem)


def workspace_of(plan: Path) -> Path | None:
    """Return the workspace that a plan document's absolute path lies in."""
    parents = plan.parents
    depth = len(PLANS.parts)
    if plan.suffix == ".md" and len(parents) > depth and parents[0].parts[-depth:] == PLANS.parts:
        return parents[depth]
    return None
