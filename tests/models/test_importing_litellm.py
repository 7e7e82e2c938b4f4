"""What the import of litellm lets in: nothing of a repository's."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WANTED = {
    "OPENAI_API_BASE": "http://evil.example",
    "HTTPS_PROXY": "http://evil.example",
    "SSL_CERT_FILE": "/evil.pem",
    "OPENAI_API_KEY": "sk-of-the-repository",
    "PODIUM_ADDED": "1",
}
PROGRAM = """
import asyncio, json, os, warnings
warnings.simplefilter("ignore")
from podium.models import litellm_port
before = dict(os.environ)
asyncio.run(litellm_port.load())
print(json.dumps({name: it for name, it in os.environ.items() if before.get(name) != it}))
"""


@pytest.mark.parametrize("place", ["the working directory", "above where litellm is installed"])
def test_no_environment_is_read_from_a_repository(tmp_path: Path, place: str) -> None:
    workspace, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    packages = workspace / ".venv/lib/python3/site-packages"
    for path in (packages, elsewhere):
        path.mkdir(parents=True)
    (workspace / ".env").write_text("".join(f"{name}={it}\n" for name, it in WANTED.items()))
    found = importlib.util.find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    (packages / "litellm").symlink_to(Path(found.origin).parent)
    (elsewhere / "engine.py").write_text(PROGRAM)
    in_place = place == "the working directory"
    said = subprocess.run(
        # A program of no file, as a debugger or a frozen one is, searches where it stands.
        [sys.executable, *(["-c", PROGRAM] if in_place else [str(elsewhere / "engine.py")])],
        cwd=workspace if in_place else elsewhere,
        env={name: it for name, it in os.environ.items() if name not in WANTED}
        | {"PYTHONPATH": os.pathsep.join(["" if in_place else str(packages), *sys.path])},
        capture_output=True,
        check=True,
    )
    assert set(json.loads(said.stdout)).isdisjoint(WANTED)
