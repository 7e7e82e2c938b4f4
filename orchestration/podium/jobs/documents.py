"""Plan documents as jobs change them: read, changed, and offered against what was read."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Final

from podium.domain.base import PlanId
from podium.jobs.port import EngineCalls

PAUSE_S: Final = 0.02
"""Before the second try at a document that somebody types in; each pause is twice as long."""
MAX_PAUSE_S: Final = 2.5


async def change_document(
    engine: EngineCalls, plan: PlanId, change: Callable[[str], str], *, label: str
) -> None:
    """Change a plan's document; return when the change is in it.

    Args:
        engine: Reads and edits it.
        plan: Whose document.
        change: Makes the new text of the current one, which is empty if there is none; asked
            again at each try: what is in it already, or was typed there meanwhile, it leaves.
        label: What an editor's user is told of the edit.
    """
    for tried in count():
        before = await engine.read_plan(plan)
        text = change(before)
        if text == before or await engine.edit_plan(plan, before=before, text=text, label=label):
            return
        await asyncio.sleep(min(PAUSE_S * 2**tried, MAX_PAUSE_S))
