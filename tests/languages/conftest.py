import asyncio
from collections.abc import AsyncIterator

import pytest

from languages.plain_servers import PATIENCE, Launcher, ServersOf, of_python
from podium.languages import LanguageServers, Patience


@pytest.fixture
def launcher() -> Launcher:
    return Launcher()


@pytest.fixture
async def servers_of(launcher: Launcher) -> AsyncIterator[ServersOf]:
    made: list[LanguageServers] = []

    def make(*commands: tuple[str, ...], patience: Patience = PATIENCE) -> LanguageServers:
        made.append(of_python(launcher, *commands, patience=patience))
        return made[-1]

    yield make
    for it in made:
        await it.aclose()
    for process in launcher.started:  # One that was left running fails here.
        await asyncio.wait_for(process.wait(), 5)
