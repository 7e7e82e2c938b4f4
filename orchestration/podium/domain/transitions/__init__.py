"""What each event makes of a request: pure functions, called by `podium.domain.step` alone.

`planning`, `runs` and `findings` are what people command, `reports` what jobs tell;
`tasks` and `merging` are how a run goes on.
"""

from podium.domain.transitions import findings, merging, planning, reports, runs
from podium.domain.transitions.table import TRANSITIONS

__all__ = ["TRANSITIONS", "findings", "merging", "planning", "reports", "runs"]
