import asyncio

from podium.configuration import Configuration, Limits
from podium.jobs.configured import Configured


class Current:
    """A configuration that changes."""

    def __init__(self) -> None:
        self.now = Configuration()

    async def settings(self) -> Configuration:
        return self.now.model_copy()  # As one that has come over a wire.

    def change(self) -> None:
        self.now = self.now.evolve(limits=Limits(jobs=3))


class Part:
    """Takes a moment to make, and notes when it is closed."""

    def __init__(self, settings: Configuration) -> None:
        self.settings = settings
        self.is_closed = False

    async def aclose(self) -> None:
        self.is_closed = True


async def make(settings: Configuration) -> Part:
    await asyncio.sleep(0)
    return Part(settings)


async def test_those_who_ask_at_the_same_time_get_the_same_part() -> None:
    configured = Configured(Current().settings, make)
    one, other = await asyncio.gather(configured.get(), configured.get())
    assert one is other
    assert await configured.get() is one


async def test_a_part_is_made_anew_when_the_configuration_changed() -> None:
    current = Current()
    configured = Configured(current.settings, make)
    old = await configured.get()
    current.change()
    new = await configured.get()
    assert new is not old
    assert new.settings == current.now


async def test_a_part_that_was_replaced_is_closed_at_the_end_alone() -> None:
    current = Current()
    configured = Configured(current.settings, make, Part.aclose)
    old = await configured.get()
    current.change()
    new = await configured.get()
    assert not old.is_closed
    await configured.aclose()
    assert old.is_closed
    assert new.is_closed
