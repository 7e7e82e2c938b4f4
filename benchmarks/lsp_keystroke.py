"""How long a keystroke in a plan takes to become diagnostics at the client, over real pipes.

Run with ``python benchmarks/lsp_keystroke.py``.  Each keystroke lengthens the name of a category
that does not exist, so that every one of them changes a diagnostic; the server reads the document
again, checks all of it and sends what it found.  No engine runs: none is needed for that.
"""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from harness.lsp_editor import editing

from podium.document import render
from podium.domain.base import PlanId, TaskId
from podium.domain.plan import FileReference, Plan, Requirement, Task

N_KEYSTROKES = 60
PATH = ".podium/plans/benchmark.md"


def plan_of(n_tasks: int) -> Plan:
    """Return a plan of that many tasks, each with all that a task has."""
    return Plan(
        id=PlanId("benchmark"),
        title="Many tasks",
        request="Do all of this.",
        requirements=tuple(
            Requirement(id=f"R{number}", text=f"requirement {number}")
            for number in range(1, n_tasks + 1)
        ),
        tasks=tuple(
            Task(
                id=TaskId(f"T{number}"),
                title=f"Rename what module {number} calls parse",
                body="The name says too little.\nKeep the old one for one release.",
                category="quick",
                files=(FileReference(path=f"src/module_{number}.py", first_line=1, last_line=9),),
                after=(TaskId(f"T{number - 1}"),) if number > 1 else (),
                covers=(f"R{number}",),
                references=("README.md",),
                accept=("true",),
            )
            for number in range(1, n_tasks + 1)
        ),
    )


async def measure(root: Path, text: str) -> tuple[float, list[float]]:
    """Return the seconds until the first diagnostics, and those of each keystroke."""
    lines = text.split("\n")
    categories = [number for number, it in enumerate(lines) if "category: quick" in it]
    line = categories[len(categories) // 2]
    lines[line] = "  - category: quik"
    path = root / PATH
    taken: list[float] = []
    async with editing(root) as editor:
        began = time.perf_counter()
        editor.open(path, "\n".join(lines))
        await editor.diagnostics()
        first = time.perf_counter() - began
        for number in range(N_KEYSTROKES):
            at = {"line": line, "character": len("  - category: quik") + number}
            change = {"range": {"start": at, "end": at}, "text": "x"}
            await asyncio.sleep(0.03)
            began = time.perf_counter()
            versioned = {"uri": path.as_uri(), "version": number + 2}
            editor.send(
                "textDocument/didChange", {"textDocument": versioned, "contentChanges": [change]}
            )
            while f"quik{'x' * (number + 1)}'".encode() not in await editor.diagnostics():
                pass
            taken.append(time.perf_counter() - began)
    return first, taken


def main() -> None:
    """Print the table."""
    columns = ("median ms", "p95 ms", "ratio", "open ms")
    print(f"{'keystroke → diagnostics':<24}{''.join(f'{it:>10}' for it in columns)}")
    smallest = 0.0
    for n_tasks in (1, 50, 500):
        with tempfile.TemporaryDirectory() as folder:
            # A file where a directory should be: no engine can be started.
            (Path(folder) / "occupied").write_text("")
            os.environ["XDG_STATE_HOME"] = f"{folder}/occupied"
            root = Path(folder) / "workspace"
            (root / "src").mkdir(parents=True)
            (root / "README.md").write_text("# Read me\n")
            for number in range(1, n_tasks + 1):
                (root / f"src/module_{number}.py").write_text("pass\n" * 20)
            first, taken = asyncio.run(measure(root, render(plan_of(n_tasks))))
        median = statistics.median(taken)
        smallest = smallest or median
        slow = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{n_tasks:>4} task{'s' if n_tasks > 1 else ' ':<15}{median * 1000:10.1f}"
            f"{slow * 1000:10.1f}{median / smallest:10.1f}{first * 1000:10.0f}"
        )


if __name__ == "__main__":
    main()
