"""The port to whatever plays a task.

`work_task` makes the worktree, has a worker work in it, and commits what it leaves.  The gates
judge that commit: what a worker is, and how it works, counts for nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from podium.agent.conversation import Escalated, Inbox
from podium.domain.effect import WorkTask
from podium.jobs.funds import LeasedFunds
from podium.tools.submit_result import Result


@dataclass(frozen=True)
class Brief:
    """What a worker is given.

    Args:
        spec: The task, and what else the plan says of it.
        directory: Its worktree, as the last attempt left it; nothing else may be written.
        evidence: Why the last attempt was not accepted; empty at the first.
        inbox: What it is told while it works.
        funds: What pays for everything that it asks a model.
    """

    spec: WorkTask
    directory: Path
    evidence: str
    inbox: Inbox
    funds: LeasedFunds


class Worker(Protocol):
    """Somebody who can do a task."""

    async def work(self, brief: Brief) -> Result | Escalated:
        """Work until it is done, or cannot be; return what is claimed, or why not.

        It may be called again with the same brief, after a crash or a pause, and goes on where it
        was: what was paid for is not asked again, and nothing is told twice.  When it is
        cancelled, every process of its has ended before it has.

        It sets aside in ``funds`` what a call can cost before it makes it, and counts it there
        afterwards.

        Raises:
            Paused: From ``funds``, when nothing is to be paid for any more: it leaves at once, and
                what it has done so far stays.
            ModelError: No model answers, or the budget does not allow it.
            UserError: It needs something that only the user can provide.
        """
        ...
