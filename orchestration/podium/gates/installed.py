"""What the project's Python has installed from the user's own files.

Such an installation serves the user's tree and not the one that is judged.  A copy is
imported, and nobody knows of which of the two a passing test speaks.  An editable one leads
to files that the sandbox does not show: what passes without them has passed honestly, but a
module that is not found says nothing about the task.
"""

import re
import shlex
from contextlib import suppress
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from podium.domain.base import Frozen
from podium.gates.commands import CommandRunner
from podium.sandbox.environment import VENVS
from podium.sandbox.port import Completed
from podium.workspace.tree import Tree

_PROBE = """
import glob, json, os, sys
from urllib.parse import unquote, urlsplit
workspace = os.path.realpath(sys.argv[1])
def within(path):
    return os.path.commonpath([workspace, os.path.realpath(path)]) == workspace
def is_copy(path):
    try:
        with open(path) as file:
            origin = json.load(file)
        url = urlsplit(origin["url"])
        editable = origin.get("dir_info", {}).get("editable")
    except Exception:
        return True  # Nobody knows.
    return url.scheme == "file" and within(unquote(url.path)) and not editable
copies = []
for root in sys.path:
    for path in glob.glob(os.path.join(glob.escape(root), "*.dist-info", "direct_url.json")):
        if is_copy(path):
            copies.append(os.path.basename(os.path.dirname(path))[:-len(".dist-info")])
roots = [os.path.relpath(os.path.realpath(it), workspace) for it in sys.path if within(it)]
places = filter(os.path.isdir, sys.path + os.environ["PATH"].split(os.pathsep))
stamp = " ".join(str(os.stat(it).st_mtime_ns) for it in places)
print(json.dumps({"copies": copies, "roots": roots, "stamp": stamp}))
"""
"""Run by the project's own Python, isolated: the site-packages count, the tree does not."""
_MISSING = re.compile(r"No module named '?(\w+(?:\.\w+)*)")
_LIMIT_S = 60
MAX_NAMED = 5
_NOTHING_RUNS = range(1, 128)
"""The exit statuses of a Python that is not there or cannot start; no command runs it either."""


class Installed(Frozen):
    """What of the workspace the project's Python imports from elsewhere than the worktree."""

    copies: tuple[str, ...] = ()
    """The distributions that were installed as a copy."""
    roots: tuple[str, ...] = ()
    """The directories on the search path, relative to the workspace."""
    stamp: str = ""
    """Another one when a package or program was installed or removed since."""
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


class Installation:
    """The environment of one judgement's commands, looked at when the first gate asks."""

    def __init__(self, run: CommandRunner, tree: Path, workspace: Path) -> None:
        self._run = run
        self._tree = tree
        self._workspace = workspace
        self._found: Installed | None = None

    async def look(self) -> Installed:
        """Return what is installed.

        Raises:
            UserError: There is no sandbox, or it cannot start a command.
        """
        if self._found is None:
            arguments = ("python3", "-I", "-c", _PROBE, str(self._workspace))
            done = await self._run(shlex.join(arguments), self._tree, timeout_s=_LIMIT_S)
            self._found = _installed(done)
        return self._found


def _installed(done: Completed) -> Installed:
    """Return what the Python says that commands of the project find."""
    if done.exit_status in _NOTHING_RUNS and not done.timed_out:
        return Installed()
    last = done.output.rstrip().rpartition("\n")[2]
    if done.exit_status == 0:
        with suppress(ValidationError):
            return Installed.model_validate_json(last)
    return Installed(unknown=f"python3 does not say what is installed in it: {last[:200]}")


def astray(workspace: Path, installed: Installed, tree: Path, ended: Completed) -> str:
    """Return how ``ended`` failed for the user's files that it did not get, or nothing.

    Args:
        workspace: Where the user's files are.
        installed: What is installed from there.
        tree: The checkout in which it ran.
        ended: A command that failed.
    """
    files = Tree(tree)
    if asked := _asked_for(workspace, ended.output):
        return _looked_for("the project", _import_root(asked, files))
    for name in dict.fromkeys(it[1] for it in _MISSING.finditer(ended.output)):
        for root in installed.roots:
            place = (Path(root) / name.replace(".", "/")).as_posix()
            if files.exists(f"{place}.py") or files.exists(place):
                return _looked_for(repr(name), root)
    return ""


def _looked_for(what: str, root: str) -> str:
    return (
        f"Python looked for {what} where it is installed from, among your own files, which "
        "commands cannot read; have it find the worktree's: by `pythonpath` in pytest's "
        f"configuration or PYTHONPATH in the command, for example `PYTHONPATH={root}`"
    )


def _import_root(path: str, files: Tree) -> str:
    """Return the directory that Python would import a file from: the one above its packages."""
    directory = PurePosixPath(path).parent
    while directory.name and files.exists(f"{directory}/__init__.py"):
        directory = directory.parent
    return str(directory)


def _asked_for(workspace: Path, output: str) -> str:
    """Return the user's file that could not be read, in the workspace, if a line says so.

    In Python's spelling or another program's.
    """
    paths = {str(workspace), str(workspace.resolve())}
    spelled = "|".join(re.escape(it) for path in paths for it in (path, repr(path)[1:-1]))
    in_venv = "|".join(re.escape(it) for it in VENVS)
    asks = re.compile(rf"(?:{spelled})/(?!(?:{in_venv})/)([^\s'\":]{{1,300}})")
    lines = (it for it in output.splitlines() if "ermission denied" in it)
    return next((found[1] for it in lines if (found := asks.search(it))), "")
