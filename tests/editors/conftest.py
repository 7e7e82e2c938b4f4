"""Real editors as fixtures.

Where an editor cannot be had a test is skipped; under CI=true it fails, so that a machine
that lacks something never looks like one where everything works.
"""

import os
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest

from editors.demo_project import DemoProject
from editors.demo_project import demo_project as set_up
from editors.editor_cache import UnavailableError
from editors.install_neovim import neovim as find_neovim
from editors.install_vscode import VSCode, build_extension
from editors.install_vscode import vscode as find_vscode
from editors.private_home import private_home

T = TypeVar("T")

REPOSITORY = Path(__file__).resolve().parents[2]


def _or_skip(find: Callable[[], T]) -> T:
    try:
        return find()
    except UnavailableError as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"an editor is missing: {reason}")
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def neovim() -> Path:
    """Neovim's executable."""
    return _or_skip(find_neovim)


@pytest.fixture(scope="session")
def vscode() -> VSCode:
    """VS Code as a server, with a browser."""
    return _or_skip(find_vscode)


@pytest.fixture(scope="session")
def vsix() -> Path:
    """Our extension's package, as users install it."""
    return _or_skip(lambda: build_extension(REPOSITORY / "editors" / "vscode"))


@pytest.fixture
def home() -> Generator[Path]:
    """A home for one editor and what it starts."""
    with private_home() as place:
        yield place


@pytest.fixture
async def demo_project(home: Path) -> AsyncGenerator[DemoProject]:
    """The demo's project in that home, with its scripted models."""
    async with set_up(home) as project:
        yield project
