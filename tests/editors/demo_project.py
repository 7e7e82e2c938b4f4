"""The demo's project for one editor: a repository, and models that are scripted on loopback."""

import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from podium.demo.scripted_process import serve_in_process
from podium.demo.stage import CONFIGURATION, KEY, KEY_VARIABLE, SCENARIO, make_project


@dataclass(frozen=True, slots=True)
class DemoProject:
    """A project in which an editor can plan and run."""

    root: Path
    environment: Mapping[str, str]
    """What an editor's engine must find in its environment."""

    def git(self, *words: str) -> str:
        """Return what git says of the user's repository, without white space around it."""
        argv = ["git", *words]
        done = subprocess.run(argv, cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def merged(self) -> list[str]:
        """Return the titles of the merge commits of the user's branch, the latest first."""
        return self.git("log", "--first-parent", "--merges", "--format=%s").splitlines()


@asynccontextmanager
async def demo_project(home: Path) -> AsyncGenerator[DemoProject]:
    """Set the project up below ``home``, whose Podium is configured to use the script."""
    root = home / "a project"
    make_project(root)
    async with serve_in_process(SCENARIO) as url:
        folder = home / "config/podium"
        folder.mkdir(parents=True)
        text = CONFIGURATION.format(url=url, key=KEY_VARIABLE)
        (folder / "config.toml").write_text(text, "utf-8")
        yield DemoProject(root, {KEY_VARIABLE: KEY})
