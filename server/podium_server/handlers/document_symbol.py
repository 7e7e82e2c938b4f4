"""``textDocument/documentSymbol``."""

from lsprotocol import types

from podium_server.analysis.symbols import symbols
from podium_server.server import PodiumServer


def handle(
    ls: PodiumServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """Return a plan's outline."""
    snapshot = ls.session.snapshot(params.text_document.uri)
    if snapshot is None:
        return []
    wire = ls.session.wire(params.text_document.uri)
    found = symbols(snapshot)
    if ls.client.nests_symbols:
        return [wire.symbol(it) for it in found]
    return wire.flat_symbols(found)
