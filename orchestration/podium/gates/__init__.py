"""Gates: checks with evidence, each one function from a context to a verdict.

What they judge was made by agents, and so may be the commands' output: a gate believes
exit statuses, servers' answers about exact contents, and git; never a worker.  A gate
that cannot find out says `unknown`, which lets nothing through.

Gates of one context share its two checkouts, so they are judged one after the other:
`judge_scope`, `judge_diagnostics`, `judge_acceptance`, `judge_suite`.
"""

from podium.gates.acceptance import judge_acceptance
from podium.gates.baseline import Baseline
from podium.gates.context import GateContext
from podium.gates.diagnostics import judge_diagnostics
from podium.gates.scope import judge_scope
from podium.gates.suite import judge_suite

__all__ = [
    "Baseline",
    "GateContext",
    "judge_acceptance",
    "judge_diagnostics",
    "judge_scope",
    "judge_suite",
]
