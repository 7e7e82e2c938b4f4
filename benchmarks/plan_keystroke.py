"""What a keystroke costs in a plan of 500 tasks: reading it again and checking all of it.

Run with ``python benchmarks/plan_keystroke.py``.  Times are medians of CPU time, so that whatever
else the machine does counts little; `WorkspaceFacts` reads a real tree.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from podium.configuration import Configuration
from podium.document import WorkspaceFacts, checks, parse, render
from podium.document.entries import read_requirement, read_task
from podium.domain.base import PlanId, TaskId
from podium.domain.plan import FileReference, Plan, Requirement, Task

N_TASKS = 500
N_FILES = 250
N_KEYSTROKES = 60
AIM_MS = 10.0
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
    """Return the median CPU time of ``work``, called with 0, 1, …."""
    taken: list[float] = []
    for number in range(n_times):
        start = time.process_time()
        work(number)
        taken.append((time.process_time() - start) * 1e3)
    return statistics.median(taken)


def typed(text: str, mark: str) -> list[str]:
    """Return ``text`` as one more letter after another is typed before ``mark``, half way down."""
    place = text.index(mark, len(text) // 2)
    return [text[:place] + "x" * it + text[place:] for it in range(1, N_KEYSTROKES + 1)]


def main() -> None:
    """Print the table."""
    text = render(long_plan())
    first, second, third = (typed(text, it) for it in ("The name", "Keep the", "change the"))
    split_up = [it.replace("xTh", "x\n- [ ] T9999: new\n  Th") for it in first]
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "src").mkdir()
        for number in range(N_FILES):
            (Path(root) / f"src/module_{number}.py").write_text("pass\n" * 40)
        facts = WorkspaceFacts(Path(root), Configuration().categories)

        def open_document(number: int) -> None:
            for read in (read_task, read_requirement):
                read.cache_clear()
            checks(parse(PlanId(f"benchmark {number}"), text), facts)

        def read_keystroke(number: int) -> None:
            parse(PLAN, first[number])

        def check_keystroke(number: int) -> None:
            checks(parse(PLAN, second[number]), facts)

        def check_new_item(number: int) -> None:
            checks(parse(PLAN, (third, split_up)[number % 2][number]), facts)

        full = median_ms(open_document, 5)
        rows = {
            "keystroke: parse": median_ms(read_keystroke, N_KEYSTROKES),
            "keystroke: parse + checks": median_ms(check_keystroke, N_KEYSTROKES),
            "a line that makes a new task": median_ms(check_new_item, N_KEYSTROKES),
        }
    print(f"{N_TASKS} tasks, {len(text):,} characters, {text.count(chr(10)):,} lines")
    print(f"{'open: parse + checks':32}{full:9.2f} ms")
    for name, taken in rows.items():
        print(f"{name:32}{taken:9.2f} ms{full / taken:8.1f} x less")
    outcome = "met" if rows["keystroke: parse + checks"] < AIM_MS else "missed"
    print(f"aim: a keystroke costs less than {AIM_MS:.0f} ms; {outcome}")


if __name__ == "__main__":
    main()
