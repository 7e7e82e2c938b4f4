"""``textDocument/hover``."""

from lsprotocol import types

from podium_server.analysis.hover import hover
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.HoverParams) -> types.Hover | None:
    """Tell all about the task, question or finding of a line."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    found = hover(snapshot, params.position.line)
    return ls.session.wire(params.text_document.uri).hover(found) if found else None
