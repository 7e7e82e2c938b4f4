"""What a worker weighs that waits for its model, at 1, 16 and 256 of them.

Run with ``python benchmarks/waiting_workers.py``.  A scripted model on loopback takes every request
and never answers.  Plans of as many tasks as are missing are approved and started one after the
other; once all workers of a size wait, the resident memory of the engine, a process of its own as
users run it, is read.  The first worker pays for litellm; what each further one adds is the aim.
"""

import asyncio
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from podium.demo.scripted_process import serve_in_process
from podium.document import render
from podium.domain.base import PlanId, TaskId
from podium.domain.plan import Plan, Requirement, Task
from podium.protocol.client import EngineClient

SIZES = (1, 16, 256)
AIM_MB = 2.0
PATIENCE_S = 55.0
MODEL = "openai/gpt-scripted"
SCENARIO = """\
[[conversation]]
name = "worker"

[[conversation.turn]]
say = "Never said."
faults = [{ kind = "hang", times = 10_000 }]
"""
CONFIGURATION = """\
[categories]
quick = ["{model}"]

[providers.openai]
api_base = "{url}/v1"
api_key_env = "PODIUM_BENCHMARK_KEY"

[models."{model}"]
input_usd_per_mtok = 1
output_usd_per_mtok = 1

[budget]
run_usd = 1000

[limits]
jobs = 256
per_provider = 256
per_model = 256
idle_timeout_s = 600
"""


def plan_of(n_tasks: int) -> Plan:
    """Return a plan whose tasks do not wait for each other."""
    tasks = tuple(
        Task(
            id=TaskId(f"T{number}"),
            title=f"Wait {number}",
            category="quick",
            covers=("R1",),
            references=("notes.txt",),
            accept=("true",),
        )
        for number in range(1, n_tasks + 1)
    )
    needed = (Requirement(id="R1", text="they wait"),)
    name = PlanId(f"wait-{n_tasks}")
    return Plan(id=name, title="Wait", request="Wait.", requirements=needed, tasks=tasks)


def make_workspace(root: Path, plans: list[Plan]) -> Path:
    """Make a repository with the plans."""
    workspace = root / "workspace"
    folder = workspace / ".podium" / "plans"
    folder.mkdir(parents=True)
    (workspace / "notes.txt").write_text("nothing of note\n")
    for plan in plans:
        (folder / f"{plan.id}.md").write_text(render(plan))
    for words in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=B", "-c", "user.email=b@example.org", "commit", "-q", "-m", "Begin"),
    ):
        subprocess.run(["git", *words], cwd=workspace, check=True)
    return workspace


def megabytes_of(pid: int) -> float:
    """Return the resident memory of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def n_waiting(url: str) -> int:
    """Return how many requests the scripted model holds."""
    with urllib.request.urlopen(f"{url}/podium/requests") as answer:  # noqa: S310  # Loopback.
        return sum(it["outcome"] == "open" for it in json.load(answer))


async def is_known(client: EngineClient, plan: PlanId) -> bool:
    """Return whether the engine has found a plan's document."""
    return plan in {it["id"] for it in (await client.call("board/get"))["requests"]}


async def start(client: EngineClient, plan: PlanId) -> None:
    """Approve a plan as it is, and start it."""
    while not await is_known(client, plan):  # noqa: ASYNC110  # Another process looks for it.
        await asyncio.sleep(0.1)
    checked = await client.call("plan/check", plan=plan)
    await client.call("plan/approve", plan=plan, hash=checked["hash"], by="benchmark")
    await client.call("run/start", plan=plan)


async def wait(url: str, n_workers: int, deadline: float) -> None:
    """Return when that many workers wait."""
    while await asyncio.to_thread(n_waiting, url) < n_workers:
        if time.monotonic() > deadline:
            message = f"not all of {n_workers} workers were waiting in time"
            raise TimeoutError(message)
        await asyncio.sleep(0.2)
    await asyncio.sleep(1.0)  # What making their worktrees took is given back.


async def measure(root: Path) -> dict[int, float]:
    """Return the engine's memory in MB by the number of workers that wait; 0: before the first."""
    deadline = time.monotonic() + PATIENCE_S
    steps = [after - before for before, after in zip((0, *SIZES), SIZES, strict=False)]
    plans = [plan_of(it) for it in steps]
    workspace = make_workspace(root, plans)
    (root / "scenario.toml").write_text(SCENARIO)
    async with serve_in_process(root / "scenario.toml") as url:
        configuration = root / "config" / "podium" / "config.toml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text(CONFIGURATION.format(model=MODEL, url=url))
        client = await EngineClient.connect(workspace)
        pid = int(client.hello["pid"])
        try:
            found = {0: megabytes_of(pid)}
            for size, plan in zip(SIZES, plans, strict=True):
                await start(client, plan.id)
                await wait(url, size, deadline)
                found[size] = megabytes_of(pid)
        finally:
            await client.call("engine/stop")
            await client.aclose()
    return found


def main() -> None:
    """Print the table."""
    # Short: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="podium-", ignore_cleanup_errors=True) as folder:
        os.environ |= {
            "XDG_CONFIG_HOME": f"{folder}/config",
            "XDG_STATE_HOME": f"{folder}/state",
            "PODIUM_BENCHMARK_KEY": "sk-scripted",
        }
        found = asyncio.run(measure(Path(folder)))
    idle = found.pop(0)
    print(
        f"{'waiting workers':>16} {'engine MB':>10} {'ratio':>7} {'MB each':>9} {'each more':>10}"
    )
    print(f"{0:16} {idle:10.1f} {1:7.2f}")
    before, weighed = 0, idle
    added = 0.0
    for size, megabytes in found.items():
        added = (megabytes - weighed) / (size - before)
        print(
            f"{size:16} {megabytes:10.1f} {megabytes / idle:7.2f} "
            f"{megabytes / size:9.2f} {added:10.2f}"
        )
        before, weighed = size, megabytes
    outcome = "met" if added < AIM_MB else "missed"
    print(f"aim: a further worker adds less than {AIM_MB:.0f} MB; {outcome}")


if __name__ == "__main__":
    main()
