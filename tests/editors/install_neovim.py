"""Neovim 0.11 or newer: the machine's own, or Debian's next release beside its own libc."""

import re
import shutil
import subprocess
from pathlib import Path

from editors.debian_packages import next_release, unpack
from editors.editor_cache import UnavailableError, cached

_OLDEST = (0, 11)
_SUITE = "forky"

# `--library-path` is not inherited by children, unlike LD_LIBRARY_PATH: the language
# server runs on the machine's own libc.
_LAUNCHER = """\
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
lib=$(echo "$root"/usr/lib/*-linux-gnu)
export VIMRUNTIME="$root/usr/share/nvim/runtime"
exec "$lib"/ld-linux-*.so.* --library-path "$lib" --argv0 nvim "$root/usr/bin/nvim" \\
  --cmd "set runtimepath+=$root/usr/lib/nvim" "$@"
"""
_NOT_NEEDED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian")


def neovim() -> Path:
    """Return an executable of Neovim.

    Raises:
        UnavailableError: There is none on PATH that is new enough, and none can be unpacked.
    """
    on_path = shutil.which("nvim")
    if on_path and _version(Path(on_path)) >= _OLDEST:
        return Path(on_path)
    return cached(f"neovim-{_SUITE}", _unpack) / "nvim"


def _unpack(into: Path) -> None:
    unpack(("neovim",), next_release(_SUITE), into / "root", whole=True)
    for folder in _NOT_NEEDED:
        shutil.rmtree(into / "root" / folder, ignore_errors=True)
    launcher = into / "nvim"
    launcher.write_text(_LAUNCHER, "utf-8")
    launcher.chmod(0o755)
    if _version(launcher) < _OLDEST:
        message = f"the Neovim of Debian {_SUITE!r} does not start here"
        raise UnavailableError(message)


def _version(executable: Path) -> tuple[int, ...]:
    done = subprocess.run(
        [executable, "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    found = re.search(r"NVIM v(\d+)\.(\d+)", done.stdout)
    return tuple(int(part) for part in found.groups()) if found else ()
