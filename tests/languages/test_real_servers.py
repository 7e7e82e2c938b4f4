"""Real servers, opened on real files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from languages.plain_servers import Launcher, ServersOf, scripted
from podium.configuration import Configuration, LanguageSettings, SandboxSettings
from podium.languages import Diagnosis, LanguageServers, sandboxed
from podium.sandbox.finder import find_sandbox
from podium.sandbox.port import Spawned

RUFF = ("ruff", "server")
TY = ("ty", "server")
BASEDPYRIGHT = ("basedpyright-langserver", "--stdio")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    package = tmp_path / "a package"
    package.mkdir()
    (package / "used.py").write_text("def half(x: int) -> float:\n    return x / 2\n")
    (package / "user.py").write_text("from used import half\n\nhalf('2')\nprint(nobody)\n")
    return tmp_path / "a package"


def errors(diagnosis: Diagnosis) -> list[tuple[str, str, int, str]]:
    assert diagnosis.unknown == ()
    return [(it.source, it.path, it.line, it.code) for it in diagnosis.diagnostics if it.is_error]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (RUFF, [("Ruff", "user.py", 4, "F821")]),
        (
            TY,
            [
                ("ty", "user.py", 3, "invalid-argument-type"),
                ("ty", "user.py", 4, "unresolved-reference"),
            ],
        ),
        (
            BASEDPYRIGHT,
            [
                ("basedpyright", "user.py", 3, "reportArgumentType"),
                ("basedpyright", "user.py", 4, "reportUndefinedVariable"),
            ],
        ),
    ],
    ids=["ruff", "ty", "basedpyright"],
)
async def test_errors_are_found_on_their_lines(
    command: tuple[str, ...],
    expected: list[tuple[str, str, int, str]],
    tree: Path,
    servers_of: ServersOf,
) -> None:
    diagnosis = await servers_of(command).diagnose(tree, ["used.py", "user.py"])
    assert errors(diagnosis) == expected


@pytest.mark.parametrize("command", [TY, BASEDPYRIGHT], ids=["ty", "basedpyright"])
async def test_an_edit_of_another_file_is_seen(
    command: tuple[str, ...], tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    servers = servers_of(command)
    (tree / "user.py").write_text("from used import half\n\nprint(half(2))\n")
    assert errors(await servers.diagnose(tree, ["user.py"])) == []
    (tree / "used.py").write_text("def half(x: str) -> str:\n    return x\n")  # Never opened.
    assert [it[2] for it in errors(await servers.diagnose(tree, ["user.py"]))] == [3]
    (tree / "used.py").unlink()
    assert [it[2] for it in errors(await servers.diagnose(tree, ["user.py"]))] == [1]
    (tree / "used.py").write_text("def half(x: int) -> int:\n    return x\n")
    assert errors(await servers.diagnose(tree, ["user.py"])) == []
    assert len(launcher.started) == 1, "the server stays between questions"


async def test_both_default_servers_answer_from_inside_the_sandbox(tree: Path) -> None:
    configuration = Configuration()
    settings = SandboxSettings()
    launch = sandboxed(find_sandbox(settings), tree.parent, settings)
    servers = LanguageServers(configuration.languages, launch)
    try:
        found = errors(await servers.diagnose(tree, ["user.py"]))
        (tree / "user.py").write_text("x: int = 'text'\n")
        found_later = errors(await servers.diagnose(tree, ["user.py"]))
    finally:
        await servers.aclose()
    assert [(source, line) for source, _, line, _ in found] == [("ty", 3), ("Ruff", 4), ("ty", 4)]
    assert [(source, line) for source, _, line, _ in found_later] == [("ty", 1)]


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("dies when asked", "it ended twice: its output ended; exit status 3: the last words"),
        ("writes noise", "its output is not LSP"),
        ("announces too much", "it announced a message of 1,000,000,000,000 bytes"),
    ],
)
async def test_a_misbehaving_server_in_the_sandbox_is_ended(
    behaviour: str, reason: str, tree: Path
) -> None:
    settings = SandboxSettings(readable=(str(Path(__file__).parent),))
    launch = sandboxed(find_sandbox(settings), tree.parent, settings)
    started: list[Spawned] = []

    async def launch_and_note(argv: Sequence[str], tree: Path) -> Spawned:
        started.append(await launch(argv, tree))
        return started[-1]

    python = LanguageSettings(extensions=(".py",), servers=(scripted(behaviour),))
    servers = LanguageServers({"python": python}, launch_and_note)
    [unknown] = (await servers.diagnose(tree, ["user.py"])).unknown
    assert unknown.endswith(reason)
    for process in started:
        await asyncio.wait_for(process.wait(), 5)
    await servers.aclose()


async def test_a_missing_server_is_unknown_and_says_what_to_do(tree: Path) -> None:
    settings = SandboxSettings()
    launch = sandboxed(find_sandbox(settings), tree.parent, settings)
    python = LanguageSettings(extensions=(".py",), servers=(("no-such-server", "--stdio"),))
    servers = LanguageServers({"python": python}, launch)
    diagnosis = await servers.diagnose(tree, ["user.py"])
    await servers.aclose()
    assert diagnosis.diagnostics == ()
    [reason] = diagnosis.unknown
    assert reason == (
        "no-such-server --stdio: 'no-such-server' was not found: install it where commands of "
        "the project find it, or set the `servers` of its language in the configuration"
    )


async def test_a_file_that_no_server_can_be_shown_is_unknown(
    tree: Path, servers_of: ServersOf
) -> None:
    (tree / "latin.py").write_bytes(b"x = '\xe9'\n")
    (tree / "link.py").symlink_to("/etc/passwd")
    diagnosis = await servers_of(RUFF).diagnose(
        tree, ["latin.py", "link.py", "gone.py", "../up.py"]
    )
    assert diagnosis.diagnostics == ()
    for said in ("'latin.py' is not", "'link.py' is or", "'gone.py' does not", "'../up.py' leaves"):
        assert [reason for reason in diagnosis.unknown if said in reason], said
