"""What editors have not saved: asked of each of them right before a merge writes files."""

import asyncio
from typing import Final

from pydantic import ValidationError

from podium.domain.base import Frozen
from podium.engine.context import Engine
from podium.protocol.wire import Disconnected, Peer, WireError
from podium.workspace.merging import CannotMerge

ANSWER_TIMEOUT_S: Final = 3.0
"""How long an editor may take: it answers from memory."""


class _Answer(Frozen):
    """An editor's, to ``editor/unsaved``."""

    paths: tuple[str, ...]


async def unsaved_paths(engine: Engine) -> frozenset[str]:
    """Return the files of the workspace that have unsaved text in any connected editor.

    An engine that has just started waits until editors have found it.

    Raises:
        MergeRefused: An editor does not say, or the engine is ending and hangs up on them.
    """
    await engine.editors_are_back.wait()
    answers = await asyncio.gather(*(_ask(it) for it in tuple(engine.editors)))
    if engine.stopping.is_set():
        message = "the engine was stopped before editors had said what is unsaved; merge again"
        raise CannotMerge(message)
    return frozenset[str]().union(*answers)


async def _ask(editor: Peer) -> tuple[str, ...]:
    """Return what one editor has not saved; nothing if it is gone."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            answer: object = await editor.call("editor/unsaved")
        return _Answer.model_validate(answer).paths
    except Disconnected:
        return ()
    except (TimeoutError, WireError, ValidationError):
        message = (
            "an editor that is open here does not say whether it has unsaved text; "
            "save what you have there and close it, then merge"
        )
        raise CannotMerge(message) from None
