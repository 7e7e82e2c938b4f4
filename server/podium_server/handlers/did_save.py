"""``textDocument/didSave``."""

from lsprotocol import types

from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DidSaveTextDocumentParams) -> None:  # noqa: ARG001  # LSP's.
    """Look at the disk again: a file that a plan names may exist now."""
    if ls.session.reader is not None:
        ls.session.reader.forget()
    ls.session.publisher.touch(ls.session.documents)
