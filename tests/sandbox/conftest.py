"""A real sandbox, in a workspace that is a repository."""

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Sandbox
from repositories import home, workspace

__all__ = ["home", "workspace"]


@pytest.fixture(scope="session")
def settings() -> SandboxSettings:
    return SandboxSettings()


@pytest.fixture(scope="session")
def sandbox(settings: SandboxSettings) -> Sandbox:
    return find_sandbox(settings)
