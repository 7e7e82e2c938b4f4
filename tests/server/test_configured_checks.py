"""The editor checks plans against the configuration that the engine goes by, as it is now."""

from pathlib import Path

import pytest
from lsp_editor import LspEditor, editor, until
from pytest_lsp import client_capabilities
from walking import PLAN, podium, until_offered

from engine import engine_process
from podium.settings.trust import distrust, trust
from podium_server.board import BoardMirror
from podium_server.files import Files
from podium_server.reading import Reader
from podium_server.snapshot import PlanSnapshot

TEXT = engine_process.PLAN.replace("category: quick", "category: thorough")
OWN = '[categories]\nthorough = ["openai/gpt-scripted"]\n'


@pytest.fixture
def configuration(root: Path) -> Path:
    """The workspace's own file, with a category of its own."""
    file = root / ".podium/config.toml"
    file.write_text(OWN)
    return file


def save(file: Path, text: str) -> None:
    file.write_text(text)


def is_unknown(it: LspEditor) -> bool:
    return "unknown-category" in it.codes(PLAN)


@pytest.mark.usefixtures("engine")
async def test_a_category_of_the_workspace_is_known_as_long_as_it_is_trusted_and_there(
    root: Path, configuration: Path, env: dict[str, str]
) -> None:
    async with editor(root, client_capabilities("visual_studio_code"), env) as it:
        it.open(PLAN, TEXT)
        await until(lambda: is_unknown(it))
        assert "Approve" not in await it.lenses(PLAN)
        await podium(root, env, "trust", "--yes")
        await until(lambda: not is_unknown(it))
        save(configuration, "")
        await until(lambda: is_unknown(it))
        save(configuration, OWN)
        await until(lambda: not is_unknown(it))
        await podium(root, env, "trust", "--revoke")
        await until(lambda: is_unknown(it))
        await podium(root, env, "trust", "--yes")
        await until(lambda: not is_unknown(it))
        await it.do(await until_offered(it, "Approve"))
        await until(lambda: "awaiting-merge" in it.codes(PLAN))


def test_what_was_checked_a_moment_ago_is_checked_again_when_the_configuration_changes(
    root: Path, configuration: Path, monkeypatch: pytest.MonkeyPatch, env: dict[str, str]
) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, env[name])
    files = Files(root)
    reader = Reader(files, BoardMirror())
    (root / PLAN).write_text(TEXT)

    def unknown() -> bool:
        reader.check_configuration()
        snapshot = reader.snapshot(PLAN, (root / PLAN).as_uri())
        assert isinstance(snapshot, PlanSnapshot)
        is_unknown = "unknown-category" in [it.code for it in snapshot.problems]
        assert ("thorough" in files.categories) is not is_unknown, "what is known is proposed"
        return is_unknown

    assert unknown()
    trust(root)
    assert not unknown()
    save(configuration, "")
    assert unknown()
    save(configuration, "[categories")
    assert unknown(), "the defaults count while the file is broken, as for the engine"
    save(configuration, OWN)
    assert not unknown()
    distrust(root)
    assert unknown()
