"""``textDocument/didClose``."""

from lsprotocol import types

from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document; from now on the disk has its text."""
    ls.session.shut(params.text_document.uri)
