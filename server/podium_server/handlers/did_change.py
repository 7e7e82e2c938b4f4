"""``textDocument/didChange``."""

from lsprotocol import types

from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DidChangeTextDocumentParams) -> None:
    """Take the document's next version."""
    session = ls.session
    document = session.documents.get(params.text_document.uri)
    if document is not None:
        version = params.text_document.version
        session.open(document.changed(params.content_changes, version, session.client.encoding))
