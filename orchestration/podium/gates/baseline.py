"""What is known of base trees: many tasks start from the same one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from podium.domain.base import TreeHash
from podium.languages import Diagnosis
from podium.sandbox.port import Completed

KEPT = 16

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


class Baseline:
    """Answers about base trees, by tree hash; one at a time, the last few are kept.

    Make a new one when the configuration changes: the same tree is then judged differently.
    """

    def __init__(self) -> None:
        self._diagnoses: dict[tuple[TreeHash, tuple[str, ...]], Diagnosis] = {}
        self._outcomes: dict[tuple[TreeHash, str], tuple[str, Completed]] = {}
        self._turn = asyncio.Lock()

    async def diagnosis(
        self, tree: TreeHash, paths: Sequence[str], ask: Callable[[], Awaitable[Diagnosis]]
    ) -> Diagnosis:
        """Return what is said of ``paths``; an answer with gaps is asked for again next time."""
        key = (tree, tuple(paths))
        async with self._turn:
            found = self._diagnoses.pop(key, None) or await ask()
            if not found.unknown:
                _keep(self._diagnoses, key, found)
        return found

    async def outcome(
        self,
        tree: TreeHash,
        command: str,
        run: Callable[[], Awaitable[Completed]],
        *,
        stamp: str = "",
    ) -> Completed:
        """Return how a command ends on the tree, where what is installed has this stamp."""
        key = (tree, command)
        async with self._turn:
            then, found = self._outcomes.pop(key, ("", None))
            if found is None or then != stamp:
                found = await run()
            _keep(self._outcomes, key, (stamp, found))
        return found

    def forget(self, tree: TreeHash, command: str) -> None:
        """Run the command again when its outcome is asked for next."""
        self._outcomes.pop((tree, command), None)


def _keep(known: dict[_Key, _Answer], key: _Key, answer: _Answer) -> None:
    known[key] = answer
    while len(known) > KEPT:
        del known[next(iter(known))]
