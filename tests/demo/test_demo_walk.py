"""``podium demo`` as a user runs it: a process, its output, and what it leaves."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pexpect
import pytest

from podium.demo.stage import make_project

DEMO = (sys.executable, "-m", "podium", "demo")
WITHIN_S = 240


@pytest.fixture
def home(tmp_path: Path) -> Generator[Path]:
    place = tmp_path / "demo"
    yield place
    for pid in processes_of(place):
        os.kill(pid, signal.SIGKILL)


def processes_of(home: Path) -> list[int]:
    """Return the processes that work below ``home`` or were told of it."""
    found: list[int] = []
    for it in Path("/proc").iterdir():
        if it.name.isdigit() and int(it.name) != os.getpid():
            try:
                about = (it / "cmdline").read_bytes() + os.fsencode((it / "cwd").readlink())
            except OSError:
                continue
            if os.fsencode(home) in about:
                found.append(int(it.name))
    return found


def wait_until_gone(home: Path) -> list[int]:
    """Return the processes that are left when the patience is over."""
    # Less than the demo's idle minute, after which a forgotten engine leaves by itself.
    deadline = time.monotonic() + 20
    while (left := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def test_the_whole_way_ends_with_a_merge_and_a_report(home: Path) -> None:
    done = subprocess.run(
        (*DEMO, "--keep", str(home)), capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    said = done.stdout
    assert done.returncode == 0, said + done.stderr
    assert "✗ T2 attempt 1: suite failed" in said
    assert "AssertionError: '1d 7h 30m' != '31h 30m'" in said
    assert "T1 minor finding at durations/parsing.py:20" in said
    assert "takes the code action Fix this finding" in said
    assert re.search(r"cost +\$0\.\d+ in \d+ model turns", said)
    assert "finding minor, fixed" in said
    log = git(home, "log", "--format=%an %s", "--first-parent", "-1", "main")
    assert log == "Demo User Days in durations"
    assert git(home, "status", "--porcelain").splitlines()[0] == "M NOTES.md"
    assert "Podium is at it" in (home / "project/NOTES.md").read_text()
    assert "in counts:" in (home / "project/durations/parsing.py").read_text()
    plan = (home / "project/.podium/plans/days.md").read_text()
    assert plan.count("- [x] T") == 3
    assert wait_until_gone(home) == []


def test_ended_while_its_engine_only_just_starts(home: Path) -> None:
    with subprocess.Popen((*DEMO, "--keep", str(home)), stdout=subprocess.PIPE) as process:
        while not list(home.glob("state/podium/*/engine.log")):
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # Impatience must not help it to leave one behind.
        process.communicate(timeout=WITHIN_S)
    assert process.returncode == 143
    assert wait_until_gone(home) == []


@pytest.mark.parametrize(
    ("number", "moment", "status"),
    [
        (signal.SIGINT, "takes the code action", 130),
        (signal.SIGTERM, "days: planning", 143),
    ],
    ids=["Ctrl-C at the start", "ended while planning"],
)
def test_a_signal_leaves_nothing_running(
    home: Path, number: signal.Signals, moment: str, status: int
) -> None:
    with subprocess.Popen(
        (*DEMO, "--keep", str(home)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if moment in line:
                break
        process.send_signal(number)
        _, complaint = process.communicate(timeout=WITHIN_S)
    assert process.returncode == status
    assert "Traceback" not in complaint
    assert wait_until_gone(home) == []


def test_it_ends_when_nobody_reads_on(home: Path) -> None:
    with subprocess.Popen((*DEMO, "--keep", str(home)), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(WITHIN_S)
    assert process.returncode == 143
    assert wait_until_gone(home) == []


def test_a_directory_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = subprocess.run(
        (*DEMO, "--keep", str(tmp_path)), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "is not empty; name a directory that is, or a new one" in done.stderr


def neovim_that(folder: Path, script: str) -> dict[str, str]:
    """Return an environment whose ``nvim`` is a shell script."""
    folder.mkdir()
    program = folder / "nvim"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "TMPDIR": str(folder)}


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("echo NVIM v0.9.5", "is version 0.9; install Neovim 0.11 or newer"),
        ("echo no libluajit >&2; exit 127", "does not start: no libluajit; install Neovim 0.11"),
        ("echo NVIM v0.11.0", "there is no terminal for nvim here"),
    ],
    ids=["too old", "does not start", "no terminal"],
)
def test_a_neovim_that_cannot_be_used_is_named_before_anything_is_made(
    tmp_path: Path, script: str, complaint: str
) -> None:
    env = neovim_that(tmp_path / "bin", script)
    done = subprocess.run(
        (*DEMO, "--open", "nvim"), capture_output=True, text=True, timeout=60, check=False, env=env
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert [it.name for it in (tmp_path / "bin").iterdir()] == ["nvim"]


def test_without_neovim_it_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        (*DEMO, "--open", "nvim", "--keep", str(tmp_path / "demo")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/nowhere", "HOME": str(tmp_path), "PYTHONSAFEPATH": "1"},
    )
    assert done.returncode == 2
    assert "install Neovim 0.11 or newer" in done.stderr


def test_a_neovim_that_ends_with_an_error_is_said_after_planning_was_watched(
    tmp_path: Path, home: Path
) -> None:
    script = 'test "$1" = --version && echo NVIM v0.12.4 || exit 3'
    env = neovim_that(tmp_path / "bin", script)
    words = [*DEMO[1:], "--open", "nvim", "--keep", str(home)]
    demo: pexpect.spawn[str] = pexpect.spawn(
        DEMO[0], words, env=env, encoding="utf-8", timeout=WITHIN_S, dimensions=(40, 200)
    )
    demo.expect("planning")
    demo.expect("nvim ended with status 3; does `nvim --clean` start here")
    demo.expect(pexpect.EOF)
    demo.close()
    assert demo.exitstatus == 1
    assert wait_until_gone(home) == []


def test_the_sample_project_passes_its_own_tests(tmp_path: Path) -> None:
    make_project(tmp_path / "project")
    done = subprocess.run(
        (sys.executable, "-m", "unittest"),
        cwd=tmp_path / "project",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "OK" in done.stderr


def git(home: Path, *words: str) -> str:
    argv = ("git", "-C", str(home / "project"), *words)
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
