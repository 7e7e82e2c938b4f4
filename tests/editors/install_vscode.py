"""VS Code as a web server, from npm, and a browser to use it with.

No install script of any package is run.  The server is code-server's build of VS Code,
started directly: its own launcher would need native modules that are built on install.
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from editors.debian_packages import configured_sources, unpack
from editors.editor_cache import UnavailableError, cached, need, run_step

CODE_SERVER = "4.100.3"  # VS Code 1.100, the newest that runs on Node 20.
PLAYWRIGHT = "1.56.1"
_OLDEST_NODE = 20
_NPM = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]

_CHROMIUM_LAUNCHER = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
lib=$(echo "$here"/root/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH="$lib:$lib/pulseaudio" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/root/usr/lib/chromium/chromium" "$@"
"""
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class VSCode:
    """What it takes to use VS Code without a screen."""

    server_main: Path
    playwright: Path
    chromium: Path


def vscode() -> VSCode:
    """Return VS Code, set up on first use.

    Raises:
        UnavailableError: No Node, no npm, or no Chromium to be had.
    """
    _need_node()
    server = cached(f"code-server-{CODE_SERVER}", _install_server)
    playwright = cached(f"playwright-core-{PLAYWRIGHT}", _install_playwright)
    return VSCode(
        server / "node_modules/code-server/lib/vscode/out/server-main.js",
        playwright / "node_modules/playwright-core",
        _chromium(),
    )


def build_extension(source: Path) -> Path:
    """Return the extension's package, built as `make vsix` builds it, outside of ``source``.

    Raises:
        UnavailableError: No Node, or npm cannot install what the lock names.
    """
    _need_node()
    names = ("package.json", "package-lock.json", ".npmrc")
    locked = {name: (source / name).read_bytes() for name in names}
    modules = cached(f"vscode-modules-{_digest(locked)}", lambda into: _npm_ci(locked, into))
    files = {
        str(path.relative_to(source)): path.read_bytes()
        for path in (*source.iterdir(), *source.glob("src/*"))
        if path.is_file()
    }
    name = f"vscode-podium-{_digest(files)}"
    return cached(name, lambda into: _package(files, modules, into)) / "podium.vsix"


def _digest(files: dict[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name} {len(files[name])}\n".encode())
        whole.update(files[name])
    return whole.hexdigest()[:16]


def _npm_ci(locked: dict[str, bytes], into: Path) -> None:
    for name, content in locked.items():
        (into / name).write_bytes(content)
    run_step(["npm", "ci", "--no-audit", "--no-fund"], cwd=into)


def _package(files: dict[str, bytes], modules: Path, into: Path) -> None:
    for name, content in files.items():
        place = into / "source" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (into / "source" / "node_modules").symlink_to(modules / "node_modules")
    run_step(
        ["npm", "run", "package", "--", "--out", str(into / "podium.vsix")], cwd=into / "source"
    )
    shutil.rmtree(into / "source")


def _need_node() -> None:
    need("npm")
    version = run_step([need("node"), "--version"])
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < _OLDEST_NODE:
        message = f"Node {version.strip()} is too old; VS Code needs {_OLDEST_NODE}"
        raise UnavailableError(message)


def _install_server(into: Path) -> None:
    (into / "package.json").write_text('{"private": true}', "utf-8")
    run_step([*_NPM, "--no-save", "--force", f"code-server@{CODE_SERVER}"], cwd=into)
    server = into / "node_modules/code-server/lib/vscode"
    # Not `npm ci`: the package's own lock is out of step with its dependencies.
    run_step([*_NPM, "--omit=dev"], cwd=server)
    (server / "node_modules.asar").symlink_to("node_modules")


def _install_playwright(into: Path) -> None:
    (into / "package.json").write_text('{"private": true}', "utf-8")
    run_step([*_NPM, f"playwright-core@{PLAYWRIGHT}"], cwd=into)


def _chromium() -> Path:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    fonts = _digest({"fonts.conf": _FONTS.encode()})
    return cached(f"chromium-{fonts}", _unpack_chromium) / "chromium"


def _unpack_chromium(into: Path) -> None:
    unpack(("chromium", "fonts-dejavu-core"), configured_sources(), into / "root", whole=False)
    (into / "fonts.conf").write_text(_FONTS, "utf-8")
    launcher = into / "chromium"
    launcher.write_text(_CHROMIUM_LAUNCHER, "utf-8")
    launcher.chmod(0o755)
    run_step([str(launcher), "--version"])
