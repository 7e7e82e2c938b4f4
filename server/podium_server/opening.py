"""Showing a file in the editor."""

import os
import re
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from podium.errors import UserError
from podium.workspace.state import state_directory
from podium_server.session import EditorSession


async def show_file(session: EditorSession, path: Path) -> None:
    """Open ``path``; a client that cannot is told where it is."""
    if session.client.shows_documents:
        params = types.ShowDocumentParams(path.as_uri(), take_focus=True)
        try:
            result = await session.ls.window_show_document_async(params)
        except JsonRpcException:
            pass
        else:
            if result.success:
                return
    session.say(types.MessageType.Info, f"see {path}")


def write_shown(session: EditorSession, name: str, text: str) -> Path:
    """Write a file that only its owner can read, outside of the repository; return its path.

    Raises:
        UserError: It cannot be written.
    """
    if session.root is None:
        message = "open a file of a Git repository first"
        raise UserError(message)
    folder = state_directory(session.root) / "shown"
    path = folder / re.sub(r"[^A-Za-z0-9._-]", "_", name)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(
            os.open(path, flags, 0o600), "w", encoding="utf-8", errors="replace"
        ) as file:
            file.write(text)
    except OSError as error:
        message = f"cannot write {str(path)!r}: {error.strerror}; make room or make it writable"
        raise UserError(message) from None
    return path
