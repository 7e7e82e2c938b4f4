"""``textDocument/documentLink``."""

from lsprotocol import types

from podium_server.analysis.navigation import links
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Make the files that a plan names clickable."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return []
    wire = ls.session.wire(params.text_document.uri)
    return [made for it in links(snapshot) if (made := wire.link(it)) is not None]
