"""Neovim without a screen, walked through a Lua script."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from editors.private_home import private_environment

DRIVERS = Path(__file__).parent / "drivers"
PLUGIN = Path(__file__).resolve().parents[2] / "editors" / "neovim"
TIMEOUT_S = 480


@dataclass(frozen=True, slots=True)
class Neovim:
    """An executable with a home of its own."""

    executable: Path
    home: Path
    path: str
    """Where it and the language server find programs."""

    @classmethod
    def with_plugin(cls, executable: Path, home: Path, path: str) -> Self:
        """Return a Neovim with our plugin installed as a package, as its users install it."""
        package = home / "data/nvim/site/pack/podium/start/podium"
        shutil.copytree(PLUGIN, package)
        return cls(executable, home, path)

    def walk(self, script: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
        """Run a script of `drivers/` and return what it said.

        The script fails by an error, which Neovim's exit status tells.
        """
        argv = [str(self.executable), "--headless", "-n", "-i", "NONE", "-S", str(DRIVERS / script)]
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env={**private_environment(self.home, self.path), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            said, shown = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, shown = process.communicate()
            shown += f"\n(ended after {TIMEOUT_S} s)"
        assert process.returncode == 0, f"{said}\nNeovim showed: {shown}"
        return said
