from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from environments import PYTEST, make_environment
from gates.candidates import Candidate, candidate_maker
from podium.configuration import SandboxSettings
from podium.languages import LanguageServers
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    return find_sandbox(SandboxSettings())


@pytest.fixture(scope="session")
def with_pytest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose environment has pytest and nothing else."""
    workspace = tmp_path_factory.mktemp("with-pytest")
    make_environment(workspace, packages=PYTEST)
    return workspace


@pytest.fixture
async def candidate(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Candidate]:
    made: list[LanguageServers] = []
    yield candidate_maker(tmp_path, sandbox, made.append)
    for it in made:
        await it.aclose()
