"""How long servers live, and that none is left over."""

import asyncio
from pathlib import Path

import pytest

from languages.plain_servers import PATIENCE, Launcher, ServersOf, scripted
from podium.configuration import LanguageSettings
from podium.languages import LanguageServers
from podium.languages.servers import MAX_SESSIONS


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("BAD 1\n")
    return tmp_path


async def test_a_server_that_nobody_asks_is_ended(tree: Path, launcher: Launcher) -> None:
    python = LanguageSettings(extensions=(".py",), servers=(scripted("publishes"),))
    servers = LanguageServers({"python": python}, launcher, patience=PATIENCE, idle_s=0.05)
    await servers.diagnose(tree, ["a.py"])
    assert await asyncio.wait_for(launcher.started[0].wait(), 10) == 0, "it was asked to leave"
    assert (await servers.diagnose(tree, ["a.py"])).diagnostics, "another one is started"
    await servers.aclose()
    assert len(launcher.started) == 2


async def test_a_fresh_answer_comes_from_a_process_of_its_own(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    servers = servers_of(scripted("publishes"))
    await servers.diagnose(tree, ["a.py"])
    diagnosis = await servers.diagnose_afresh(tree, ["a.py"])
    assert len(diagnosis.diagnostics) == 1
    assert len(launcher.started) == 2
    for process in launcher.started:
        await asyncio.wait_for(process.wait(), 10)


async def test_questions_at_the_same_time_share_one_server(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    (tree / "b.py").write_text("BAD 2\n")
    servers = servers_of(scripted("publishes"))
    answers = await asyncio.gather(
        *(servers.diagnose(tree, [path]) for path in ("a.py", "b.py", "a.py"))
    )
    assert [[it.message for it in one.diagnostics] for one in answers] == [
        ["BAD 1"],
        ["BAD 2"],
        ["BAD 1"],
    ]
    assert len(launcher.started) == 1


async def test_a_cancelled_question_leaves_no_half_told_server(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    servers = servers_of(scripted("is silent"))
    asking = asyncio.create_task(servers.diagnose(tree, ["a.py"]))
    await asyncio.wait_for(launcher.has_started.wait(), 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.wait_for(launcher.started[0].wait(), 10)


async def test_the_servers_of_many_trees_do_not_pile_up(
    tmp_path: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    servers = servers_of(scripted("asks questions"))
    for number in range(MAX_SESSIONS + 2):
        tree = tmp_path / str(number)
        tree.mkdir()
        (tree / "a.py").write_text("BAD\n")
        await servers.diagnose(tree, ["a.py"])
    for process in launcher.started[:2]:
        await asyncio.wait_for(process.wait(), 10)
    assert len(launcher.started) == MAX_SESSIONS + 2


async def test_only_files_of_its_extensions_go_to_a_server(
    tree: Path, servers_of: ServersOf, launcher: Launcher
) -> None:
    (tree / "notes.txt").write_text("BAD\n")
    servers = servers_of(scripted("dies at once"))
    diagnosis = await servers.diagnose(tree, ["notes.txt"])
    assert (diagnosis.diagnostics, diagnosis.unknown, launcher.started) == ((), (), [])
    assert [servers.judges(it) for it in ("a.py", "notes.txt")] == [True, False]


async def test_a_file_without_a_server_is_parsed(tree: Path, servers_of: ServersOf) -> None:
    (tree / "a.py").write_text("def f(:\n    pass\n")
    diagnosis = await servers_of().diagnose(tree, ["a.py"])
    assert [(it.source, it.line) for it in diagnosis.diagnostics] == [("tree-sitter", 1)]
