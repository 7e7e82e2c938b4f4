"""The command lines of the READMEs do what they are written for, on a machine with a new home."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "editors/neovim/README.md", "editors/vscode/README.md")
PROGRAMS = (
    "code",
    "export",
    "keyring",
    "ln",
    "make",
    "mkdir",
    "npm",
    "pip",
    "pipx",
    "podium",
    "uv",
)
INSTALLS = {"uv tool install '.[python]'", "pipx install '.[python]'"}
BY_THE_TESTS_THEMSELVES = {"make demo", "make test"}
EXTENSION = "code --install-extension dist/podium.vsix"

pytestmark = pytest.mark.timeout(900)


def command_lines() -> set[str]:
    """Return every line of a shell block, and every piece of code that begins with a program."""
    found: set[str] = set()
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        for block in re.findall(r"^[ ]*```sh\n(.*?)^[ ]*```$", text, re.MULTILINE | re.DOTALL):
            found |= {it.strip() for it in block.splitlines()}
        prose = re.sub(r"^[ ]*```.*?^[ ]*```$", "", text, flags=re.MULTILINE | re.DOTALL)
        found |= {it for it in re.findall(r"`([^`\n]+)`", prose) if it.split()[0] in PROGRAMS}
    lines = {
        line for it in found for line in re.split(r"\s+# or: |\s+# ", it)[: 1 + ("# or" in it)]
    }
    return {it for it in lines if it and " " in it}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is committed or about to be, in the folder that the READMEs speak of."""
    place = tmp_path_factory.mktemp("home") / "src" / "podium"
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, names):
        source = ROOT / os.fsdecode(name)
        if source.is_file():
            target = place / os.fsdecode(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return place


@pytest.fixture(scope="module")
def env(checkout: Path) -> dict[str, str]:
    """The environment of somebody who has just installed git, make, Python, Node and uv."""
    home = checkout.parents[1]
    kept = {it: os.environ[it] for it in ("UV_CACHE_DIR", "SSL_CERT_FILE") if it in os.environ}
    cache = Path.home() / ".cache"
    return {
        "HOME": str(home),
        "PATH": f"{home}/.local/bin:{home}/uv:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "UV_CACHE_DIR": str(cache / "uv"),
        "NPM_CONFIG_CACHE": str(Path.home() / ".npm"),
        **kept,
    }


@pytest.fixture(scope="module")
def installed(checkout: Path, env: dict[str, str]) -> Path:
    """The executable, installed as the READMEs say."""
    uv = shutil.which("uv")
    assert uv is not None, "uv is one of the tools of development"
    run(f"{shlex.quote(uv)} tool install --quiet '.[python]'", checkout, env)
    return checkout.parents[1] / ".local/bin/podium"


def run(line: str, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        ("/bin/sh", "-c", line), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_command_line_is_one_that_is_tried_here() -> None:
    known = (*INSTALLS, *BY_THE_TESTS_THEMSELVES, EXTENSION, "make vsix")
    others = {it for it in command_lines() - set(known) if not it.startswith("podium ")}
    settings = {it for it in others if it.startswith(("export ", "mkdir -p ~/", "ln -s ~/"))}
    assert others == settings
    assert {*known} <= command_lines()


def test_podium_is_installed_as_the_readmes_say(installed: Path, env: dict[str, str]) -> None:
    assert run("podium --version", installed.parent, env).startswith("podium ")
    beside = (installed.resolve().parent / name for name in ("ruff", "ty"))
    assert all(it.exists() for it in beside), "the extra brings the language servers for Python"


def test_each_podium_command_of_the_readmes_exists(installed: Path, env: dict[str, str]) -> None:
    lines = {it for it in command_lines() if it.startswith("podium ")}
    for line in sorted(lines):
        command = line.split()[1]
        said = run(f"podium {command} --help", installed.parent, env)
        options = re.findall(r"(?<=\s)--[a-z]+", line)
        assert all(it in said for it in options), line


def test_the_extension_that_make_builds_is_the_one_to_install(
    checkout: Path, env: dict[str, str]
) -> None:
    if shutil.which("npm", path=env["PATH"]) is None:
        message = "npm is missing: make vsix asks for Node 20 with npm"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    run("make vsix", checkout, env)
    package = checkout / EXTENSION.rsplit(maxsplit=1)[-1]
    assert package.read_bytes().startswith(b"PK")
    assert [it.name for it in checkout.rglob("*.vsix") if "node_modules" not in it.parts] == [
        package.name
    ]


def test_the_lines_for_neovim_make_the_plugin_a_package(
    checkout: Path, env: dict[str, str]
) -> None:
    for line in sorted(command_lines(), reverse=True):  # The directory, then the link in it.
        if line.startswith(("mkdir -p ~/", "ln -s ~/")):
            run(line, checkout, env)
    package = checkout.parents[1] / ".local/share/nvim/site/pack/podium/start/podium"
    assert (package / "plugin" / "podium.lua").is_file()


@pytest.mark.parametrize("target", sorted(BY_THE_TESTS_THEMSELVES))
def test_the_targets_that_lead_the_readme_exist(
    target: str, checkout: Path, env: dict[str, str]
) -> None:
    assert run(f"{target} --dry-run", checkout, env)
