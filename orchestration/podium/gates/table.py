"""Which function judges for which gate."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from podium.domain.verdict import Gate, Verdict
from podium.gates.acceptance import judge_acceptance
from podium.gates.context import GateContext
from podium.gates.diagnostics import judge_diagnostics
from podium.gates.scope import judge_scope
from podium.gates.suite import judge_suite

Judge = Callable[[GateContext], Awaitable[Verdict]]

JUDGES: Mapping[Gate, Judge] = MappingProxyType(
    {
        Gate.SCOPE: judge_scope,
        Gate.DIAGNOSTICS: judge_diagnostics,
        Gate.ACCEPTANCE: judge_acceptance,
        Gate.SUITE: judge_suite,
    }
)
