"""A shell in a workspace: `podium` as a process, with its own configuration and state."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PODIUM = (sys.executable, "-m", "podium")
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    complaint: str

    def json(self) -> Any:  # noqa: ANN401  # JSON.
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands in ``root``."""

    root: Path
    env: Mapping[str, str]

    def __call__(self, *words: str, cwd: Path | None = None, text: str = "") -> Said:
        return self.run(*PODIUM, *words, cwd=cwd, text=text)

    def run(self, *argv: str, cwd: Path | None = None, text: str = "") -> Said:
        done = subprocess.run(
            argv,
            cwd=cwd or self.root,
            env=dict(self.env),
            input=text,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.status == 0, done.complaint
        return done.out.strip()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
