"""``textDocument/completion``."""

from lsprotocol import types

from podium_server.analysis.completion import completion
from podium_server.server import PodiumServer


def handle(ls: PodiumServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Propose ids, categories, files, fields and sections."""
    snapshot, files = ls.session.snapshot(params.text_document.uri), ls.session.files
    if snapshot is None or files is None:
        return []
    wire = ls.session.wire(params.text_document.uri)
    line, column = wire.point(params.position)
    return [wire.completion(it) for it in completion(snapshot, line, column, files)]
