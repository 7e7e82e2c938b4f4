"""Which tasks can be worked on side by side."""

from collections.abc import Sequence
from functools import lru_cache

from podium.domain.base import TaskId
from podium.domain.paths import Held
from podium.domain.plan import Task


def waves(tasks: Sequence[Task]) -> tuple[tuple[TaskId, ...], ...]:
    """Return the ids of ``tasks`` in waves: a wave's tasks need only tasks of earlier waves.

    A task stands in the earliest wave it can, and the tasks of a wave keep their order.
    Left out are tasks in a cycle, tasks that name an unknown task in ``after``, and whatever
    comes after either: none of them can ever start.  Of tasks that share an id only the first
    counts.
    """
    return _waves(tuple([(it.id, it.after) for it in tasks]))


@lru_cache(maxsize=16)  # Most of what changes in a plan leaves the order alone.
def _waves(edges: tuple[tuple[TaskId, tuple[TaskId, ...]], ...]) -> tuple[tuple[TaskId, ...], ...]:
    needs: dict[TaskId, set[TaskId]] = {}
    for task_id, after in edges:
        needs.setdefault(task_id, set(after))
    followers: dict[TaskId, list[TaskId]] = {}
    for task_id, needed in needs.items():
        for other in needed:
            followers.setdefault(other, []).append(task_id)
    order = {task_id: number for number, task_id in enumerate(needs)}
    ready = [task_id for task_id, needed in needs.items() if not needed]
    found: list[tuple[TaskId, ...]] = []
    while ready:
        found.append(tuple(ready))
        unlocked: list[TaskId] = []
        for task_id in ready:
            for follower in followers.get(task_id, ()):
                needs[follower].discard(task_id)
                if not needs[follower]:
                    unlocked.append(follower)
        ready = sorted(unlocked, key=order.__getitem__)
    return tuple(found)


def clashes(wave: Sequence[Task]) -> tuple[tuple[TaskId, int, TaskId], ...]:
    """Return which files get in the way of which other task of the wave.

    Each is named by its task and its number among the task's `files`, with the other task.
    """
    return _clashes(tuple([(it.id, it.own_paths) for it in wave]))


@lru_cache(maxsize=16)
def _clashes(
    wave: tuple[tuple[TaskId, tuple[str, ...]], ...],
) -> tuple[tuple[TaskId, int, TaskId], ...]:
    held = Held()
    found: list[tuple[TaskId, int, TaskId]] = []
    for task_id, paths in wave:
        others = enumerate(map(held.holder, paths))
        found += [(task_id, number, TaskId(other)) for number, other in others if other]
        held.hold(paths, task_id)
    return tuple(found)
