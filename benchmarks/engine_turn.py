"""What the engine adds to an agent's turn, beside what the model's answer takes.

Run with ``python benchmarks/engine_turn.py``.  A scripted model on loopback answers at once; a
worker in a real engine, a process of its own, reads some lines of a file in each turn.  A turn is
all of it: the request through litellm, the reply and the tool's result on disk, the tool, the board
told to a client.  Then the same requests, with the same transcripts, are made by three clients,
each a process of its own, turn by turn beside each other: aiohttp alone, litellm alone, and
Podium's gateway (litellm, watched).
"""

import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from podium.agent.context import fitted
from podium.configuration import load
from podium.demo.scripted_process import serve_in_process
from podium.document import render
from podium.domain.base import PlanId, TaskId
from podium.domain.plan import Plan, Requirement, Task
from podium.domain.request import Request
from podium.domain.roles import WORKER
from podium.domain.transcript import AssistantMessage, Message
from podium.engine.journal import MESSAGE
from podium.models.budget import Reservation
from podium.models.messages import to_wire, tools_to_wire
from podium.protocol.client import EngineClient
from podium.protocol.wire import Params
from podium.tools.table import tools_named
from podium.workspace.state import state_directory

N_TURNS = 60
N_WARM = 8
"""Turns that are not counted: litellm compiles what it needs, the caches fill."""
N_LINES = 40
"""Lines that each turn reads, some 1,200 characters."""
AIM_MS = 15.0
MODEL = "openai/gpt-scripted"
PLAN = PlanId("benchmark")
KEY = "sk-scripted"
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
turns_per_task = 500
"""


class Cost(NamedTuple):
    """What one turn costs, in milliseconds."""

    wall: float
    cpu: float


def scenario() -> str:
    """Return what the model says: it reads on and on, and at last leaves the worker waiting."""
    turns = "".join(
        "[[conversation.turn]]\n"
        f'say = "I go on reading at line {number * N_LINES + 1}."\n'
        'call = [{ tool = "read_file", arguments = { path = "notes.txt", '
        f"first_line = {number * N_LINES + 1}, n_lines = {N_LINES} }} }}]\n"
        for number in range(N_TURNS)
    )
    end = '[[conversation.turn]]\nsay = "Never said."\nfaults = [{ kind = "hang", times = 99 }]\n'
    return f'[[conversation]]\nname = "worker"\n{turns}{end}'


def plan() -> Plan:
    """Return a plan with one task."""
    task = Task(
        id=TaskId("T1"),
        title="Read the notes",
        category="quick",
        covers=("R1",),
        references=("notes.txt",),
        accept=("true",),
    )
    needed = (Requirement(id="R1", text="they were read"),)
    return Plan(id=PLAN, title="Read", request="Read.", requirements=needed, tasks=(task,))


def make_workspace(root: Path) -> Path:
    """Make a repository with the file that is read, and the plan."""
    workspace = root / "workspace"
    plans = workspace / ".podium" / "plans"
    plans.mkdir(parents=True)
    lines = (f"note {number}: nothing of note" for number in range(1, N_TURNS * N_LINES + 1))
    (workspace / "notes.txt").write_text("\n".join(lines))
    (plans / f"{PLAN}.md").write_text(render(plan()))
    for words in (
        ("init", "-q"),
        ("add", "-A"),
        ("-c", "user.name=B", "-c", "user.email=b@example.org", "commit", "-q", "-m", "Begin"),
    ):
        subprocess.run(["git", *words], cwd=workspace, check=True)
    return workspace


async def run_engine(workspace: Path) -> tuple[list[Cost], list[Message]]:
    """Let the worker work; return what its turns cost, and all that was said."""
    board: asyncio.Queue[Request] = asyncio.Queue()

    def take(_method: str, params: Params) -> None:
        for it in params["requests"]:
            board.put_nowait(Request.model_validate(it))

    client = await EngineClient.connect(workspace, on_notification=take)
    try:
        take("", await client.call("board/subscribe"))
        cpu_ms = await asyncio.wait_for(walk(client, board), 50)
    finally:
        await client.call("engine/stop")
        await client.aclose()
    path = state_directory(workspace) / "journal.db"
    with closing(sqlite3.connect(path)) as journal:
        turns = journal.execute("SELECT at FROM events WHERE kind = 'turn_taken' ORDER BY seq")
        ends: list[float] = [at for (at,) in turns]
        rows = journal.execute("SELECT body FROM transcripts ORDER BY n")
        said = [MESSAGE.validate_json(body) for (body,) in rows]
    walls = [(after - before) * 1e3 for before, after in pairwise(ends)]
    return [Cost(it, cpu_ms) for it in walls[N_WARM - 1 :]], said


async def walk(client: EngineClient, board: "asyncio.Queue[Request]") -> float:
    """Approve, start, and wait for the last turn; return the engine's CPU time per turn, in ms."""
    while not (request := await board.get()).hash:
        pass
    await client.call("plan/approve", plan=PLAN, hash=request.hash, by="benchmark")
    await client.call("run/start", plan=PLAN)
    pid = int(client.hello["pid"])
    began: tuple[int, float] | None = None
    while (n_turns := (request := await board.get()).spent.n_turns) < N_TURNS:
        if request.problem or request.paused:
            message = request.problem or request.paused
            raise RuntimeError(message)
        if began is None and n_turns >= N_WARM:
            began = n_turns, cpu_ms_of(pid)
    if began is None:
        message = "the board told of no turn on the way"
        raise RuntimeError(message)
    return (cpu_ms_of(pid) - began[1]) / (n_turns - began[0])


def cpu_ms_of(pid: int) -> float:
    """Return the CPU time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e3


# ── the same requests without the engine; each client is a process that is told when ──────────

Exchange = Callable[[Sequence[Message]], Awaitable[object]]


@asynccontextmanager
async def with_aiohttp(url: str, _workspace: Path) -> AsyncGenerator[Exchange]:
    """Ask as plainly as possible: one POST, its events read as JSON."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session:

        async def exchange(messages: Sequence[Message]) -> object:
            body = {
                "model": MODEL.partition("/")[2],
                "messages": to_wire(messages),
                "tools": tools_to_wire([it.schema for it in tools_named(WORKER.tools)]),
                "tool_choice": "auto",
                "max_tokens": 8_192,
                "stream": True,
                "stream_options": {"include_usage": True},
            }
            async with session.post(f"{url}/v1/chat/completions", json=body) as response:
                response.raise_for_status()
                lines = [it async for it in response.content if it.startswith(b"data: {")]
            return [json.loads(it[6:]) for it in lines]

        yield exchange


@asynccontextmanager
async def with_litellm(url: str, _workspace: Path) -> AsyncGenerator[Exchange]:
    """Ask through litellm as it comes."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm  # noqa: PLC0415  # Takes seconds; the other clients do without.

    ask: Any = litellm.acompletion  # Its types are mostly unknown.

    async def exchange(messages: Sequence[Message]) -> object:
        chunks = await ask(
            model=MODEL,
            messages=to_wire(messages),
            tools=tools_to_wire([it.schema for it in tools_named(WORKER.tools)]),
            tool_choice="auto",
            max_tokens=8_192,
            stream=True,
            stream_options={"include_usage": True},
            api_key=KEY,
            api_base=f"{url}/v1",
            _skip_mcp_handler=True,
        )
        return [it async for it in chunks]

    yield exchange


class Rich:
    """Pays for every call."""

    @asynccontextmanager
    async def reserve(
        self, worst_usd: Decimal, least_usd: Decimal | None = None
    ) -> AsyncGenerator[Reservation]:
        """Set everything aside that is asked for."""
        del least_usd
        yield Reservation(worst_usd)


@asynccontextmanager
async def with_gateway(_url: str, workspace: Path) -> AsyncGenerator[Exchange]:
    """Ask as the engine does."""
    from podium.models.gateway import Gateway, ModelRequest  # noqa: PLC0415  # As above.

    gateway = Gateway(load(workspace).configuration)

    async def exchange(messages: Sequence[Message]) -> object:
        tools = tuple(it.schema for it in tools_named(WORKER.tools))
        ask = ModelRequest(models=(MODEL,), messages=tuple(messages), tools=tools)
        return await gateway.ask(ask, budget=Rich())

    yield exchange
    await gateway.aclose()


CLIENTS = {
    "aiohttp alone": with_aiohttp,
    "litellm alone": with_litellm,
    "Podium's gateway": with_gateway,
}


async def be_client(name: str, url: str, workspace: Path, said: Sequence[Message]) -> None:
    """Make the request whose number comes on stdin, say what it cost; until stdin ends."""
    replies = [at for at, it in enumerate(said) if isinstance(it, AssistantMessage)]
    async with CLIENTS[name](url, workspace) as exchange:
        while line := await asyncio.to_thread(sys.stdin.readline):
            messages = fitted(said[: replies[int(line)]], 120_000)
            wall, cpu = time.perf_counter(), time.process_time()
            await exchange(messages)
            cost = (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3
            print(*cost, flush=True)


async def run_clients(url: str, workspace: Path, said: Sequence[Message]) -> dict[str, list[Cost]]:
    """Return what the turns' requests cost each client."""
    transcript = workspace / "transcript.json"
    transcript.write_text(json.dumps([it.model_dump(mode="json") for it in said]))
    clients = {
        name: await asyncio.create_subprocess_exec(
            *(sys.executable, __file__, "client", name, url, str(workspace), str(transcript)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in CLIENTS
    }
    costs: dict[str, list[Cost]] = {name: [] for name in CLIENTS}
    try:
        for number in range(N_TURNS):
            for name, process in clients.items():
                assert process.stdin is not None  # noqa: S101  # PIPE.
                assert process.stdout is not None  # noqa: S101  # PIPE.
                process.stdin.write(b"%d\n" % number)
                wall, cpu = (await process.stdout.readline()).split()
                costs[name].append(Cost(float(wall), float(cpu)))
    finally:
        for process in clients.values():
            process.kill()
            await process.wait()
    return {name: it[N_WARM:] for name, it in costs.items()}


async def measure(root: Path) -> dict[str, list[Cost]]:
    """Return what turns cost, by who takes them."""
    workspace = make_workspace(root)
    (root / "scenario.toml").write_text(scenario())
    async with serve_in_process(root / "scenario.toml") as url:
        configuration = root / "config" / "podium" / "config.toml"
        configuration.parent.mkdir(parents=True)
        configuration.write_text(CONFIGURATION.format(model=MODEL, url=url))
        engine, said = await run_engine(workspace)
        return await run_clients(url, workspace, said) | {"a worker's turn in the engine": engine}


def main() -> None:
    """Print the table."""
    # Short: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="podium-") as folder:
        os.environ |= {
            "XDG_CONFIG_HOME": f"{folder}/config",
            "XDG_STATE_HOME": f"{folder}/state",
            "PODIUM_BENCHMARK_KEY": KEY,
        }
        costs = asyncio.run(measure(Path(folder)))
    bare = median(costs["aiohttp alone"])
    print(f"{N_TURNS - N_WARM} turns, medians; the transcript grows to {N_TURNS} replies")
    print(f"{'':32} {'ms':>7} {'ratio':>7} {'over aiohttp':>13} {'CPU ms':>8} {'ratio':>7}")
    for name, it in costs.items():
        found = median(it)
        print(
            f"{name:32} {found.wall:7.1f} {found.wall / bare.wall:7.1f} "
            f"{found.wall - bare.wall:10.1f} ms {found.cpu:8.1f} {found.cpu / bare.cpu:7.1f}"
        )
    overhead = median(costs["a worker's turn in the engine"]).wall - bare.wall
    print(f"aim: a turn adds less than {AIM_MS:.0f} ms; {'met' if overhead < AIM_MS else 'missed'}")


def median(costs: Sequence[Cost]) -> Cost:
    """Return the medians."""
    walls, cpus = zip(*costs, strict=True)
    return Cost(statistics.median(walls), statistics.median(cpus))


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        said = [MESSAGE.validate_python(it) for it in json.loads(Path(sys.argv[5]).read_bytes())]
        asyncio.run(be_client(sys.argv[2], sys.argv[3], Path(sys.argv[4]), said))
    else:
        main()
