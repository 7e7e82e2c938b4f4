"""A worktree with something worth reaching all around it, and who is kept in it."""

import asyncio
import os
import shutil
import site
import stat
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

import podium
from environments import make_environment
from podium.configuration import SandboxSettings
from podium.sandbox.port import Command, Completed, Sandbox, Spawned, project_command

SECRET = "sk-this-is-a-key"  # noqa: S105 - It is what the tests try to read.
NOBODY = 65534
"""An ordinary user, with nothing of their own."""
_RUN = """
import asyncio, sys
from podium.configuration import SandboxSettings
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Command
command = Command.model_validate_json(sys.stdin.read())
print(asyncio.run(find_sandbox(SandboxSettings()).run(command)).model_dump_json())
"""


class Jail:
    """A worktree, and a secret outside of it."""

    def __init__(
        self, sandbox: Sandbox, settings: SandboxSettings, root: Path, python: str = "python"
    ) -> None:
        self.sandbox, self.settings, self.root, self._python = sandbox, settings, root, python
        self.tree = root / "worktree"
        self.outside = root / "outside"
        for path in (self.tree, self.outside):
            path.mkdir()
        self.secret = self.outside / "secret"
        self.secret.write_text(SECRET)
        make_environment(root / "workspace")

    async def run(self, text: str, timeout_s: float = 60, **limits: int) -> Completed:
        """Run a line of a shell, confined."""
        command = project_command(text, self.tree, self.root / "workspace", self.settings)
        changed = {"timeout_s": timeout_s, **limits}
        return await self.sandbox.run(command.evolve(**changed))

    async def python(self, program: str, timeout_s: float = 60, **limits: int) -> Completed:
        """Run a program in Python, confined."""
        (self.tree / "program.py").write_text(program)
        return await self.run(f"{self._python} program.py", timeout_s, **limits)


class OrdinarySandbox:
    """A sandbox of another user's, who is not root."""

    def __init__(self, python: str, root: Path) -> None:
        self._python = python
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "tmp"),
        }

    async def run(self, command: Command) -> Completed:
        process = await asyncio.create_subprocess_exec(
            *(self._python, "-I", "-c", _RUN),
            stdin=PIPE,
            stdout=PIPE,
            cwd="/",
            env=self._environment,
            user=NOBODY,
            group=NOBODY,
            extra_groups=(),
        )
        said, _ = await process.communicate(command.model_dump_json().encode())
        return Completed.model_validate_json(said)

    async def spawn(self, command: Command) -> Spawned:
        raise NotImplementedError(command)


@contextmanager
def ordinary_jail(settings: SandboxSettings) -> Generator[Jail]:
    """Make a jail of an ordinary user's; only root can."""
    if os.getuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    asked = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python or "false", "-c", asked], capture_output=True, check=False).stdout
    if said.split() != [b"%d" % it for it in sys.version_info[:2]]:
        pytest.skip("there is no Python of this version that every user may run")
    places = [Path(it) for it in ("/tmp", "/var/tmp")]  # noqa: S108 - A directory of the test's own is made in it.
    open_to_all = [it for it in places if it.stat().st_mode & stat.S_IXOTH]
    if not open_to_all:
        pytest.skip("there is no temporary directory that every user may enter")
    root = Path(tempfile.mkdtemp(prefix="podium-ordinary-", dir=open_to_all[0])).resolve()
    try:
        root.chmod(0o755)
        venv = root / "venv"
        subprocess.run([str(python), "-m", "venv", "--without-pip", str(venv)], check=True)
        (packages,) = venv.glob("lib/python3.*/site-packages")
        sources = (*site.getsitepackages(), str(Path(podium.__file__).parent.parent))
        (packages / "podium.pth").write_text("\n".join(sources))
        tried = subprocess.run(
            [f"{venv}/bin/python", "-I", "-c", "import podium"], check=False, cwd="/", user=NOBODY
        )
        if tried.returncode != 0:
            pytest.skip("this checkout is not where every user may read it")
        for name in ("home", "tmp"):
            (root / name).mkdir()
        made = settings.evolve(readable=(str(venv),))
        jail = Jail(
            OrdinarySandbox(f"{venv}/bin/python", root),
            made,
            root,
            python=f"{venv}/bin/python -I",
        )
        for path in (root, *root.rglob("*")):
            if not path.is_relative_to(venv):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        yield jail
    finally:
        shutil.rmtree(root)
