"""Each test tries to get out, for real; what it would have reached is checked from outside."""

import asyncio
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox.port import Sandbox, project_command
from sandbox.jail import SECRET, Jail

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


@pytest.fixture
def jail(sandbox: Sandbox, settings: SandboxSettings, tmp_path: Path) -> Jail:
    return Jail(sandbox, settings, tmp_path)


async def test_ordinary_work_is_possible(jail: Jail) -> None:
    done = await jail.run(
        'mkdir -p a/b && echo text > a/b/c && mv a/b/c d && cat d && ls | wc -l && test -w "$HOME" '
        '&& echo x > "$TMPDIR/x" && yes | head -n 1 && python3 -c "import sqlite3, ssl" && pwd'
    )
    assert (done.exit_status, done.output) == (0, f"text\n2\ny\n{jail.tree}\n")


async def test_modes_and_times_inside_change(jail: Jail) -> None:
    done = await jail.run(
        "touch a && chmod 750 a && touch -d @86400 a && cp -a a b && tar cf c a && rm a && "
        "tar xf c && ln -s a l && touch -h -d @1 l && mkdir d && cd d && chmod 640 ../a && "
        "chown $(id -u) ../a && stat -c '%a %Y' ../a ../b ../l"
    )
    assert (done.output, done.exit_status) == ("640 86400\n750 86400\n777 1\n", 0)
    done = await jail.python("""
import os, shutil
open("x", "w").close()
descriptor = os.open("x", os.O_RDONLY)
os.fchmod(descriptor, 0o711)
os.utime(descriptor, (5, 6))
shutil.copy2("x", "y")
os.chmod(f"/proc/self/fd/{descriptor}", 0o722)
print([(oct(os.stat(it).st_mode), os.stat(it).st_mtime) for it in "xy"])
for attempt in (lambda: os.chown("x", 12345, -1), lambda: os.chmod("missing", 0o600),
                lambda: os.setxattr("x", "user.a", b""), lambda: os.chmod("", 0o600)):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error.strerror)
""")
    assert done.output.splitlines() == [
        "[('0o100722', 6.0), ('0o100711', 6.0)]",
        "PermissionError Operation not permitted",
        "FileNotFoundError No such file or directory",
        "OSError Operation not supported",
        "FileNotFoundError No such file or directory",
    ]


WRITES = """
echo x > {outside}/new
echo x >> {secret}
rm {secret}
mv {secret} .
ln {secret} hard && echo x >> hard
ln -s {outside} soft && echo x > soft/new
ln -s {secret} soft2 && echo x >> soft2
mkdir {outside}/new
chmod 777 {secret}
chmod 777 {outside}
cd {outside} && chmod 777 secret
chmod 777 /proc/self/root/{secret}
ln -s {secret} soft3 && chmod 777 soft3
mkdir m && ln -s {outside} m/n && cd m/n && chmod 777 .
exec 9< /usr/bin/env && chmod 777 /proc/self/fd/9
touch -h -d 2001-01-01 {secret}
chown 12345 {secret}
touch -d 2001-01-01 {secret}
setfattr -n user.x -v x {secret}
cp /bin/true {outside}/new
cd {outside} && echo x > new
echo x > ../outside/new
echo x > /proc/self/root/{outside}/new
echo x > /proc/self/cwd/../outside/new
exec 9< . && echo x > /proc/self/fd/9/../outside/new
mount --bind {outside} .
unshare -rm true
chroot {outside} /bin/true
mknod device b 8 0
echo x > /etc/podium-escape
echo x > /dev/shm/podium-escape
echo x > /tmp/podium-escape
"""
READS = """
cat {secret}
ln -s {secret} soft; cat soft
ln {secret} hard; cat hard
cp -r {outside} here; cat here/secret
cat ../outside/secret
cat /proc/self/root/{secret}
cat /proc/self/cwd/../outside/secret
cat /proc/$PPID/root/{secret}
cat /proc/$PPID/cwd/{secret}
tar cf here.tar {secret}
cat {home}/.ssh/id_ed25519
ls -a {home}
cat {home}/.config/keys
cat {state}/podium/journal.sqlite
cat /etc/shadow
ls /etc
ls /root
"""


async def attempts(jail: Jail, texts: str, **places: Path) -> tuple[list[str], str]:
    """Run each line in a shell of its own; return those that exited with 0, and all output."""
    quoted = {name: shlex.quote(str(path)) for name, path in places.items()}
    lines = texts.strip().splitlines()
    script = "\n".join(
        f"( {line.format(**quoted)} ) 2>&1 && echo 'succeeded {at}'"
        for at, line in enumerate(lines)
    )
    done = await jail.run(script + "\ntrue")
    assert done.exit_status == 0, done.output
    said = done.output.splitlines()
    return [line for at, line in enumerate(lines) if f"succeeded {at}" in said], done.output


def facts(directory: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Return what must not change: names, times, modes, owners, content."""
    found: dict[str, tuple[int, int, int, bytes]] = {}
    for path in (directory, *directory.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (status.st_mtime_ns, status.st_mode, status.st_uid, content)
    return found


def left_behind() -> list[Path]:
    return [it for top in ("/etc", "/dev/shm", "/tmp") for it in Path(top).glob("podium-escape")]  # noqa: S108 - Where a command might have written.


async def test_nothing_outside_is_changed(jail: Jail) -> None:
    before = facts(jail.outside)
    succeeded, _ = await attempts(jail, WRITES, outside=jail.outside, secret=jail.secret)
    assert succeeded == []
    assert facts(jail.outside) == before
    assert left_behind() == []


async def test_nothing_outside_is_read(jail: Jail, home: Path) -> None:
    state = Path(os.environ["XDG_STATE_HOME"])
    for path in (home / ".ssh/id_ed25519", home / ".config/keys", state / "podium/journal.sqlite"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    succeeded, output = await attempts(
        jail, READS, outside=jail.outside, secret=jail.secret, home=home, state=state
    )
    assert succeeded == []
    assert SECRET not in output
    assert "root:" not in output


async def test_the_environment_holds_no_key(jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("LD_PRELOAD_OF_MINE", SECRET)
    done = await jail.run("env")
    names = {line.partition("=")[0] for line in done.output.splitlines()}
    assert SECRET not in done.output
    assert names <= {
        *("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "NO_COLOR", "PWD"),
        *("PYTHONDONTWRITEBYTECODE", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "SHLVL", "_"),
        *("CI", "PYTEST_ADDOPTS", "VIRTUAL_ENV"),
    }


def children() -> set[str]:
    """Return the processes that this thread has started."""
    return set(Path("/proc/thread-self/children").read_text().split())


async def test_who_starts_a_command_has_no_key_either(
    jail: Jail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    command = project_command("cat", jail.tree, jail.root / "workspace", jail.settings)
    before = children()
    talking = await jail.sandbox.spawn(command)
    (starter,) = children() - before
    environ = Path(f"/proc/{starter}/environ")
    async with asyncio.timeout(30):
        # Empty until it has begun to be another program.
        while not (environment := await asyncio.to_thread(environ.read_bytes)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    talking.kill()
    await talking.wait()
    assert b"LANG=" in environment
    assert SECRET.encode() not in environment


@contextmanager
def a_process(**environment: str) -> Generator[subprocess.Popen[bytes]]:
    """Run a process of the same user's, outside."""
    environment |= {"PATH": "/usr/bin:/bin"}
    with subprocess.Popen(["sleep", "600"], env=environment) as victim:
        try:
            yield victim
        finally:
            victim.kill()


async def test_other_processes_are_not_looked_into(jail: Jail) -> None:
    with a_process(KEY=SECRET) as victim:
        done = await jail.python(f"""
import glob, os
ancestors = [{victim.pid}, {os.getpid()}, 1, os.getppid()]
for pid in ancestors:
    for name in ("environ", "mem", "maps", "fd", "cwd", "root", "cmdline"):
        path = f"/proc/{{pid}}/{{name}}"
        try:
            is_directory = name in ("fd", "cwd", "root")
            print(path, os.listdir(path) if is_directory else open(path, "rb").read(64))
        except OSError as error:
            print("refused")
""")
    readable = [line for line in done.output.splitlines() if line != "refused"]
    # The parent in the sandbox is the command's own shell; no other process opens.
    assert SECRET not in done.output
    assert [
        line for line in readable if f"/{victim.pid}/" in line or f"/{os.getpid()}/" in line
    ] == []
    assert [line for line in readable if line.startswith("/proc/1/")] == []


async def test_the_launchers_report_is_out_of_reach(jail: Jail) -> None:
    done = await jail.python("""
import os
for fd in range(3, 64):
    try:
        os.write(fd, b'{"exit": 0}')
    except OSError:
        pass
raise SystemExit(3)
""")
    assert done.exit_status == 3


@pytest.fixture
def listeners(tmp_path: Path) -> Generator[dict[str, object]]:
    """Sockets as an engine and a local service have them."""
    tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    path = tmp_path / "engine.sock"
    unix, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    unix.bind(str(path))
    abstract.bind(f"\0podium-test-{os.getpid()}")
    for it in (unix, abstract):
        it.listen()
    for it in (tcp, udp, unix, abstract):
        it.settimeout(0)
    yield {"tcp": tcp, "udp": udp, "unix": unix, "abstract": abstract}
    for it in (tcp, udp, unix, abstract):
        it.close()


async def test_no_socket_leads_out(
    jail: Jail, listeners: dict[str, socket.socket], tmp_path: Path
) -> None:
    done = await jail.python(f"""
import os, socket
def attempt(family, kind, address):
    try:
        with socket.socket(family, kind) as it:
            it.settimeout(2)
            it.connect(address)
            it.send(b"hello")
            print("reached", address)
    except OSError as error:
        print("refused", error.errno)
os.symlink({str(tmp_path / "engine.sock")!r}, "link.sock")
tcp, udp = {listeners["tcp"].getsockname()!r}, {listeners["udp"].getsockname()!r}
attempt(socket.AF_INET, socket.SOCK_STREAM, tcp)
attempt(socket.AF_INET, socket.SOCK_DGRAM, udp)
attempt(socket.AF_INET6, socket.SOCK_STREAM, ("::ffff:127.0.0.1", tcp[1]))
attempt(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 80))
attempt(socket.AF_UNIX, socket.SOCK_STREAM, {str(tmp_path / "engine.sock")!r})
attempt(socket.AF_UNIX, socket.SOCK_STREAM, "link.sock")
attempt(socket.AF_UNIX, socket.SOCK_STREAM, "\\0podium-test-{os.getpid()}")
for family, kind in ((socket.AF_NETLINK, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW)):
    attempt(family, kind, (0, 0))
try:
    server = socket.create_server(("127.0.0.1", 0))
    print("listens")
except OSError as error:
    print("refused", error.errno)
""")
    assert done.exit_status == 0, done.output
    assert [line for line in done.output.splitlines() if not line.startswith("refused")] == []
    for it in (listeners["tcp"], listeners["unix"], listeners["abstract"]):
        with pytest.raises(BlockingIOError):
            it.accept()
    with pytest.raises(BlockingIOError):
        listeners["udp"].recv(10)


async def test_other_processes_are_not_signalled_nor_traced(jail: Jail) -> None:
    with a_process() as victim:
        done = await jail.python(f"""
import ctypes, os, signal
for pid in ({victim.pid}, {os.getpid()}, -1):
    for number in (signal.SIGKILL, signal.SIGTERM, 0):
        if pid == -1:
            continue
        try:
            os.kill(pid, number)
            print("signalled", pid)
        except OSError:
            pass
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, {victim.pid}, 0, 0) == 0:
    print("traced")
try:
    descriptor = os.pidfd_open({victim.pid})
    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    print("signalled by pidfd")
except OSError:
    pass
""")
        assert (done.output, done.exit_status) == ("", 0)
        assert victim.poll() is None


def processes_with(mark: str) -> list[int]:
    """Return the processes whose arguments hold ``mark``."""
    found: list[int] = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal() and int(path.name) != os.getpid():
            with suppress(OSError):
                if mark in (path / "cmdline").read_bytes().decode(errors="replace").split("\0"):
                    found.append(int(path.name))
    return found


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
for _ in range(3):
    if os.fork():
        {parent}
    os.setsid()
print("deep", flush=True)
os.close(1); os.close(2)
os.execvp("sleep", ["sleep", "{seconds}"])
"""


async def test_a_time_limit_ends_grandchildren_that_ignore_signals(jail: Jail) -> None:
    program = STUBBORN.format(parent="time.sleep(600)", seconds="7654321.5")
    done = await jail.python(program, timeout_s=3)
    assert (done.timed_out, done.exit_status, done.output) == (True, 124, "deep\n")
    assert processes_with("7654321.5") == []


async def test_grandchildren_do_not_outlive_the_command(jail: Jail) -> None:
    program = STUBBORN.format(parent="time.sleep(1); os._exit(0)", seconds="7654322.5")
    done = await jail.python(program)
    assert (done.exit_status, done.output) == (0, "deep\n")
    assert processes_with("7654322.5") == []


async def test_cancelling_ends_the_tree(jail: Jail) -> None:
    running = asyncio.create_task(jail.run("touch started; sleep 7654323.5 & sleep 7654323.5"))
    while not (jail.tree / "started").exists():  # noqa: ASYNC110 - Nothing tells of a file.
        await asyncio.sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert processes_with("7654323.5") == []


async def test_the_tree_dies_with_the_engine(jail: Jail, tmp_path: Path) -> None:
    script = tmp_path / "engine.py"
    script.write_text(f"""
import asyncio
from pathlib import Path
from podium.configuration import SandboxSettings
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import project_command
settings = SandboxSettings()
tree = Path({str(jail.tree)!r})
command = project_command("touch started; setsid sleep 7654324.5", tree, tree, settings)
asyncio.run(find_sandbox(settings).run(command))
""")
    private = tmp_path / "tmp"
    private.mkdir()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(private)}
    engine = await asyncio.create_subprocess_exec(sys.executable, str(script), env=environment)
    while not (jail.tree / "started").exists():  # noqa: ASYNC110 - Nothing tells of a file.
        await asyncio.sleep(0.02)
    engine.send_signal(signal.SIGKILL)
    await engine.wait()
    async with asyncio.timeout(30):
        while processes_with("7654324.5") or any(private.iterdir()):  # noqa: ASYNC110 - They are nobody's children.
            await asyncio.sleep(0.05)


async def test_a_fork_bomb_is_bounded(jail: Jail) -> None:
    done = await jail.run(
        "bomb() { bomb | bomb & }; bomb; sleep 7654325.5", timeout_s=3, processes=40
    )
    assert done.timed_out
    assert processes_with("7654325.5") == []
    assert (await jail.run("echo fine")).output == "fine\n"


async def test_memory_is_bounded(jail: Jail) -> None:
    done = await jail.python(
        """
kept = []
for _ in range(40):
    kept.append(bytearray(b"x" * 10_000_000))
print("had it all")
""",
        memory_mb=128,
    )
    assert "had it all" not in done.output
    assert done.exit_status != 0


async def test_the_size_of_a_file_is_bounded(jail: Jail) -> None:
    done = await jail.run("head -c 9000000 /dev/zero > big; wc -c < big", file_mb=2)
    assert "2000000" in done.output
    assert (jail.tree / "big").stat().st_size == 2_000_000


async def test_endless_output_is_cut_in_the_middle(jail: Jail) -> None:
    done = await jail.run("echo first; yes | head -c 5000000; echo last; echo error >&2")
    assert done.output.startswith("first\ny\ny\n")
    assert done.output.endswith("y\nlast\nerror\n")
    assert "[… 4,936,017 bytes left out …]" in done.output
    assert len(done.output) < 70_000


async def test_output_that_is_not_text(jail: Jail) -> None:
    done = await jail.run(r"printf 'a\377\000b'")
    assert done.output == "a\ufffd\0b"


async def test_what_makes_others_programs_dangerous_is_refused(jail: Jail) -> None:
    done = await jail.python("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET = 0x10000000, 0x20000, 0x40000000
for flags in (CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNS):
    if libc.unshare(flags) == 0: print("unshared", hex(flags))
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0: print("mounted")
numbers = {"bpf": 321, "io_uring_setup": 425, "userfaultfd": 323, "perf_event_open": 298,
           "kexec_load": 246, "init_module": 175}
for name, number in numbers.items():
    if os.uname().machine == "x86_64" and libc.syscall(number, 0, 0, 0, 0, 0) >= 0: print(name)
try:
    os.open("/dev/kmsg", os.O_WRONLY); print("kmsg")
except OSError: pass
try:
    os.mknod("device", 0o600 | 0o060000, os.makedev(8, 0)); print("mknod")
except OSError: pass
effective = [line for line in open("/proc/self/status") if line.startswith("CapEff")]
if int(effective[0].split()[1], 16): print(effective)
""")
    assert (done.output, done.exit_status) == ("", 0)
