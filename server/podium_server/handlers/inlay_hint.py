"""``textDocument/inlayHint``."""

from lsprotocol import types

from podium_server.analysis.hints import hints
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Show each task's state, cost and model behind it."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return []
    wire = ls.session.wire(params.text_document.uri)
    found = hints(snapshot, params.range.start.line, params.range.end.line)
    return [wire.hint(it) for it in found]
