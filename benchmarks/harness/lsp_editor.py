"""The least that is an editor: a client that reads messages would be measured with them."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


class BareEditor:
    """Sends to a real `podium lsp` over its pipes, and reads diagnostics."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101  # PIPE.
        assert process.stdout is not None  # noqa: S101  # PIPE.
        self._in, self._out = process.stdin, process.stdout

    def send(self, method: str, params: Mapping[str, Any], number: int | None = None) -> None:
        """Send a request, or a notification if it has no number."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else message | {"id": number}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def open(self, path: Path, text: str) -> None:
        """Show a plan."""
        document = {"uri": path.as_uri(), "languageId": "markdown", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})

    async def diagnostics(self) -> bytes:
        """Return the next message with diagnostics."""
        while True:
            headers = await self._out.readuntil(b"\r\n\r\n")
            body = await self._out.readexactly(int(headers.split(b"\r\n")[0].split(b":")[1]))
            if b"publishDiagnostics" in body:
                return body


@asynccontextmanager
async def editing(root: Path) -> AsyncGenerator[BareEditor]:
    """Start a language server on ``root``; it ends with the block."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "podium", "lsp"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        editor = BareEditor(server)
        asked: dict[str, Any] = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}}
        editor.send("initialize", asked, 1)
        editor.send("initialized", {})
        yield editor
    finally:
        server.kill()
        await server.wait()
