"""Where a request stands.

Apart from `podium.domain.request`, so that `podium.domain.commands` imports nothing heavy.
"""

from enum import StrEnum


class Phase(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    PLANNING = "planning"
    INTERVIEWING = "interviewing"
    AWAITING_APPROVAL = "awaiting approval"
    APPROVED = "approved"
    RUNNING = "running"
    INTEGRATING = "integrating"
    AWAITING_MERGE = "awaiting merge"
    MERGING = "merging"
    JUDGING_MERGE = "judging merge"
    """The user's branch has moved: the gates judge what the merge with it would be."""
    DONE = "done"
    STOPPED = "stopped"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self is Phase.DONE

    @property
    def is_planned(self) -> bool:
        """Whether there is a plan to be read that no run carries out yet."""
        return self in {Phase.AWAITING_APPROVAL, Phase.APPROVED}

    @property
    def is_before_run(self) -> bool:
        """Whether the next run is to come; an earlier one of the same plan matters no more."""
        return self.is_planned or self in {Phase.DRAFT, Phase.PLANNING, Phase.INTERVIEWING}

    @property
    def has_live_run(self) -> bool:
        """Whether a run is under way or waits for its merge."""
        at_work = {Phase.RUNNING, Phase.INTEGRATING}
        return self is Phase.AWAITING_MERGE or self.is_merging or self in at_work

    @property
    def is_working(self) -> bool:
        """Whether jobs are at it that a human may pause, and cancel."""
        return self in {Phase.PLANNING, Phase.RUNNING, Phase.INTEGRATING, Phase.JUDGING_MERGE}

    @property
    def is_merging(self) -> bool:
        """Whether a human has asked for the merge, and it is judged or made."""
        return self in {Phase.MERGING, Phase.JUDGING_MERGE}

    @property
    def has_result(self) -> bool:
        """Whether what a run has brought can be thrown away."""
        return self in {Phase.AWAITING_MERGE, Phase.JUDGING_MERGE, Phase.STOPPED}
