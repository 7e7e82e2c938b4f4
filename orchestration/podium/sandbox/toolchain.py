"""Which programs a project's commands find, and what of the disk they may read.

Readable is a short list of places that hold programs, never the home directory
and nothing that contains one of the places where keys live.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from podium.domain.base import Frozen
from podium.errors import UserError
from podium.sandbox.environment import find_environment
from podium.workspace.state import state_base


class NotReadable(UserError):
    """A path must not be shown to commands."""


class Surroundings(Frozen):
    """The environment of a command, and the directories beside its worktree that it may read."""

    env: dict[str, str]
    readable: tuple[Path, ...]


SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/sys/devices/system/cpu",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/passwd", "/etc/group",
    "/etc/nsswitch.conf", "/etc/localtime", "/etc/timezone", "/etc/alternatives", "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf", "/etc/mime.types", "/etc/os-release", "/etc/hosts", "/etc/host.conf",
    "/etc/terminfo", "/etc/fonts", "/etc/pki/tls/certs", "/dev/urandom", "/dev/random",
)  # fmt: skip
"""Not the whole of ``/etc``: run by root it would show password hashes and host keys."""
SECRETS = (
    ".ssh", ".gnupg", ".config", ".aws", ".azure", ".docker", ".kube", ".netrc", ".pypirc",
    ".npmrc", ".git-credentials", ".password-store", ".mozilla", ".local/share/keyrings",
    ".cargo/credentials.toml", ".cargo/credentials", ".gem/credentials", ".bash_history",
    "Library/Keychains",
)  # fmt: skip
"""Below the home directory; a directory that contains one of them is not readable either."""
_TOOLCHAINS = (
    ".pyenv", ".rbenv", ".asdf", ".nvm", ".volta", ".rustup", ".cargo/bin", ".cargo/registry",
    ".local/share/mise", ".local/share/uv/python", ".local/share/uv/tools", ".local/share/pipx",
    ".local/pipx", "go/bin", "go/pkg/mod", ".sdkman/candidates", ".m2/repository",
)  # fmt: skip
_BESIDE_BIN = ("lib", "lib64", "libexec", "share", "include")
_PASSED_ON = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
_FIXED = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "CI": "true",
    "PYTEST_ADDOPTS": "--verbosity=0 --color=no -rfE",
}
"""`CI` keeps test runners from watching for ever and from writing snapshots.

`PYTEST_ADDOPTS` comes after what a project's own files add and before the command's options:
with two ``-q`` pytest does not say how many tests ran, and with ``-rN`` not which failed.
"""


def surroundings(
    workspace: Path, more: Sequence[str] = (), *, with_podiums: bool = False
) -> Surroundings:
    """Return what commands of ``workspace`` find.

    The user's own files are never readable, or tests could run them instead of a task's:
    of the workspace commands see its virtual environment and nothing else.

    Args:
        workspace: The user's repository.
        more: Paths the user allows.
        with_podiums: Whether programs are found that were installed with Podium; the
            project's own commands must not take its Python and packages for theirs.

    Raises:
        NotReadable: One of ``more`` is or contains a place of keys, or shows the workspace;
            or the workspace lies where everything is readable.
    """
    workspace = workspace.resolve()
    _check_place(workspace)
    environment = find_environment(workspace, more)
    env = _environment(os.environ)
    search = [Path(it) for it in os.environ.get("PATH", "").split(os.pathsep) if it.startswith("/")]
    search = [it for it in search if with_podiums or not _is_podiums(it)]
    search = [it for it in search if not _meet(it, workspace)]
    prefixes: list[Path] = []
    if with_podiums:
        search.append(Path(sys.prefix) / "bin")
        prefixes += [Path(sys.prefix), Path(sys.base_prefix)]
    search += [Path("/usr/local/bin"), Path("/usr/bin"), Path("/bin")]
    programs = search
    venv = environment.root if environment else None
    if environment is not None:
        env["VIRTUAL_ENV"] = str(environment.root)
        programs = [environment.root / "bin", *search]
        # What is beside its programs may be a link to anywhere: only these two count.
        prefixes += environment
    env["PATH"] = os.pathsep.join(dict.fromkeys(str(it) for it in programs if it.is_dir()))
    found = (it for it in _places(search, prefixes) if not _shows_users_files(it, workspace, venv))
    readable = [*found, *_allowed(more, workspace, venv)]
    return Surroundings(env=env, readable=tuple(dict.fromkeys(readable)))


def may_be_read(path: Path) -> bool:
    """Return whether neither ``path`` nor what it links to is, holds or is in a place of keys."""
    home = Path.home()
    secret = [*(home / it for it in SECRETS), state_base()]
    for it in {Path(os.path.normpath(path)), path.resolve()}:
        if home.is_relative_to(it) or home.resolve().is_relative_to(it):
            return False
        both = [*secret, *(one.resolve() for one in secret)]
        if any(one.is_relative_to(it) or it.is_relative_to(one) for one in both):
            return False
    return True


def _check_place(workspace: Path) -> None:
    """Refuse a workspace that cannot be kept from commands: what is readable is so to its depths.

    Raises:
        NotReadable: It lies where every command must be able to read.
    """
    exposed = next((it for it in SYSTEM if _meet(Path(it), workspace)), None)
    if exposed is not None:
        message = (
            f"no command is run: commands must be able to read {exposed}, and the workspace "
            f"{str(workspace)!r} is there, so that tests could run your files instead of a "
            "task's; move or clone the repository to another place, such as your home directory"
        )
        raise NotReadable(message)


def _allowed(more: Iterable[str], workspace: Path, venv: Path | None) -> Iterator[Path]:
    for path in more:
        wanted = Path(path).expanduser()
        if not wanted.is_absolute() or not may_be_read(wanted):
            message = (
                f"sandbox.readable: {path!r} is not an absolute path or contains keys, a home "
                "directory or Podium's state; name a directory that holds only what commands need"
            )
            raise NotReadable(message)
        if _shows_users_files(wanted, workspace, venv):
            message = (
                f"sandbox.readable: {path!r} shows files of the workspace {str(workspace)!r}, and "
                "tests could run these instead of a task's; remove it: commands get the "
                "task's files and, of the workspace, only its virtual environment"
            )
            raise NotReadable(message)
        yield wanted


def _shows_users_files(path: Path, workspace: Path, venv: Path | None) -> bool:
    in_venv = venv is not None and path.resolve().is_relative_to(venv)
    return _meet(path, workspace) and not in_venv


def _meet(path: Path, workspace: Path) -> bool:
    """Return whether ``path`` leads into ``workspace``, a path without links, or holds it."""
    real = path.resolve()
    return real.is_relative_to(workspace) or workspace.is_relative_to(real)


def _is_podiums(directory: Path) -> bool:
    """Return whether programs of a virtual environment that was made for Podium are in it."""
    own = Path(sys.prefix) / "bin"
    return sys.prefix != sys.base_prefix and directory.resolve() == own.resolve()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    passed = {name: environ[name] for name in _PASSED_ON if name in environ}
    return {"LANG": "C.UTF-8"} | passed | _FIXED


def _places(search: Iterable[Path], prefixes: Iterable[Path]) -> Iterator[Path]:
    home = Path.home()
    candidates = [*prefixes, *(home / it for it in _TOOLCHAINS), Path("/nix/store")]
    for directory in search:
        candidates.append(directory)
        if directory.name == "bin":
            candidates += [directory.parent / it for it in _BESIDE_BIN]
    for path in candidates:
        if path.exists() and may_be_read(path):
            yield path
