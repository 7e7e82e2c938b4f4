"""``podium lsp`` over real pipes, without an engine: its state directory cannot be made."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsp_editor import editor, until
from lsprotocol import types
from pytest_lsp import client_capabilities
from sample_plan import PLAN

from podium.demo.editor import COMMAND
from podium_server.transport import MAX_HEADERS, FrameError, read_frame

PLAN_PATH = ".podium/plans/slug.md"
CLIENTS = ["neovim@v0.11.0", "visual_studio_code", "emacs"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which no engine can be started."""
    (tmp_path / "occupied").write_text("")
    return dict(os.environ) | {"XDG_STATE_HOME": str(tmp_path / "occupied"), "HOME": str(tmp_path)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one plan."""
    root = tmp_path / "a project\nof ours"
    (root / ".podium/plans").mkdir(parents=True)
    (root / "src").mkdir()
    (root / "src/app.py").write_text("one\ntwo\nthree\nfour\n")
    (root / "docs").mkdir()
    (root / "docs/guide.md").write_text("one\ntwo\nthree\n")
    (root / PLAN_PATH).write_text(PLAN)
    return root


async def test_of_several_folders_one_with_podium_is_served_and_another_is_named(
    root: Path, tmp_path: Path, env: dict[str, str]
) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    (other / ".podium/plans").mkdir(parents=True)
    capabilities = client_capabilities("visual_studio_code")
    async with editor(root, capabilities, env, folders=(plain, root, other)) as it:
        it.open(PLAN_PATH, PLAN)
        await until(lambda: it.codes(PLAN_PATH) == ["open-question"])
        it.open(str(other / ".podium/plans/theirs.md"), PLAN)
        it.type(PLAN_PATH, "category: quick", "category: quik")
        await until(lambda: "unknown-category" in it.codes(PLAN_PATH))
        named = [message for message in it.messages if "'other'" in message]
        assert len(named) == 1
        assert named[0].endswith("open that folder in a window of its own")


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_plan_is_checked_live_without_an_engine(
    name: str, root: Path, env: dict[str, str]
) -> None:
    async with editor(root, client_capabilities(name), env) as it:
        it.open(PLAN_PATH, PLAN)
        await until(lambda: it.codes(PLAN_PATH) == ["open-question"])
        line = PLAN.split("\n").index("  - category: quick")
        where = types.Range(types.Position(line, 14), types.Position(line, 19))
        it.type(PLAN_PATH, "category: quick", "category: quik")
        await until(lambda: it.codes(PLAN_PATH) == ["open-question", "unknown-category"])
        actions = await it.client.text_document_code_action_async(
            types.CodeActionParams(it.document(PLAN_PATH), where, types.CodeActionContext([]))
        )
        fix = next(it for it in actions or () if it.title == "Change to 'quick'")
        assert isinstance(fix, types.CodeAction)
        if fix.edit is None:
            fix = await it.client.code_action_resolve_async(fix)
        assert fix.edit is not None
        strange: list[types.LSPAny] = [None, "text", {"uri": it.uri(PLAN_PATH)}, {"line": "1"}]
        for data in strange:
            other = types.CodeAction("Approve", data=data)
            assert await it.client.code_action_resolve_async(other) == other
        await until(lambda: it.messages)
        assert len(it.messages) == 1, "that there is no engine is said once"
        assert "XDG_STATE_HOME" in it.messages[0]


async def test_everything_a_plan_offers_comes_over_the_wire(
    root: Path, env: dict[str, str]
) -> None:
    async with editor(root, client_capabilities("neovim@v0.11.0"), env) as it:
        it.open(PLAN_PATH, PLAN)
        document = it.document(PLAN_PATH)
        at = types.Position(PLAN[: PLAN.index("Q1")].count("\n"), 4)
        whole = types.Range(types.Position(0, 0), types.Position(99, 0))
        symbols = await it.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        )
        assert symbols is not None
        assert [symbol.name for symbol in symbols][-1] == "Tasks"
        hover = await it.client.text_document_hover_async(types.HoverParams(document, at))
        assert hover is not None
        links = await it.client.text_document_document_link_async(
            types.DocumentLinkParams(document)
        )
        assert next(link.target for link in links or ()) == f"{it.uri('src/app.py')}#L2"
        hints = await it.client.text_document_inlay_hint_async(
            types.InlayHintParams(document, whole)
        )
        assert not hints
        lenses = await it.client.text_document_code_lens_async(types.CodeLensParams(document))
        assert not lenses
        line = PLAN[: PLAN.index("  - after: T1")].count("\n")
        definition = await it.client.text_document_definition_async(
            types.DefinitionParams(document, types.Position(line, 11))
        )
        assert isinstance(definition, types.Location)
        assert definition.range.start.line == PLAN[: PLAN.index("- [ ] T1")].count("\n")
        completion = await it.client.text_document_completion_async(
            types.CompletionParams(document, types.Position(line, 11))
        )
        assert isinstance(completion, list | tuple)
        assert [proposal.label for proposal in completion] == ["T1"]


async def test_a_client_that_pulls_is_not_pushed_the_same_diagnostics(
    root: Path, env: dict[str, str]
) -> None:
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.text_document is not None
    assert capabilities.workspace is not None
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
    capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(
        refresh_support=True
    )
    async with editor(root, capabilities, env) as it:
        it.open(PLAN_PATH, PLAN)
        report = await it.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(it.document(PLAN_PATH))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [found.code for found in report.items] == ["open-question"]
        await until(lambda: it.messages)
        assert it.codes(PLAN_PATH) == []


async def test_positions_are_in_the_clients_favourite_encoding(
    root: Path, env: dict[str, str]
) -> None:
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.general is not None
    text = PLAN.replace("- Q1: which", "- Q1: \u20ac\U0001f600 which")
    for encoding, units in (("utf-8", 7), ("utf-16", 3)):
        capabilities.general.position_encodings = [encoding]
        async with editor(root, capabilities, env) as it:
            it.open(PLAN_PATH, text)
            await until(lambda: it.codes(PLAN_PATH))  # Awaited at once.
            found = it.diagnostics[it.uri(PLAN_PATH)][0].range
            assert found.end.character - found.start.character == units + len(" which alphabet?")


async def test_a_command_says_that_no_engine_can_be_started(
    root: Path, env: dict[str, str]
) -> None:
    async with editor(root, client_capabilities("emacs"), env) as it:
        await it.run("podium.start")
        # Twice if it had been tried, and told, before the command came to the server.
        assert len(it.messages) in {1, 2}
        assert all("XDG_STATE_HOME" in message for message in it.messages)
        await it.run("podium.unheardOf")
        assert "no command" in it.messages[-1]


def framed(message: Any) -> bytes:  # noqa: ANN401  # JSON.
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}
SHUTDOWN = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
EXIT = {"jsonrpc": "2.0", "method": "exit"}


def served(*sent: bytes) -> tuple[int, str]:
    """Return the exit status and the answers of a server that is sent ``sent`` and then nothing."""
    done = subprocess.run(
        COMMAND, check=False, input=b"".join(sent), capture_output=True, timeout=60
    )
    return done.returncode, done.stdout.decode()


def test_leaving_politely_is_a_success_and_hanging_up_is_not() -> None:
    assert served(framed(INITIALIZE), framed(SHUTDOWN), framed(EXIT))[0] == 0
    assert served(framed(INITIALIZE), framed(EXIT))[0] == 1
    assert served(framed(INITIALIZE))[0] == 1


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"Content-Length: 1000000000000000000\r\n\r\n", id="huge"),
        pytest.param(b"Content-Length: 99999999999\r\n\r\n", id="large"),
        pytest.param(b"Content-Length: many\r\n\r\n{}", id="no number"),
        pytest.param(b"Content-Length: -1\r\n\r\n{}", id="negative"),
        pytest.param(b"Hello: world\r\n\r\n", id="no length"),
        pytest.param(b"x" * 100_000, id="no headers"),
    ],
)
async def test_what_is_not_lsp_is_not_read(sent: bytes) -> None:
    reader = asyncio.StreamReader(limit=MAX_HEADERS)
    reader.feed_data(b"Content-Length: 2\r\nContent-Type: x\r\n\r\n{}")
    reader.feed_data(sent)
    assert await read_frame(reader) == b"{}"
    with pytest.raises(FrameError):
        await read_frame(reader)


def test_what_is_not_lsp_ends_the_connection_with_a_reason() -> None:
    status, answers = served(framed(INITIALIZE), b"Content-Length: 1000000000000000000\r\n\r\n")
    assert status == 1
    assert '"code": -32700' in answers


def test_messages_that_make_no_sense_are_answered_and_the_next_one_is_read() -> None:
    wrong = {"jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": {"x": 1}}
    status, answers = served(
        framed(INITIALIZE),
        b"Content-Length: 1\r\n\r\n{",
        b"Content-Length: 2\r\n\r\n[]",
        b"content-length:  100001\r\n\r\n" + b"[" * 100_001,
        framed(wrong),
        framed({"jsonrpc": "2.0", "id": 8, "method": "no/such"}),
        framed(SHUTDOWN),
        framed(EXIT),
    )
    assert status == 0
    codes = [int(it) for it in re.findall(r'"code": (-[0-9]+)', answers)]
    assert codes == [-32700, -32600, -32700, -32602, -32601]


def test_what_prints_by_mistake_is_not_on_the_wire(tmp_path: Path) -> None:
    noise = "import atexit, os; atexit.register(os.write, 1, b'noise')"
    (tmp_path / "sitecustomize.py").write_text(noise)
    done = subprocess.run(
        COMMAND,
        check=True,
        input=framed(INITIALIZE) + framed(SHUTDOWN) + framed(EXIT),
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    assert b"noise" in done.stderr
    assert b"noise" not in done.stdout


def test_a_file_is_no_editor(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert b"an editor starts this command" in done.stderr


async def test_the_server_leaves_when_its_editor_is_gone_though_the_pipe_stays_open() -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=-1)
    params = {**INITIALIZE["params"], "processId": gone.pid}
    server = await asyncio.create_subprocess_exec(*COMMAND, stdin=-1, stdout=-1, stderr=-1)
    assert server.stdin is not None
    server.stdin.write(framed({**INITIALIZE, "params": params}))
    server.stdin.write(framed({"jsonrpc": "2.0", "method": "initialized", "params": {}}))
    assert server.stdout is not None
    await server.stdout.readuntil(b"\r\n\r\n")
    gone.kill()
    await gone.wait()
    async with asyncio.timeout(60):
        await server.wait()
    server.stdin.close()
