"""``textDocument/definition``."""

from lsprotocol import types

from podium_server.analysis.navigation import definition
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.DefinitionParams) -> types.Location | None:
    """Lead from an id or a file reference to what it stands for."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    wire = ls.session.wire(params.text_document.uri)
    found = definition(snapshot, *wire.point(params.position))
    return wire.location(found) if found else None
