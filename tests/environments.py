"""Virtual environments of projects under test: a real Python, and what is installed with it."""

import json
import shutil
from importlib.metadata import distribution
from pathlib import Path
from venv import EnvBuilder

PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")


def make_environment(
    workspace: Path, name: str = ".venv", *, packages: tuple[str, ...] = ()
) -> Path:
    """Make a virtual environment of ``workspace`` and return its site-packages.

    Args:
        workspace: Where it is made.
        name: How its directory is called.
        packages: Distributions to copy from the environment that runs the tests.
    """
    EnvBuilder(symlinks=True).create(workspace / name)
    [site_packages] = (workspace / name).glob("lib/python3.*/site-packages")
    for package in packages:
        files = distribution(package).files or []
        for file in (it for it in files if ".." not in it.parts and it.suffix != ".pyc"):
            (site_packages / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), site_packages / file)
    return site_packages


def install_editable(site_packages: Path, workspace: Path, root: str) -> None:
    """Install ``workspace`` as ``pip install -e`` does: with a line that names its ``root``."""
    (site_packages / "__editable__.project-1.pth").write_text(f"{workspace / root}\n")
    _record(site_packages, workspace, {"editable": True})


def install_with_finder(site_packages: Path, workspace: Path, module: str, place: str) -> None:
    """Install ``workspace`` as ``pip install -e`` does where no one directory has its modules."""
    finder = f"""
import sys
from importlib.util import spec_from_file_location

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            return spec_from_file_location(name, {str(workspace / place)!r})

sys.meta_path.append(Finder)
"""
    (site_packages / "__editable___project_finder.py").write_text(finder)
    (site_packages / "__editable__.project-1.pth").write_text("import __editable___project_finder")
    _record(site_packages, workspace, {"editable": True})


def install_copy(site_packages: Path, workspace: Path, module: str, text: str) -> None:
    """Install ``workspace`` as ``pip install .`` does."""
    (site_packages / f"{module}.py").write_text(text)
    _record(site_packages, workspace, {})


def _record(site_packages: Path, workspace: Path, dir_info: dict[str, bool]) -> None:
    info = site_packages / "project-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: project\nVersion: 1\n")
    (info / "direct_url.json").write_text(
        json.dumps({"dir_info": dir_info, "url": workspace.as_uri()})
    )
