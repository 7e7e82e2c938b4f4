"""What the editors' manifests list is what the language server offers."""

import json
import re
from pathlib import Path

from podium_server.command_names import COMMANDS

EDITORS = Path(__file__).parents[2] / "editors"
HERE = {"findings", "lenses", "status"}
"""What Neovim does by itself."""


def test_vscode_lists_every_command() -> None:
    manifest = json.loads((EDITORS / "vscode/package.json").read_text("utf-8"))
    listed = [it["command"] for it in manifest["contributes"]["commands"]]
    assert sorted(listed) == sorted(COMMANDS)


def test_neovim_has_a_subcommand_for_every_command() -> None:
    lua = EDITORS / "neovim/lua/podium"
    text = (lua / "commands.lua").read_text("utf-8")
    subcommands = dict(re.findall(r"^  (\w+) = \{ command = '([\w.]+)'", text, re.MULTILINE))
    assert set(subcommands.values()) == set(COMMANDS)
    names = re.findall(r"^  '(\w+)',$", (lua / "names.lua").read_text("utf-8"), re.MULTILINE)
    assert names == sorted(subcommands.keys() | HERE)
    described = (EDITORS / "neovim/doc/podium.txt").read_text("utf-8")
    assert set(re.findall(r"^:Podium (\w+)", described, re.MULTILINE)) >= set(names)
