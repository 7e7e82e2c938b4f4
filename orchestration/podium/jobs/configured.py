"""Parts of the engine that the configuration decides."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from podium.configuration import Configuration

T = TypeVar("T")


class Configured(Generic[T]):
    """A part made of the configuration when it is first needed, and anew when that has changed.

    What was replaced is closed with the last one: a job may be at work with it.

    Args:
        settings: Returns the configuration as it is now.
        make: Makes the part.
        close: Ends it, if it needs an end.
    """

    def __init__(
        self,
        settings: Callable[[], Awaitable[Configuration]],
        make: Callable[[Configuration], Awaitable[T]],
        close: Callable[[T], Awaitable[None]] | None = None,
    ) -> None:
        self._settings = settings
        self._make = make
        self._close = close
        self._made: list[tuple[Configuration, T]] = []
        self._turn = asyncio.Lock()

    async def get(self) -> T:
        """Return the part that fits the configuration."""
        async with self._turn:
            settings = await self._settings()
            if not self._made or self._made[-1][0] != settings:
                made = await self._make(settings)
                kept = self._made if self._close else []
                self._made = [*kept, (settings, made)]
            return self._made[-1][1]

    async def aclose(self) -> None:
        """Close all that were made."""
        async with self._turn:
            while self._made:
                _, made = self._made.pop()
                if self._close:
                    await self._close(made)
