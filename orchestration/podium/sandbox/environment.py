"""The user's virtual environment: where it is, whether it is used, and what stands behind it.

A repository can bring a ``.venv``, and so can a change that was merged; whoever wrote it has
written its links, too.  Two rules keep it from opening the disk, and from judging:

- What git tracks is no environment: its programs would come before the user's own, the test
  runner and the language servers among them.
- No link leads out of it but one: the installation that its ``python`` is a link to becomes
  readable, and only if it is known by other means than the link.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from podium.errors import UserError
from podium.workspace.git_command import QUIET, scrubbed

_FOR_ALL = ("/usr", "/opt", "/nix/store", "/home/linuxbrew/.linuxbrew")
_IN_HOME = (
    ".pyenv", ".asdf", ".rye/py", ".local/share/mise", ".local/share/uv/python",
    ".conda", "anaconda3", "mambaforge", "micromamba", "miniconda3", "miniforge3",
)  # fmt: skip
_NAMED = ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "MAMBA_ROOT_PREFIX")
"""Variables of the user's that name a place where Pythons are installed."""
_TIMEOUT_S = 30
VENVS = (".venv", "venv")
"""Where an environment is looked for, in the root of the workspace."""


class Environment(NamedTuple):
    """A virtual environment that is used."""

    root: Path
    base: Path
    """The installation behind it; it may be ``root`` itself."""


class NotUsed(UserError):
    """There is something where a virtual environment would be, and it is not used."""

    def __init__(self, venv: Path, why: str) -> None:
        super().__init__(f"the environment {str(venv)!r} is not used: {why}")


def find_environment(workspace: Path, more: Sequence[str]) -> Environment | None:
    """Return the virtual environment of the user's repository, if it has one that is used.

    Args:
        workspace: The user's repository.
        more: Places that the user lets commands read.
    """
    found = (it for it in _tried(workspace, more) if isinstance(it, Environment))
    return next(found, None)


def unused_environment(workspace: Path, more: Sequence[str] = ()) -> str | None:
    """Return why none of the virtual environments in ``workspace`` is used, if one is there."""
    tried = list(_tried(workspace, more))
    is_used = any(isinstance(it, Environment) for it in tried)
    return None if is_used else "; ".join(map(str, tried)) or None


def _tried(workspace: Path, more: Sequence[str]) -> Iterator[Environment | NotUsed]:
    for venv in (workspace / it for it in VENVS):
        if venv.is_symlink() or venv.exists():
            try:
                yield Environment(venv, _installation(venv, more))
            except NotUsed as reason:
                yield reason


def _installation(venv: Path, more: Iterable[str]) -> Path:
    """Return the Python installation behind a virtual environment.

    Raises:
        NotUsed: It is none, or what it leads to is not known.
    """
    if venv.is_symlink():
        raise NotUsed(venv, "it is a link; make it a directory")
    python = (venv / "bin" / "python").resolve()
    base = python.parent.parent
    looks_installed = python.name.startswith("python") and any(base.glob("lib/python3.*/os.py"))
    if python.parent.name != "bin" or not looks_installed:
        raise NotUsed(venv, "its bin/python leads to no installed Python; make it anew")
    if base != venv.resolve() and not _is_known(base, python, venv.parent, more):
        where = f"its Python is installed in {str(base)!r}, which is no usual place"
        raise NotUsed(venv, f"{where}; if it is yours, name it in `sandbox.readable`")
    if _is_tracked(venv):
        remedy = f"`git rm -r --cached {venv.name}` and make it anew"
        raise NotUsed(venv, f"git tracks it, so it is the repository's and not yours; {remedy}")
    return base


def _is_known(base: Path, python: Path, workspace: Path, more: Iterable[str]) -> bool:
    if base.is_relative_to(workspace.resolve()):
        return False
    if any(base.is_relative_to(it.resolve()) for it in _places(more)):
        return True
    names = {python.name, "python3", "python"}
    return any((it / name).resolve() == python for it in _search(workspace) for name in names)


def _places(more: Iterable[str]) -> Iterator[Path]:
    yield from (Path(sys.base_prefix), Path(sys.prefix))
    yield from map(Path, _FOR_ALL)
    home = Path.home()
    yield from (home / it for it in _IN_HOME)
    yield from (Path(os.environ[it]) for it in _NAMED if os.environ.get(it))
    yield from (Path(it).expanduser() for it in more)


def _search(workspace: Path) -> Iterator[Path]:
    for it in os.environ.get("PATH", "").split(os.pathsep):
        if it.startswith("/") and not Path(it).is_relative_to(workspace):
            yield Path(it)


def _is_tracked(venv: Path) -> bool:
    try:
        status = (venv.parent / ".git" / "index").stat()
    except OSError:  # A linked worktree has it elsewhere.
        return _ask_git(venv)
    return _asked(venv, (status.st_ino, status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=16)
def _asked(venv: Path, _stamp: tuple[int, int, int]) -> bool:
    return _ask_git(venv)


def _ask_git(venv: Path) -> bool:
    """Return whether git tracks anything there; where there is no repository, it does not."""
    try:
        ran = subprocess.run(
            ("git", *QUIET, "ls-files", "-z", "--", venv.name),
            cwd=venv.parent,
            env=scrubbed(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return True  # It cannot be known.
    return bool(ran.stdout)
