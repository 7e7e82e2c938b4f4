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
from podium.workspace.environment import NotUsed, installation
from podium.workspace.state import state_base


class NotReadable(UserError):
    """A path must not be shown to commands."""


class Surroundings(Frozen):
    """The environment of a command, and the directories beside its worktree that it may read."""

    env: dict[str, str]
    readable: tuple[Path, ...]


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
}


def surroundings(workspace: Path, more: Sequence[str] = ()) -> Surroundings:
    """Return what commands of ``workspace`` find; ``more`` are paths the user allows.

    Raises:
        NotReadable: One of ``more`` is or contains a place of keys.
    """
    venv = workspace / ".venv"
    prefixes = [Path(sys.prefix), Path(sys.base_prefix)]
    search = [Path(sys.prefix) / "bin", Path("/usr/local/bin"), Path("/usr/bin"), Path("/bin")]
    own = _venv_base(venv, more)
    env = _environment(os.environ)
    if own is not None:
        env["VIRTUAL_ENV"] = str(venv)
        prefixes += [venv, own]
    users = [Path(it) for it in os.environ.get("PATH", "").split(os.pathsep) if it.startswith("/")]
    search = [
        *([venv / "bin"] if own is not None else []),
        *(it for it in users if not it.is_relative_to(workspace)),
        *search,
    ]
    # What is in the workspace may be a link to anywhere: `prefixes` says what of it counts.
    readable = list(_places((it for it in search if not it.is_relative_to(workspace)), prefixes))
    for path in more:
        wanted = Path(path).expanduser()
        if not wanted.is_absolute() or not may_be_read(wanted):
            message = (
                f"sandbox.readable: {path!r} is not an absolute path or contains keys, a home "
                "directory or Podium's state; name a directory that holds only what commands need"
            )
            raise NotReadable(message)
        readable.append(wanted)
    env["PATH"] = os.pathsep.join(dict.fromkeys(str(it) for it in search if it.is_dir()))
    return Surroundings(env=env, readable=tuple(dict.fromkeys(readable)))


def unused_environment(workspace: Path, more: Iterable[str] = ()) -> str | None:
    """Return why the virtual environment in ``workspace`` is not used, if one is there."""
    venv = workspace / ".venv"
    try:
        if venv.is_symlink() or venv.exists():
            installation(venv, more)
    except NotUsed as reason:
        return str(reason)
    return None


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


def _venv_base(venv: Path, more: Iterable[str]) -> Path | None:
    """Return the installation behind a virtual environment, or `None` if it is not used."""
    try:
        return installation(venv, more) if venv.exists() else None
    except NotUsed:
        return None
