"""The names of a run's worktrees and checkouts in the state directory."""

import re
from collections.abc import Iterator, Mapping

from podium.domain.base import PlanId, RunId, TaskId

_PLANNING = re.compile(r"[^./]+(\.planning|/(draft|write|answer|tick)-\d+(\.inbox)?)")


def planning(plan: PlanId) -> str:
    """Return where the planner reads."""
    return f"{plan}.planning"


def work(run: RunId, task: TaskId, generation: int) -> str:
    """Return where a worker works; each generation begins anew."""
    return f"{run}.{task}.{generation}"


def inbox(conversation: str) -> str:
    """Return where it is kept what is to be told in a conversation."""
    return f"{conversation}.inbox"


def judging(run: RunId, task: TaskId | None) -> str:
    """Return the stem of where a task, or the whole run, is judged."""
    return f"{run}.{task or 'run'}"


def judged(stem: str) -> str:
    """Return where the gates find the candidate."""
    return f"{stem}.judged"


def base(stem: str) -> str:
    """Return where the gates find what they compare with."""
    return f"{stem}.base"


def reviewed(run: RunId, task: TaskId) -> str:
    """Return where the reviewer reads."""
    return f"{run}.{task}.reviewed"


def all_of(run: RunId, tasks: Mapping[TaskId, int]) -> Iterator[str]:
    """Yield every place that a run may have made; ``tasks`` gives each one's generation."""
    for stem in (judging(run, it) for it in (None, *tasks)):
        yield from (judged(stem), base(stem))
    for name, generation in tasks.items():
        yield reviewed(run, name)
        yield from (work(run, name, it) for it in range(generation + 1))


def run_of(name: str) -> RunId | None:
    """Return whose a place, job or conversation of this name is; None of what is planning's."""
    return None if _PLANNING.fullmatch(name) else RunId(re.split(r"[./]", name, maxsplit=1)[0])
