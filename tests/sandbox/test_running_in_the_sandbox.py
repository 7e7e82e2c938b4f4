import asyncio
import os
import sys
from pathlib import Path

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox import finder
from podium.sandbox.confinement import Confinement
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import NoSandbox, Sandbox, project_command, shell
from podium.sandbox.tail import Tail
from podium.sandbox.toolchain import NotReadable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "a tree\nhere"
    path.mkdir()
    return path


async def test_output_is_both_streams_in_order(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path
) -> None:
    done = await sandbox.run(
        project_command("echo out; echo err >&2; echo out; exit 7", tree, tree, settings)
    )
    assert (done.exit_status, done.output, done.timed_out) == (7, "out\nerr\nout\n", False)
    assert done.duration_s > 0


@pytest.mark.parametrize(
    ("text", "exit_status"),
    [("true", 0), ("nothing-like-this", 127), ("kill -TERM $$", 143), ("kill -KILL $$", 137)],
)
async def test_exit_statuses(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path, text: str, exit_status: int
) -> None:
    done = await sandbox.run(project_command(text, tree, tree, settings))
    assert done.exit_status == exit_status


async def test_a_program_that_is_not_there(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path
) -> None:
    done = await sandbox.run(project_command(["nothing-like-this"], tree, tree, settings))
    assert done.exit_status == 127


async def test_the_event_loop_goes_on(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path
) -> None:
    commands = [project_command("echo x", tree, tree, settings) for _ in range(3)]
    running = asyncio.gather(*(sandbox.run(it) for it in commands))
    n_turns = 0
    while not running.done():
        await asyncio.sleep(0)
        n_turns += 1
    assert n_turns > 10
    assert [it.output for it in await running] == ["x\n"] * 3


async def test_a_server_is_talked_to(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path
) -> None:
    server = await sandbox.spawn(
        project_command(["sh", "-c", "echo ready >&2; cat; exit 5"], tree, tree, settings)
    )
    for text in (b"one\n", b"two\n"):
        server.stdin.write(text)
        await server.stdin.drain()
        assert await server.stdout.readline() == text
    server.stdin.close()
    assert await server.wait() == 5
    assert server.complaints() == "ready\n"


async def test_a_server_is_killed(sandbox: Sandbox, settings: SandboxSettings, tree: Path) -> None:
    server = await sandbox.spawn(
        project_command("trap '' TERM; echo up; sleep 600 & sleep 600", tree, tree, settings)
    )
    assert await server.stdout.readline() == b"up\n"
    server.kill()
    server.kill()
    assert await server.wait() == 137
    assert await server.stdout.read() == b""


async def test_private_directories_are_removed(
    sandbox: Sandbox,
    settings: SandboxSettings,
    tree: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    text = 'mkdir -p "$HOME/a/b" && touch "$HOME/a/b/c" && chmod 0 "$HOME/a" "$HOME"; echo "$HOME"'
    done = await sandbox.run(project_command(text, tree, tree, settings))
    assert done.output.startswith(str(tmp_path / "tmp"))
    assert not any((tmp_path / "tmp").iterdir())


async def test_the_workspaces_virtual_environment_comes_first(
    sandbox: Sandbox, settings: SandboxSettings, tree: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    (workspace / ".venv/bin").mkdir(parents=True)
    (workspace / ".venv/bin/python").symlink_to(os.path.realpath(sys.executable))  # noqa: ASYNC240 - A test may block.
    (workspace / ".venv/bin/tool").write_text("#!/bin/sh\necho from the environment\n")
    (workspace / ".venv/bin/tool").chmod(0o755)
    (workspace / "private.txt").write_text("not for commands")
    text = f'tool; touch "{workspace}/.venv/x"; cat "{workspace}/private.txt"; python -c "print(1)"'
    done = await sandbox.run(project_command(text, tree, workspace, settings))
    assert done.output.startswith("from the environment\n")
    assert done.output.endswith("\n1\n")
    assert done.output.count("Permission denied") == 2
    assert not (workspace / ".venv/x").exists()


def test_a_virtual_environment_leads_nowhere_else(
    settings: SandboxSettings, tree: Path, home: Path, tmp_path: Path
) -> None:
    for place in (home, home / ".ssh", tmp_path / "elsewhere"):
        workspace = tmp_path / f"workspace of {place.name}"
        (place / "bin").mkdir(parents=True, exist_ok=True)
        (place / "bin/python3").touch()
        (workspace / ".venv/bin").mkdir(parents=True)
        (workspace / ".venv/bin/python").symlink_to(place / "bin/python3")
        command = project_command("true", tree, workspace, settings)
        assert place not in command.readable
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".venv").symlink_to(home / ".ssh")
    assert linked / ".venv" not in project_command("true", tree, linked, settings).readable


def test_no_place_of_keys_is_readable(
    tree: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PATH", f"{home}/bin:{home}/.local/bin:{home}/.config/x/bin:relative:/usr/bin"
    )
    for name in ("bin", ".local/bin", ".local/share/keyrings", ".config/x/bin", ".cargo/bin"):
        (home / name).mkdir(parents=True, exist_ok=True)
    readable = project_command("true", tree, tree, SandboxSettings()).readable
    within = {str(it.relative_to(home)) for it in readable if it.is_relative_to(home)}
    assert within == {"bin", ".local/bin", ".cargo/bin"}


@pytest.mark.parametrize(
    "path", ["~", "~/.ssh", "~/.ssh/id", "/", "~/..", "~/.config", "relative", "link"]
)
def test_settings_do_not_open_places_of_keys(
    tree: Path, home: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path == "link":
        (home / "link").symlink_to(home / ".ssh")
        path = "~/link"
    monkeypatch.chdir(home)
    with pytest.raises(NotReadable, match=r"sandbox\.readable: "):
        project_command("true", tree, tree, SandboxSettings(readable=(path,)))


async def test_settings_open_a_directory(sandbox: Sandbox, tree: Path, home: Path) -> None:
    (home / "data").mkdir()
    (home / "data/x").write_text("data")
    command = project_command(
        f"cat {home}/data/x", tree, tree, SandboxSettings(readable=("~/data",))
    )
    assert (await sandbox.run(command)).output == "data"


def test_another_system_has_no_sandbox(
    settings: SandboxSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoSandbox, match=r"no sandbox on darwin.*run Podium on Linux"):
        find_sandbox(settings)


SAYS_42 = """
import json, os, socket, sys
spec = json.loads(sys.argv[1])
os.write(spec["status"], b'{"exit": 42}')
bait = json.loads(spec["argv"][-1])
stream, datagram = tuple(bait["stream"]), tuple(bait["datagram"])
"""
WRITES_OUTSIDE = SAYS_42 + "open(bait['mark'], 'w')"


@pytest.mark.parametrize(
    ("launcher", "wrong"),
    [
        ("raise SystemExit('no Landlock here')", "the sandbox did not run the command"),
        (SAYS_42.replace("42", "0"), "a command that should exit with 42 exited with 0"),
        (WRITES_OUTSIDE, "a write outside its directories was not refused"),
        (SAYS_42 + "print(open(bait['secret']).read())", "a read outside its directories was not"),
        (SAYS_42 + "socket.create_connection(stream)", "a connection was not refused"),
        (
            SAYS_42 + "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', datagram)",
            "a datagram was not refused",
        ),
        (SAYS_42, None),
    ],
)
def test_a_sandbox_is_tried_out_before_it_is_used(
    settings: SandboxSettings, tmp_path: Path, launcher: str, wrong: str | None
) -> None:
    script = tmp_path / "launcher.py"
    script.write_text(launcher)
    found = Confinement(script).try_out(settings)
    assert found is None if wrong is None else wrong in str(found)


PRIVATE = "os.path.dirname(spec['private'])"
RUN = "report = _run(spec)"
HOME = "json.loads(spec['argv'][-1])['home']"


@pytest.mark.parametrize(
    ("part", "weaker", "wrong"),
    [
        (RUN, f'spec["writable"].append({PRIVATE}); {RUN}', "a write outside"),
        (RUN, f'spec["readable"].append({PRIVATE}); {RUN}', "a read outside"),
        (RUN, f'spec["readable"].append({HOME}); {RUN}', "the home directory could"),
        ("system_calls.restrict()", "None", "a connection was not refused"),
    ],
)
def test_a_sandbox_that_is_weak_in_one_part_is_none(
    settings: SandboxSettings, tmp_path: Path, part: str, weaker: str, wrong: str
) -> None:
    text = finder.LAUNCHER.read_text()
    assert text.count(part) == 1
    (tmp_path / "launcher.py").write_text(text.replace(part, weaker))
    assert wrong in str(Confinement(tmp_path / "launcher.py").try_out(settings))


def test_a_sandbox_that_does_not_confine_is_none(
    settings: SandboxSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "launcher.py").write_text(WRITES_OUTSIDE)
    monkeypatch.setattr(finder, "LAUNCHER", tmp_path / "launcher.py")
    with pytest.raises(NoSandbox, match=r"no command is run: a write outside .* Linux 6\.12"):
        find_sandbox(settings)


def test_shell() -> None:
    assert shell("a | b") == ("/bin/sh", "-c", "a | b")


def test_a_tail_keeps_both_ends() -> None:
    tail = Tail()
    for number in range(30_000):
        tail.add(b"%d\n" % number)
    text = tail.text()
    assert text.startswith("0\n1\n")
    assert text.endswith("29998\n29999\n")
    n_bytes = sum(len(b"%d\n" % it) for it in range(30_000))
    assert f"[… {n_bytes - 64_000:,} bytes left out …]" in text
