"""``textDocument/codeLens``."""

from lsprotocol import types

from podium_server.analysis.lenses import lenses
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Show what can be done with a plan and its tasks, and who works on a file."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return []
    return ls.session.wire(params.text_document.uri).lenses(lenses(snapshot))
