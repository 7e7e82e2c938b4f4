"""The names of a run's worktrees and checkouts in the state directory."""

from collections.abc import Iterator, Mapping

from podium.domain.base import PlanId, RunId, TaskId

WHOLE = TaskId("run")
"""Stands for all tasks together."""


def planning(plan: PlanId) -> str:
    """Return where the planner reads."""
    return f"{plan}.planning"


def work(run: RunId, task: TaskId, generation: int) -> str:
    """Return where a worker works; each generation begins anew."""
    return f"{run}.{task}.{generation}"


def judged(run: RunId, task: TaskId) -> str:
    """Return where the gates judge a candidate, or the whole run."""
    return f"{run}.{task}.judged"


def base(run: RunId, task: TaskId) -> str:
    """Return where the gates find what they compare with."""
    return f"{run}.{task}.base"


def reviewed(run: RunId, task: TaskId) -> str:
    """Return where the reviewer reads."""
    return f"{run}.{task}.reviewed"


def all_of(run: RunId, tasks: Mapping[TaskId, int]) -> Iterator[str]:
    """Yield every place that a run may have made; ``tasks`` gives each one's generation."""
    yield from (judged(run, WHOLE), base(run, WHOLE))
    for name, generation in tasks.items():
        yield from (judged(run, name), base(run, name), reviewed(run, name))
        yield from (work(run, name, it) for it in range(generation + 1))
