"""What Landlock does not know of: each test tries to get out, as root and as an ordinary user."""

import importlib
import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from podium.configuration import SandboxSettings
from podium.sandbox.port import Sandbox
from sandbox.jail import NOBODY, Jail, ordinary_jail

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

MPTCP, SCTP, DCCP, UDPLITE = 262, 132, 33, 136
FASTOPEN = 0x20000000


@pytest.fixture(params=["whoever runs the tests", "an ordinary user"])
def jail(
    request: pytest.FixtureRequest, sandbox: Sandbox, settings: SandboxSettings, tmp_path: Path
) -> Generator[Jail]:
    if request.param == "an ordinary user":
        with ordinary_jail(settings) as made:
            yield made
    else:
        yield Jail(sandbox, settings, tmp_path)


@pytest.fixture
def listener() -> Generator[socket.socket]:
    """What Multipath TCP, TCP and TCP's Fast Open reach alike."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, MPTCP) as made:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
        made.bind(("127.0.0.1", 0))
        made.listen()
        made.settimeout(0)
        yield made


async def test_no_protocol_of_the_network_leads_out(jail: Jail, listener: socket.socket) -> None:
    done = await jail.python(f"""
import socket
address = {listener.getsockname()!r}
def attempt(name, *kind, flags=0):
    try:
        with socket.socket(*kind) as it:
            it.settimeout(2)
            if flags:
                it.sendto(b"hello", flags, address)
            else:
                it.connect(address)
            print("reached by", name)
    except OSError as error:
        print("refused", error.errno)
INET, STREAM = socket.AF_INET, socket.SOCK_STREAM
attempt("TCP", INET, STREAM)
attempt("Fast Open", INET, STREAM, flags={FASTOPEN})
attempt("MPTCP", INET, STREAM, {MPTCP})
attempt("MPTCP's Fast Open", INET, STREAM, {MPTCP}, flags={FASTOPEN})
""")
    assert done.output.splitlines() == ["refused 97"] * 4
    with pytest.raises(BlockingIOError):
        listener.accept()


async def test_there_are_sockets_within_the_sandbox_and_no_others(jail: Jail) -> None:
    done = await jail.python(f"""
import socket
kinds = [1, 2, 3, 4, 5, 6, 10]
protocols = [0, 1, 6, 17, {DCCP}, 58, {SCTP}, {UDPLITE}, 255, 256, {MPTCP}]
def made(make, *kind):
    try:
        it = make(*kind)
    except OSError:
        return False
    for one in it if isinstance(it, tuple) else (it,):
        one.close()
    return True
print([one.__name__ + str(kind) for one in (socket.socket, socket.socketpair)
       for family in range(2, 64) for kind in kinds for protocol in protocols
       if made(one, family, kind, protocol) and (family, protocol) != (16, 0)])
print([kind for kind in (1, 2, 5) for one in (socket.socket, socket.socketpair)
       if made(one, socket.AF_UNIX, kind)])
""")
    # Datagrams, streams and packets of AF_UNIX; of netlink nothing but what sandlock plays.
    assert done.output.splitlines() == ["[]", "[1, 1, 2, 2, 5, 5]"]


async def test_netlink_tells_nothing_of_the_machine(jail: Jail) -> None:
    done = await jail.python("""
import socket, os
it = socket.socket(16, socket.SOCK_RAW, 0)
print(os.readlink(f"/proc/self/fd/{it.fileno()}").partition(":")[0],
      it.getsockopt(socket.SOL_SOCKET, socket.SO_DOMAIN))
for _, name in socket.if_nameindex():
    print(name)
""")
    assert done.output.splitlines() == ["socket 1", "lo"]


async def test_nobody_listens(jail: Jail) -> None:
    """Without `bind` the kernel chooses the port by itself, and Landlock is not asked."""
    done = await jail.python(f"""
import socket
for family in (socket.AF_INET, socket.AF_INET6):
    for protocol in (0, {MPTCP}):
        try:
            it = socket.socket(family, socket.SOCK_STREAM, protocol)
            it.listen()
            print("listens at", it.getsockname())
        except OSError as error:
            print("refused", error.errno)
""")
    assert done.output.splitlines() == ["refused 97"] * 4


async def test_a_socket_in_the_worktree_is_listened_to(jail: Jail) -> None:
    done = await jail.python("""
import os, socket
server, client = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
here = os.path.abspath("here.sock")
server.bind(here)
server.listen()
client.connect(here)
client.send(b"hello")
print(server.accept()[0].recv(10))
""")
    assert done.output == "b'hello'\n"


@pytest.fixture
def victim(jail: Jail) -> Generator[subprocess.Popen[bytes]]:
    """A process of the same user's, outside."""
    other = jail.tree.stat().st_uid != os.getuid()
    user = NOBODY if other else None
    with subprocess.Popen(["sleep", "600"], user=user, group=user) as process:
        try:
            yield process
        finally:
            process.kill()


CALLS = """
prlimit64({pid}, 7, limits, 0)
prlimit64({pid}, 7, 0, limits)
prlimit64(one_more(0), 7, limits, 0)
sched_setaffinity({pid}, 8, mask)
sched_setscheduler({pid}, 3, zeros)
sched_setparam({pid}, zeros)
sched_setattr({pid}, attributes, 0)
setpriority(0, {pid}, 19)
setpriority(1, {pid}, 19)
setpriority(2, 0, 19)
setpriority(2, uid, 19)
ioprio_set(1, {pid}, 3 << 13)
ioprio_set(2, {pid}, 3 << 13)
ioprio_set(3, uid, 3 << 13)
migrate_pages({pid}, 8, mask, mask)
move_pages({pid}, 0, 0, 0, 0, 0)
kcmp({pid}, own, 0, 0, 0)
process_vm_readv({pid}, 0, 0, 0, 0, 0)
process_vm_writev({pid}, 0, 0, 0, 0, 0)
process_madvise(pidfd({pid}), 0, 0, 20, 0)
process_mrelease(pidfd({pid}), 0)
pidfd_getfd(pidfd({pid}), 0, 0)
pidfd_send_signal(pidfd({pid}), 15, 0, 0)
kill({pid}, 15)
tkill({pid}, 15)
tgkill({pid}, {pid}, 15)
rt_sigqueueinfo({pid}, 15, info)
rt_tgsigqueueinfo({pid}, {pid}, 15, info)
ptrace(16, {pid}, 0, 0)
ptrace(0x4206, {pid}, 0, 0)
perf_event_open(zeros, {pid}, -1, -1, 0)
setns(pidfd({pid}), 0x20000)
get_robust_list({pid}, mask, mask)
userfaultfd(1)
bpf(0, zeros, 72)
keyctl(0, -3, 1)
add_key(user, user, 0, 0, -3)
request_key(user, user, 0, -3)
kexec_load(0, 0, 0, 0)
kexec_file_load(-1, -1, 0, 0, 0)
init_module(0, 0, user)
finit_module(-1, user, 0)
delete_module(user, 0)
io_uring_setup(8, zeros)
fanotify_init(0x200, 0)
mq_open(user, 0o102, 0o600, 0)
shmget(1, 4096, 0o1600)
msgget(1, 0o1600)
semget(1, 1, 0o1600)
name_to_handle_at(-100, user, zeros, mask, 0)
open_by_handle_at(-1, zeros, 0)
quotactl(0, 0, 0, 0)
quotactl_fd(0, 0, 0, 0)
mount(user, user, user, 0, 0)
umount2(user, 0)
pivot_root(user, user)
chroot(dot)
fsopen(tmpfs, 0)
fspick(-100, dot, 0)
open_tree(-100, dot, 1)
move_mount(-100, dot, -100, dot, 0)
mount_setattr(-100, dot, 0, zeros, 32)
unshare(0x10000000)
personality(0x40000)
sethostname(user, 4)
settimeofday(zeros, 0)
swapon(user, 0)
syslog(3, zeros, 8)
reboot(0, 0, 0, 0)
acct(0)
"""
"""Each names another process, or the kernel itself. A call that is let through might fail for
its arguments; so it counts as refused if the kernel says that it is not allowed, or not there."""

PROGRAM = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
limits = (ctypes.c_ulong * 2)(3, 4)
mask, zeros = (ctypes.c_ulong * 64)(1), ctypes.create_string_buffer(4096)
ones = ctypes.create_string_buffer(b"\\xff" * 8)
attributes = (ctypes.c_uint32 * 12)(48, 3)
info = (ctypes.c_int * 32)(15, 0, -1)
user, dot, tmpfs = (ctypes.c_char_p(it) for it in (b"user", b".", b"tmpfs"))
uid, own = os.getuid(), os.getpid()
def pidfd(pid):
    return os.pidfd_open(pid)
def one_more(pid):
    child = os.fork()
    if child == 0:
        os.execvp("sleep", ["sleep", "1"])
    return child
class Numbers(dict):
    def __missing__(self, name):
        raise NameError(name)
for name, number in NUMBERS.items():
    def call(*arguments, number=number):
        # As wide as a register, or what ctypes makes of an integer is cut.
        wide = [ctypes.c_long(it) if isinstance(it, int) else it for it in arguments]
        if libc.syscall(ctypes.c_long(number), *wide) < 0:
            raise OSError(ctypes.get_errno(), name)
    globals()[name] = call
for line in LINES:
    try:
        eval(line)
        print("let through:", line)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            print(errno.errorcode[error.errno], line)
"""


def calls(lines: str, **places: int) -> str:
    """Return a program that makes each of the calls, and says which were not refused."""
    sandlock = importlib.import_module("podium.sandbox.sandlock_port")  # For Linux.
    made = [line.format(**places) for line in lines.strip().splitlines()]
    names = {line.partition("(")[0] for line in made}
    known = {it: sandlock.number_of(it) for it in names}
    return f"NUMBERS = {known!r}\nLINES = {made!r}\n{PROGRAM}"


async def test_nothing_is_asked_of_the_kernel_or_of_other_processes(
    jail: Jail, victim: subprocess.Popen[bytes]
) -> None:
    before = facts(victim.pid)
    done = await jail.python(calls(CALLS, pid=victim.pid))
    assert done.output == ""
    assert done.exit_status == 0
    assert facts(victim.pid) == before
    assert victim.poll() is None


def facts(pid: int) -> list[object]:
    """Return what must not change of a process: limits, place, class and nice value."""
    return [
        Path(f"/proc/{pid}/limits").read_text(),
        *(os.sched_getaffinity(pid), os.sched_getscheduler(pid)),
        os.getpriority(os.PRIO_PROCESS, pid),
    ]


ITSELF = """
prlimit64(0, 7, 0, mask)
sched_setaffinity(0, 8, ones)
sched_setscheduler(0, 3, zeros)
setpriority(0, 0, 19)
ioprio_set(1, 0, 3 << 13)
kill(own, 0)
"""


async def test_a_command_limits_itself(jail: Jail) -> None:
    done = await jail.python(calls(ITSELF))
    assert done.output.splitlines() == [f"let through: {it}" for it in ITSELF.strip().splitlines()]
    done = await jail.run("ulimit -n 100 && nice -n 5 sh -c 'ulimit -n; nice'")
    assert done.output == f"100\n{os.nice(0) + 5}\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other machines have one numbering")
@pytest.mark.parametrize("numbering", ["x32", "i386"])
async def test_no_other_numbering_of_calls_is_taken(jail: Jail, numbering: str) -> None:
    done = await jail.python(f"""
import ctypes, mmap
def x32():
    return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 41), 1, 1, 0)
def i386():
    # push rbx; mov eax, 20; int 0x80; pop rbx; ret
    code = bytes.fromhex("53" "b814000000" "cd80" "5b" "c3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("answered:", {numbering}())
""")
    assert "answered" not in done.output
    assert done.exit_status == 128 + signal.SIGSYS


DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
CHANGES = """
chmod 600 {device}
chmod 666 {device}
chmod 777 /proc/self/root{device}
touch {device}
touch -d 2001-01-01 {device}
chown $(id -u) {device}
chgrp $(id -g) {device}
exec 9> {device} && chmod 600 /proc/self/fd/9
ln -s {device} link; chmod 600 link
python3 -c 'import os; os.fchmod(os.open("{device}", os.O_RDWR), 0o600)'
python3 -c 'import os; os.utime(os.open("{device}", os.O_RDWR), (1, 1))'
"""


async def test_devices_stay_as_they_are(jail: Jail) -> None:
    def found() -> list[tuple[int, int, int, int]]:
        all_of_them = (Path(it).stat() for it in DEVICES)
        return [(it.st_mode, it.st_uid, it.st_gid, it.st_mtime_ns) for it in all_of_them]

    before = found()
    lines = [line.format(device=it) for it in DEVICES for line in CHANGES.strip().splitlines()]
    script = "\n".join(f"( {it} ) 2> errors && echo done {at}" for at, it in enumerate(lines))
    done = await jail.run(f"{script}\ntrue")
    after = found()
    for it in DEVICES if os.getuid() == 0 else ():
        os.chmod(it, 0o666)  # noqa: PTH101, S103 - The machine goes on, whatever happened.
    assert [it for at, it in enumerate(lines) if f"done {at}\n" in done.output] == []
    assert after == before


async def test_devices_are_written_to(jail: Jail) -> None:
    done = await jail.run("echo x > /dev/null && cp /dev/null empty && wc -c < empty")
    assert done.output == "0\n"
