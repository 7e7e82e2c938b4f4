"""What ``podium lsp`` imports: little before it answers ``initialize``, and some things never."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sample_plan import PLAN

LATER = {
    "pydantic",
    "podium.domain.base",
    "podium.document",
    "podium.protocol",
    "podium.settings",
    "markdown_it",
}
NEVER = {"litellm", "openai", "sqlite3", "tree_sitter", "sandlock", "keyring", "httpx", "aiohttp"}
_IMPORTED = re.compile(r"^import time:.*\| +([\w.]+)$", re.MULTILINE)


def imported(workspace: Path, *messages: dict[str, Any]) -> set[str]:
    """Return the packages, and what is one and two below, that a server imported for messages."""
    (workspace / "occupied").touch()  # Where an engine would have its state: none can start.
    initialize: dict[str, Any] = {
        "id": 0,
        "method": "initialize",
        "params": {"processId": None, "rootUri": workspace.as_uri(), "capabilities": {}},
    }
    bodies = [
        json.dumps({"jsonrpc": "2.0", **it}).encode()
        for it in (initialize, *messages, {"id": 9, "method": "shutdown"}, {"method": "exit"})
    ]
    done = subprocess.run(
        (sys.executable, "-X", "importtime", "-m", "podium", "lsp"),
        check=True,
        input=b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(it), it) for it in bodies),
        capture_output=True,
        timeout=60,
        env=os.environ | {"XDG_STATE_HOME": str(workspace / "occupied")},
    )
    assert done.stdout.count(b'"result"') == 2 + sum("id" in it for it in messages)
    parts = [name.split(".") for name in _IMPORTED.findall(done.stderr.decode())]
    return {".".join(it[:n]) for it in parts for n in (1, 2, 3)}


@pytest.mark.imports
def test_initialize_is_answered_before_plans_can_be_read(tmp_path: Path) -> None:
    found = imported(tmp_path)
    assert "podium_server" in found
    assert found & (LATER | NEVER) == set()


@pytest.mark.imports
def test_a_plan_is_read_without_models_databases_and_grammars(tmp_path: Path) -> None:
    uri = (tmp_path / ".podium/plans/slug.md").as_uri()
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": PLAN}
    found = imported(
        tmp_path,
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": item}},
        {
            "id": 1,
            "method": "textDocument/documentSymbol",
            "params": {"textDocument": {"uri": uri}},
        },
    )
    assert found >= {"podium.document", "markdown_it"}
    assert found & NEVER == set()
