"""VS Code as a server on loopback, walked through a browser by a script."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from editors.install_vscode import VSCode
from editors.neovim_process import DRIVERS
from editors.private_home import private_environment

START_TIMEOUT_S = 60
WALK_TIMEOUT_S = 480
_LISTENING = re.compile(r"^Extension host agent listening on (\d+)$", re.MULTILINE)
_SETTINGS = {
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "telemetry.telemetryLevel": "off",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}


@dataclass(frozen=True, slots=True)
class Window:
    """A running server, ready to be opened in a browser."""

    url: str
    vscode: VSCode
    shots: Path
    """Where scripts put their screenshots."""

    def walk(self, script: str, folder: Path, env: Mapping[str, str] | None = None) -> str:
        """Run a script of `drivers/` on a folder; return what it said."""
        asked = {
            "CHROMIUM": str(self.vscode.chromium),
            "FOLDER": str(folder),
            "PLAYWRIGHT": str(self.vscode.playwright),
            "SHOTS": str(self.shots),
            "VSCODE_URL": self.url,
        }
        with _process_group(
            ["node", str(DRIVERS / script)], {**os.environ, **asked, **(env or {})}, folder
        ) as process:
            try:
                said, _ = process.communicate(timeout=WALK_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                said, _ = process.communicate()
                said += f"\n(ended after {WALK_TIMEOUT_S} s)"
        assert process.returncode == 0, f"{said}\nscreenshots: {self.shots}"
        return said


@contextmanager
def window(
    vscode: VSCode,
    home: Path,
    path: str,
    *,
    vsix: Path,
    shots: Path,
    trusting: bool = True,
    env: Mapping[str, str] | None = None,
) -> Generator[Window]:
    """Run VS Code with a home of its own.

    Args:
        vscode: What to run.
        home: A folder for all that it writes.
        path: Where it, and the language server, find programs.
        vsix: The extension to install first.
        shots: Where screenshots go.
        trusting: Whether every folder counts as trusted, with no dialog that asks.
        env: What else it, and the language server, find in their environment.
    """
    settings = home / "server/data/User/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(_SETTINGS), "utf-8")
    env = {**private_environment(home, path), **(env or {})}
    base = [
        *("node", str(vscode.server_main), "--accept-server-license-terms"),
        *("--server-data-dir", str(home / "server"), "--extensions-dir", str(home / "ext")),
    ]
    subprocess.run(
        [*base, "--install-extension", str(vsix)],
        env=env,
        check=True,
        timeout=120,
        capture_output=True,
    )
    argv = [
        *(*base, "--telemetry-level", "off", "--host", "127.0.0.1", "--port", "0"),
        # A login shell would replace the PATH that finds the server under test.
        *("--without-connection-token", "--force-disable-user-env"),
        *(["--disable-workspace-trust"] if trusting else []),
    ]
    log = home / "server.log"
    with log.open("w") as said, _process_group(argv, env, home, said.fileno()) as process:
        yield Window(f"http://127.0.0.1:{_port(process, log)}", vscode, shots)


def _port(process: subprocess.Popen[str], log: Path) -> int:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        found = _LISTENING.search(log.read_text("utf-8"))
        if found:
            return int(found[1])
        time.sleep(0.05)
    message = f"VS Code did not start: {log.read_text('utf-8')}"
    raise AssertionError(message)


@contextmanager
def _process_group(
    argv: list[str], env: Mapping[str, str], cwd: Path, stdout: int = subprocess.PIPE
) -> Generator[subprocess.Popen[str]]:
    """Start a process; at the end, end it with everything that it has started."""
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # The extension host outlives its server by half a minute, unless its group is ended.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, sign)
                process.wait(timeout=5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        if process.stdout is not None:
            process.stdout.close()
