"""``textDocument/hover``."""

from lsprotocol import types

from podium_server.analysis.hover import hover
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.HoverParams) -> types.Hover | None:
    """Tell all about the task, question or finding of a line."""
    snapshot, reader = ls.session.snapshot(params.text_document.uri), ls.session.reader
    if snapshot is None or reader is None:
        return None
    wire = ls.session.wire(params.text_document.uri)
    found = hover(snapshot, *wire.point(params.position), reader.text)
    return wire.hover(found) if found else None
