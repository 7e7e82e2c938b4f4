"""What the project's Python has installed from the user's own files.

Such an installation serves the user's tree and not the one that is judged.  A copy is
imported, and nobody knows of which of the two a passing test speaks.  An editable one leads
to files that the sandbox does not show: what passes without them has passed honestly, but a
module that is not found says nothing about the task.
"""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard, cast

from podium.domain.base import Frozen
from podium.gates.context import GateContext
from podium.workspace.sandbox import Completed
from podium.workspace.toolchain import VENVS
from podium.workspace.tree import Tree

_PROBE = """
import json, os, sys
from importlib.metadata import distributions
from urllib.parse import unquote, urlsplit
workspace = os.path.realpath(sys.argv[1])
def within(path):
    return os.path.commonpath([workspace, os.path.realpath(path)]) == workspace
copies = set()
for found in distributions():
    origin = json.loads(found.read_text("direct_url.json") or "{}")
    url = urlsplit(origin.get("url", ""))
    editable = origin.get("dir_info", {}).get("editable")
    if url.scheme == "file" and within(unquote(url.path)) and not editable:
        copies.add(found.metadata["Name"])
roots = [os.path.relpath(os.path.realpath(it), workspace) for it in sys.path if within(it)]
print(json.dumps([sorted(copies), roots]))
"""
"""Run by the project's own Python, isolated: the site-packages count, the tree does not."""
_NO_PROGRAM = {126, 127}
_MISSING = re.compile(r"No module named '?(\w+(?:\.\w+)*)")
_LIMIT_S = 60
MAX_NAMED = 5


class Installed(Frozen):
    """What of the workspace the project's Python imports from elsewhere than the worktree."""

    copies: tuple[str, ...] = ()
    """The distributions that were installed as a copy."""
    roots: tuple[str, ...] = ()
    """The directories on the search path, relative to the workspace."""
    unknown: str = ""
    """Why that is not known."""

    def doubt(self) -> str:
        """Return why no command that this Python runs can be believed, or nothing."""
        if not self.copies:
            return self.unknown
        return (
            f"the project's Python has a copy of your files installed "
            f"({', '.join(self.copies[:MAX_NAMED])}), and may import that instead of the "
            "task's: install it with `pip install -e`, or uninstall it"
        )


async def find_installed(ctx: GateContext) -> Installed:
    """Ask the Python that commands of the project find, in the sandbox.

    Raises:
        UserError: There is no sandbox, or it cannot start a command.
    """
    arguments = ("python3", "-I", "-c", _PROBE, str(ctx.workspace))
    done = await ctx.run(shlex.join(arguments), ctx.tree, timeout_s=_LIMIT_S)
    if done.exit_status in _NO_PROGRAM:
        return Installed()
    try:
        answer = cast("object", json.loads(done.output.rstrip().rpartition("\n")[2]))
    except (ValueError, RecursionError):
        answer = None
    match answer:
        case [copies, roots] if done.exit_status == 0 and _are_texts(copies) and _are_texts(roots):
            return Installed(copies=tuple(copies), roots=tuple(roots))
        case _:
            said = done.output.strip().rpartition("\n")[2][:200]
            return Installed(unknown=f"python3 does not say what is installed in it: {said}")


def astray(ctx: GateContext, installed: Installed, tree: Path, ended: Completed) -> str:
    """Return how ``ended`` failed for the user's files that it did not get, or nothing.

    Args:
        ctx: Whose workspace it is.
        installed: What `find_installed` said.
        tree: The checkout in which it ran.
        ended: A command that failed.
    """
    advice = (
        "have Python find the worktree's first, by `pythonpath` in pytest's configuration or "
        "by PYTHONPATH in the command (relative to the worktree, such as `PYTHONPATH=src`)"
    )
    if _asks_for_users_files(ctx.workspace, ended.output):
        return (
            "the project is installed in its environment from your own files, which commands "
            f"cannot read: {advice}"
        )
    files = Tree(tree)
    for name in dict.fromkeys(it[1] for it in _MISSING.finditer(ended.output)):
        place = next((it for it in _places(name, installed.roots) if files.exists(it)), None)
        if place is not None:
            return (
                f"Python did not find {name!r}, though the worktree has {place!r}: it is installed "
                f"from your own files, which commands cannot read; {advice}"
            )
    return ""


def _places(module: str, roots: tuple[str, ...]) -> Iterator[str]:
    for root in roots:
        place = (Path(root) / module.replace(".", "/")).as_posix()
        yield from (f"{place}.py", place)


def _asks_for_users_files(workspace: Path, output: str) -> bool:
    """Whether a line of ``output`` says so, in Python's spelling or another program's."""
    paths = {str(workspace), str(workspace.resolve())}
    spelled = "|".join(re.escape(it) for path in paths for it in (path, repr(path)[1:-1]))
    in_venv = "|".join(re.escape(it) for it in VENVS)
    asks = re.compile(f"(?:{spelled})/(?!(?:{in_venv})/)")
    return any("ermission denied" in it and asks.search(it) for it in output.splitlines())


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(
        isinstance(it, str) for it in cast("list[object]", value)
    )
