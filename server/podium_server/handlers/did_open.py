"""``textDocument/didOpen``."""

from lsprotocol import types

from podium_server.documents import TextDocument
from podium_server.paths import path_of
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DidOpenTextDocumentParams) -> None:
    """Take the document's first version."""
    it = params.text_document
    ls.session.open(TextDocument(it.uri, path_of(it.uri), it.version, it.text))
