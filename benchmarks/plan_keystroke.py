"""What a keystroke costs in a plan of 500 tasks: reading it again and checking all of it.

Run with ``python benchmarks/plan_keystroke.py``; times are medians, and `WorkspaceFacts` reads a
real tree.  The first reading is what opening the document costs.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from podium.document import WorkspaceFacts, checks, parse, render
from podium.document.entries import read_task
from podium.domain.base import PlanId, TaskId
from podium.domain.plan import CATEGORIES, FileReference, Plan, Requirement, Task

N_TASKS = 500
N_FILES = 250
N_KEYSTROKES = 60
TARGET_MS = 10.0
PLAN = PlanId("benchmark")


def long_plan() -> Plan:
    """Return a plan whose every task has all fields."""
    return Plan(
        id=PLAN,
        title="Five hundred tasks",
        request="Do all of this.\n" * 20,
        requirements=tuple(
            Requirement(id=f"R{number}", text=f"requirement {number}")
            for number in range(1, N_TASKS + 1)
        ),
        tasks=tuple(long_task(number) for number in range(1, N_TASKS + 1)),
    )


def long_task(number: int) -> Task:
    """Return one task, which comes after the one before it."""
    path = f"src/module_{number % N_FILES}.py"
    return Task(
        id=TaskId(f"T{number}"),
        title=f"Rename what module {number} calls parse",
        body="The name says too little.\nKeep the old one as an alias for one release.",
        category="quick",
        files=(
            FileReference(path=path, first_line=10, last_line=20),
            FileReference(path=f"tests/test_{number}.py", is_new=True),
        ),
        after=(TaskId(f"T{number - 1}"),) if number > 1 else (),
        covers=(f"R{number}",),
        references=(f"{path}:5-9",),
        accept=(f"python -m unittest tests.test_{number}",),
        must_not=("change the public names of other modules",),
    )


def median_ms(work: Callable[[int], object], n_times: int) -> float:
    """Return the median wall-clock time of ``work``, called with 0, 1, ….."""
    taken: list[float] = []
    for number in range(n_times):
        start = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


def main() -> int:
    """Print the table; exit with 1 if a keystroke costs more than the target."""
    text = render(long_plan())
    place = text.index("The name says", len(text) // 2)
    typed = [text[:place] + "x" * it + text[place:] for it in range(1, N_KEYSTROKES + 1)]
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "src").mkdir()
        for number in range(N_FILES):
            (Path(root) / f"src/module_{number}.py").write_text("pass\n" * 40)
        facts = WorkspaceFacts(Path(root), CATEGORIES)

        def open_document(_: int) -> None:
            read_task.cache_clear()
            checks(parse(PLAN, text), facts)

        def read_keystroke(number: int) -> None:
            parse(PLAN, typed[number])

        def check_keystroke(number: int) -> None:
            checks(parse(PLAN, typed[number] + " "), facts)

        full = median_ms(open_document, 5)
        read = median_ms(read_keystroke, N_KEYSTROKES)
        checked = median_ms(check_keystroke, N_KEYSTROKES)
    print(f"{N_TASKS} tasks, {len(text):,} characters, {text.count(chr(10)):,} lines")
    print(f"{'open: parse + checks':32}{full:9.2f} ms")
    print(f"{'keystroke: parse':32}{read:9.2f} ms{full / read:8.1f} x less")
    print(f"{'keystroke: parse + checks':32}{checked:9.2f} ms{full / checked:8.1f} x less")
    print(f"{'target':32}{TARGET_MS:9.2f} ms")
    return int(checked > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())
